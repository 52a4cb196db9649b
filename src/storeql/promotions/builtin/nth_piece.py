"""N-th piece (第二件半价): the second piece of a set at half price, the third for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Annotated, Any, Literal

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    BASIS_POINTS,
    Basket,
    Ceiling,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Text,
    Texts,
    UnitLine,
    UnitPrice,
    UnitPrices,
    Units,
    round_half_up,
)
from storeql.promotions.rules.fields import entries, label, percent, whole

EXACT = 10**9
"""A ceiling is rounded up to this part: a sum of shares of odd prices has no end of digits."""
MOST_STEPS, LARGEST_SET, MOST_SETS = 9, 10, 1000


class NthPieceStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The n-th piece of a set costs so much less: 5000 basis points are half price."""

    nth: Annotated[int, whole("Piece", "第几件", least=2, most=LARGEST_SET)]
    percent_off_basis_points: Annotated[int, percent("Percent off", "优惠比例（%）")]


class NthPieceRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pieces go into sets dearest first, as many as the last step's; the cheaper ones are reduced.

    `together` says what may make a set: ANY goods in scope, or pieces of one PRODUCT. `most_sets`
    is how often (1: once), of each product where sets are made by product.
    """

    steps: Annotated[tuple[NthPieceStep, ...], entries("Steps", "优惠档位", most=MOST_STEPS)]
    together: Annotated[Literal["ANY", "PRODUCT"], label("Pieces of", "凑件方式")] = "ANY"
    most_sets: (
        Annotated[int, whole("Sets at most", "最多享受次数", least=1, most=MOST_SETS)] | None
    ) = None

    def __post_init__(self) -> None:
        for lower, higher in zip(self.steps, self.steps[1:], strict=False):
            if lower.nth >= higher.nth:
                raise ValueError("Each step is about a later piece than the one before")

    @property
    def pieces(self) -> int:
        """How many pieces make a set."""
        return self.steps[-1].nth


def propose(rule: NthPieceRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The n-th pieces of each set at their prices, rounded half up per piece."""
    heaps = _heaps(rule, units)
    least = rule.steps[0].nth
    found = max((sum(entry.quantity for entry in heap) for heap in heaps), default=0)
    if found < least:
        return Missed(condition="quantity", expected=least, found=found, shortfall=least - found)
    return UnitPrices(tuple(price for heap in heaps for price in _prices(rule, heap)))


def ceiling(rule: NthPieceRule, units: Units, basket: Basket) -> Ceiling:
    """No set saves a greater share of its pieces than one of equal pieces would at best.

    With prices that fall, the first m pieces of a set weigh most when they are all alike.
    """
    shares = dict.fromkeys(range(1, rule.pieces + 1), 0)
    listed = {entry.line.list_minor for entry in units.lines}
    for step in rule.steps:
        shares[step.nth] = max([_share(step, unit_minor) for unit_minor in listed], default=0)
    best = total = 0
    for count, share in shares.items():
        total += share
        best = max(best, -(-total // count))
    return Ceiling(
        rate_numerator=best,
        rate_denominator=EXACT,
        needs_quantity=rule.steps[0].nth,
    )


def _heaps(rule: NthPieceRule, units: Units) -> Sequence[Sequence[UnitLine]]:
    """What may go into sets with each other, dearest first."""
    heaps: dict[str, list[UnitLine]] = {}
    for entry in sorted(units.lines, key=attrgetter("line.list_minor"), reverse=True):
        key = entry.line.product_id if rule.together == "PRODUCT" else ""
        heaps.setdefault(key, []).append(entry)
    return list(heaps.values())


def _prices(rule: NthPieceRule, heap: Iterable[UnitLine]) -> Iterator[UnitPrice]:
    """The reduced pieces of each line, the pieces before it counted along."""
    before = 0
    for line, quantity, _ in heap:
        after = before + quantity
        for step in rule.steps:
            count = _passed(rule, step.nth, after) - _passed(rule, step.nth, before)
            if count:
                yield UnitPrice(line.id, count, _reduced(step, line.list_minor))
        before = after


def _passed(rule: NthPieceRule, nth: int, pieces: int) -> int:
    """How many n-th pieces are among the first pieces of a heap."""
    sets = (pieces - nth) // rule.pieces + 1
    return sets if rule.most_sets is None else min(sets, rule.most_sets)


def _reduced(step: NthPieceStep, unit_minor: int) -> int:
    return round_half_up(unit_minor * (BASIS_POINTS - step.percent_off_basis_points), BASIS_POINTS)


def _share(step: NthPieceStep, unit_minor: int) -> int:
    """The part of its price that a unit loses, rounding counted in; rounded up."""
    if not unit_minor:
        return 0
    return -(-(unit_minor - _reduced(step, unit_minor)) * EXACT // unit_minor)


NTH_PIECE = PromotionType(
    key="NTH_PIECE",
    lane=Lane.ITEM,
    Rule=NthPieceRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("N-th piece", "第N件优惠"),
        what=Text(
            "The second piece at half price, the third for nothing: later pieces of a set cost "
            "less.",
            "第二件半价、第三件免费等：同一组中后面的商品享受优惠，优惠给价格较低的商品。",
        ),
        when=Text(
            "To sell two where one was wanted: snacks, care, socks, whatever is used up.",
            "适合易耗、可囤的商品，带动顾客一次多买一件。",
        ),
        how=Text(
            "Enter which piece of a set costs how much less: 2 and 50 is half price for the "
            "second. Choose whether a set is made of any goods in scope or of one product, and "
            "how many sets of a cart count; left empty, all of them. Of a set the cheapest pieces "
            "are reduced.",
            "填写第几件优惠多少：填 2 和 50 即第二件半价。选择跨商品凑件还是同款凑件，"
            "并填写最多享受几次，留空则不限。每组中优惠价格较低的商品。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [NTH_PIECE]

"""N for a fixed price (M元N件): any three for 99, as often as it saves the buyer something."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from operator import attrgetter
from typing import Annotated, Any, NamedTuple

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Ceiling,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    SetPrice,
    SetPrices,
    Text,
    Texts,
    UnitLine,
    Units,
)
from storeql.promotions.rules.fields import amount, whole

LARGEST_SET, MOST_SETS = 100, 1000


class NForFixedPriceRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any `pieces` in scope together for `price_minor`, at most `most_sets` times in a cart.

    The dearest pieces go first; pieces that fill no set, or are cheaper as they are, keep their
    price.
    """

    pieces: Annotated[int, whole("Pieces", "件数", least=2, most=LARGEST_SET)]
    price_minor: Annotated[int, amount("Price together", "组合价", least=1)]
    most_sets: (
        Annotated[int, whole("Sets at most", "最多享受次数", least=1, most=MOST_SETS)] | None
    ) = None


def propose(rule: NForFixedPriceRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Every full set for its price, as long as that is less than the pieces cost."""
    if units.quantity < rule.pieces:
        return Missed(
            condition="quantity",
            expected=rule.pieces,
            found=units.quantity,
            shortfall=rule.pieces - units.quantity,
        )
    return SetPrices(tuple(_sets(rule, units)))


def ceiling(rule: NForFixedPriceRule, units: Units, basket: Basket) -> Ceiling:
    """No set saves a greater share of what it costs than the dearest one."""
    first = next(_dearest_first(rule, units), None)
    if first is None or first.listed_minor <= rule.price_minor:
        return Ceiling(rate_numerator=0)
    return Ceiling(
        rate_numerator=first.listed_minor - rule.price_minor,
        rate_denominator=first.listed_minor,
        needs_minor=rule.price_minor + 1,
        needs_quantity=rule.pieces,
    )


class _Set(NamedTuple):
    """So many `times` the same set; `units` of all of them, `listed_minor` what one costs."""

    times: int
    units: tuple[tuple[str, int], ...]
    listed_minor: int


def _sets(rule: NForFixedPriceRule, units: Units) -> Iterator[SetPrice]:
    left = rule.most_sets
    for found in _dearest_first(rule, units):
        times = found.times if left is None else min(left, found.times)
        if found.listed_minor <= rule.price_minor or not times:
            return
        taken = tuple((line_id, count * times // found.times) for line_id, count in found.units)
        yield SetPrice(taken, rule.price_minor * times)
        left = None if left is None else left - times


def _dearest_first(rule: NForFixedPriceRule, units: Units) -> Iterator[_Set]:
    """Full sets, dearest pieces first; equal sets of one line together, as many as it fills."""
    dearest = sorted(units.lines, key=attrgetter("line.list_minor"), reverse=True)
    queue = deque((entry, entry.quantity) for entry in dearest)
    while queue:
        entry, count = queue[0]
        times = count // rule.pieces
        if times:
            _keep(queue, count - times * rule.pieces)
            yield _Set(
                times, ((entry.line.id, times * rule.pieces),), entry.unit_minor * rule.pieces
            )
        elif (mixed := _mixed(rule.pieces, queue)) is not None:
            yield mixed
        else:
            return


def _mixed(pieces: int, queue: deque[tuple[UnitLine, int]]) -> _Set | None:
    """The next set, of several lines; None when there are not enough pieces left."""
    taken: list[tuple[str, int]] = []
    listed = 0
    while pieces and queue:
        entry, count = queue[0]
        part = min(pieces, count)
        _keep(queue, count - part)
        taken.append((entry.line.id, part))
        listed += entry.unit_minor * part
        pieces -= part
    return None if pieces else _Set(1, tuple(taken), listed)


def _keep(queue: deque[tuple[UnitLine, int]], count: int) -> None:
    """Leaves so many pieces of the first line in the queue."""
    entry, _ = queue.popleft()
    if count:
        queue.appendleft((entry, count))


N_FOR_FIXED_PRICE = PromotionType(
    key="N_FOR_FIXED_PRICE",
    lane=Lane.ITEM,
    Rule=NForFixedPriceRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("N for a fixed price", "M元N件"),
        what=Text(
            "Any three for 99: so many pieces of the shopper's choice for one price.",
            "任选N件一口价，例如 99 元任选 3 件。",
        ),
        when=Text(
            "To clear a range of similar prices, or to let shoppers mix flavours and colours.",
            "适合价格相近的一组商品：清仓、换季、口味或颜色任意搭配。",
        ),
        how=Text(
            "Choose the goods, then enter how many pieces cost how much together. Six pieces are "
            "two sets; what is left over, and what would be cheaper anyway, keeps its price. For "
            "two offers at once (3 for 99, 5 for 149) make two promotions: each cart gets the "
            "better mix.",
            "先选商品，再填写件数和组合价。买两倍件数按两组计算；"
            "不足一组的、本来更便宜的商品按原价。"
            "想同时提供多档（99 元 3 件、149 元 5 件）时建两个活动，系统自动取最优组合。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [N_FOR_FIXED_PRICE]

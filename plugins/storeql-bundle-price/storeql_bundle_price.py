"""A fixed-price bundle (套装) for storeql: chosen things together for one price, repeated."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, NamedTuple

from msgspec import Struct

from storeql.hooks import Annotation, Verdict, hookimpl
from storeql.pricing import (
    Basket,
    Ceiling,
    Lane,
    Line,
    Missed,
    PricedCart,
    PromotionType,
    Proposal,
    SetPrice,
    SetPrices,
    Text,
    Texts,
    UnitLine,
    Units,
)
from storeql.promotions import amount, entries, products, variants, whole


class BundlePart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many pieces of any of these variants, or of any variant of these products."""

    variants: Annotated[tuple[str, ...], variants("Variants", "商品规格", least=0)] = ()
    products: Annotated[tuple[str, ...], products("Products", "商品", least=0)] = ()
    quantity: Annotated[int, whole("Pieces", "件数", least=1, most=100)] = 1

    def __post_init__(self) -> None:
        if not self.variants and not self.products:
            raise ValueError("A part of a bundle names variants or products")

    def holds(self, line: Line) -> bool:
        """True if a piece of the line can be this part."""
        return line.variant_id in self.variants or line.product_id in self.products


class BundlePriceRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All the parts together cost `price_minor`, as often as the cart holds them.

    The dearest pieces go first. What could be two parts is the first of them. `most_sets` limits
    how often in one cart.
    """

    parts: Annotated[tuple[BundlePart, ...], entries("Parts", "套装内容", most=20)]
    price_minor: Annotated[int, amount("Price of a set", "套装价")]
    most_sets: Annotated[int, whole("Sets at most", "最多几套", least=1)] | None = None

    def __post_init__(self) -> None:
        if self.pieces < 2:
            raise ValueError("A bundle has at least two pieces")

    @property
    def pieces(self) -> int:
        """How many pieces make a set."""
        return sum(part.quantity for part in self.parts)


def propose(rule: BundlePriceRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Every set in the units for its price, as long as that is less than the pieces cost."""
    first = _next_set(rule, _shelves(rule, units))
    if first is None:
        return _incomplete(rule, units)
    if first.listed_minor <= rule.price_minor:
        return Missed(condition="bundle_saves_nothing")
    return SetPrices(tuple(_sets(rule, _shelves(rule, units))))


def ceiling(rule: BundlePriceRule, units: Units, basket: Basket) -> Ceiling:
    """No set saves a greater share of what it costs than the dearest one."""
    dearest = _next_set(rule, _shelves(rule, units))
    if dearest is None or dearest.listed_minor <= rule.price_minor:
        return Ceiling(rate_numerator=0)
    return Ceiling(
        rate_numerator=dearest.listed_minor - rule.price_minor,
        rate_denominator=dearest.listed_minor,
        needs_minor=rule.price_minor + 1,
        needs_quantity=rule.pieces,
    )


class _Shelf:
    """The pieces that can be one part, dearest first."""

    def __init__(self, part: BundlePart, lines: Iterable[UnitLine]) -> None:
        self.quantity = part.quantity
        dearest = sorted(lines, key=lambda entry: (-entry.unit_minor, entry.line.id))
        self.lines = deque((entry.line, entry.quantity) for entry in dearest)

    def take(self, count: int) -> list[tuple[Line, int]]:
        """So many pieces, or as many as there are."""
        taken = []
        while count and self.lines:
            line, left = self.lines.popleft()
            pieces = min(count, left)
            taken.append((line, pieces))
            count -= pieces
            if left > pieces:
                self.lines.appendleft((line, left - pieces))
        return taken

    def alike(self) -> int:
        """How many sets the dearest line covers by itself; 1 if it takes several lines."""
        return max(1, self.lines[0][1] // self.quantity) if self.lines else 1


class _Set(NamedTuple):
    """Equal sets: so many `times`, of these pieces in all; `listed_minor` is what one costs."""

    times: int
    pieces: list[tuple[Line, int]]
    listed_minor: int


def _shelves(rule: BundlePriceRule, units: Units) -> list[_Shelf]:
    by_part: list[list[UnitLine]] = [[] for _ in rule.parts]
    for entry in units:
        for place, part in enumerate(rule.parts):
            if part.holds(entry.line):
                by_part[place].append(entry)
                break
    return [_Shelf(part, lines) for part, lines in zip(rule.parts, by_part, strict=True)]


def _sets(rule: BundlePriceRule, shelves: Sequence[_Shelf]) -> Iterator[SetPrice]:
    left = rule.most_sets
    while left is None or left > 0:
        found = _next_set(rule, shelves, most=left)
        if found is None or found.listed_minor <= rule.price_minor:
            return
        units = tuple((line.id, pieces) for line, pieces in found.pieces)
        yield SetPrice(units, rule.price_minor * found.times)
        left = None if left is None else left - found.times


def _next_set(
    rule: BundlePriceRule, shelves: Sequence[_Shelf], most: int | None = 1
) -> _Set | None:
    """The dearest set that is left, as often as the same lines make it.

    Equal sets are priced together: the length of an answer goes by lines and not by pieces.
    """
    times = min(shelf.alike() for shelf in shelves)
    times = times if most is None else min(times, most)
    pieces = [taken for shelf in shelves for taken in shelf.take(shelf.quantity * times)]
    if sum(quantity for _, quantity in pieces) < rule.pieces * times:
        return None
    listed = sum(line.list_minor * quantity for line, quantity in pieces)
    return _Set(times, pieces, listed // times)


def _incomplete(rule: BundlePriceRule, units: Units) -> Missed:
    found = sum(
        quantity for shelf in _shelves(rule, units) for _, quantity in shelf.take(shelf.quantity)
    )
    return Missed(
        condition="quantity",
        expected=rule.pieces,
        found=found,
        shortfall=rule.pieces - found,
    )


BUNDLE_PRICE = PromotionType(
    key="BUNDLE_PRICE",
    lane=Lane.ITEM,
    Rule=BundlePriceRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("Bundle price", "套装"),
        what=Text(
            "Chosen products cost less when they are bought together.",
            "指定商品一起购买时享受套装价。",
        ),
        when=Text(
            "To sell what goes together: a teapot with two cups, a camera with its case.",
            "适合搭配销售：茶壶配两只茶杯、相机配相机包等。",
        ),
        how=Text(
            "For each part choose the variants or products it may be and how many pieces, then "
            "enter the price of a set. A cart with the pieces of two sets gets it twice.",
            "为套装的每一部分选择可选的商品或规格及件数，填写套装价。购物车中凑齐两套即享受两次。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [BUNDLE_PRICE]


@hookimpl
def storeql_order_priced(basket: Basket, priced: PricedCart) -> Sequence[Verdict]:
    """A remark on each line of an order that holds pieces of a set, for those who pack it."""
    names = {entry.promotion_id: entry.name for entry in priced.trace if entry.kind == _KEY}
    return [
        _pack_together(names[allocation.promotion_id], line.line_id)
        for line in priced.lines
        for allocation in line.allocations
        if allocation.promotion_id in names
    ]


_KEY = BUNDLE_PRICE.key


def _pack_together(name: str, line_id: str) -> Annotation:
    return Annotation(
        code="PACK_TOGETHER",
        message=Text(f"Part of {name}: pack the set together.", f"属于{name}：请整套包装。"),
        line_id=line_id,
    )

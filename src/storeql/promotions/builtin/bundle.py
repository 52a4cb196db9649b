"""Bundle (套装): a set of products with their quantities, together for one price."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Ceiling,
    Lane,
    Line,
    Missed,
    PromotionType,
    Proposal,
    Selection,
    SetPrice,
    SetPrices,
    Text,
    Texts,
    UnitLine,
    Units,
)
from storeql.promotions.rules.fields import amount, entries, products, variants, whole
from storeql.promotions.rules.goods import GoodsTable, check_names, named_goods

MOST_ITEMS, MOST_PIECES, MOST_SETS = 10, 100, 1000


class BundleItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many pieces of one of these variants, or of any variant of these products."""

    variants: Annotated[tuple[str, ...], variants("Variants", "商品规格", least=0)] = ()
    products: Annotated[tuple[str, ...], products("Products", "商品", least=0)] = ()
    quantity: Annotated[int, whole("Pieces", "件数", least=1, most=MOST_PIECES)] = 1


class BundleRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All the items together for `price_minor`, or for `off_minor` less than they cost.

    As often as the cart holds them, at most `most_sets` times; of what can be an item the dearest
    pieces go first. A set that would not be cheaper is not made.
    """

    items: Annotated[tuple[BundleItem, ...], entries("Items", "套装商品", most=MOST_ITEMS)]
    price_minor: Annotated[int, amount("Price of a set", "套装价", least=1)] | None = None
    off_minor: Annotated[int, amount("Off a set", "套装立减", least=1)] | None = None
    most_sets: (
        Annotated[int, whole("Sets at most", "最多享受次数", least=1, most=MOST_SETS)] | None
    ) = None

    def __post_init__(self) -> None:
        if (self.price_minor is None) == (self.off_minor is None):
            raise ValueError("Either a price or an amount off has to be given")
        if self.pieces < 2:
            raise ValueError("A bundle has at least two pieces")
        check_names(self.items)

    @cached_property
    def table(self) -> GoodsTable[BundleItem]:
        """The items by the goods they may be."""
        return GoodsTable(self.items)

    @property
    def pieces(self) -> int:
        """How many pieces make a set."""
        return sum(item.quantity for item in self.items)

    def price_of(self, listed_minor: int) -> int:
        """What a set costs whose pieces cost so much one by one."""
        if self.price_minor is not None:
            return min(self.price_minor, listed_minor)
        return max(0, listed_minor - (self.off_minor or 0))


def propose(rule: BundleRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Every set in the units for its price."""
    shelves = _shelves(rule, units)
    found = sum(min(shelf.pieces, shelf.needed) for shelf in shelves)
    if found < rule.pieces:
        return Missed(
            condition="quantity", expected=rule.pieces, found=found, shortfall=rule.pieces - found
        )
    return SetPrices(tuple(_priced(rule, shelves)))


def ceiling(rule: BundleRule, units: Units, basket: Basket) -> Ceiling:
    """No set saves a greater share of what it costs than this bundle can at most.

    For a fixed price that is the share of the dearest set, for an amount off that of the cheapest.
    """
    shelves = _shelves(rule, units)
    if any(shelf.pieces < shelf.needed for shelf in shelves):
        return Ceiling(rate_numerator=0)
    if rule.price_minor is not None:
        listed = sum(shelf.amount(shelf.lines) for shelf in shelves)
        saved, needs = max(0, listed - rule.price_minor), rule.price_minor + 1
    else:
        listed = sum(shelf.amount(reversed(shelf.lines)) for shelf in shelves)
        saved, needs = min(rule.off_minor or 0, max(1, listed)), 0
    return Ceiling(
        rate_numerator=saved,
        rate_denominator=max(1, listed),
        needs_minor=needs,
        needs_quantity=rule.pieces,
    )


class _Shelf:
    """The pieces that can be one item of a set, dearest first."""

    def __init__(self, item: BundleItem, lines: Iterable[UnitLine]) -> None:
        self.needed = item.quantity
        dearest = sorted(lines, key=lambda entry: (-entry.unit_minor, entry.line.id))
        self.lines = deque((entry.line, entry.quantity) for entry in dearest)
        self.pieces = sum(quantity for _, quantity in self.lines)

    def amount(self, lines: Iterable[tuple[Line, int]]) -> int:
        """What the pieces of one set cost if they are taken from these lines in order."""
        left, total = self.needed, 0
        for line, quantity in lines:
            total += line.list_minor * min(left, quantity)
            left -= min(left, quantity)
        return total

    def alike(self) -> int:
        """How many sets the next line covers by itself; 1 where a set takes several lines."""
        return max(1, self.lines[0][1] // self.needed)

    def take(self, count: int) -> Iterator[tuple[Line, int]]:
        """So many pieces off the shelf."""
        self.pieces -= count
        while count:
            line, quantity = self.lines.popleft()
            part = min(count, quantity)
            if quantity > part:
                self.lines.appendleft((line, quantity - part))
            count -= part
            yield line, part


class _Sets(NamedTuple):
    """So many `times` the same set, all its pieces, and what one costs at list price."""

    times: int
    pieces: list[tuple[Line, int]]
    listed_minor: int


def _shelves(rule: BundleRule, units: Units) -> list[_Shelf]:
    by_item: dict[int, list[UnitLine]] = {id(item): [] for item in rule.items}
    for entry in units:
        item = rule.table.of(entry.line)
        if item is not None:
            by_item[id(item)].append(entry)
    return [_Shelf(item, by_item[id(item)]) for item in rule.items]


def _priced(rule: BundleRule, shelves: Sequence[_Shelf]) -> Iterator[SetPrice]:
    left = rule.most_sets
    while left is None or left:
        sets = _next(shelves, most=left)
        if sets is None:
            return
        price = rule.price_of(sets.listed_minor)
        if price == sets.listed_minor:
            return
        yield SetPrice(tuple((line.id, n) for line, n in sets.pieces), price * sets.times)
        left = None if left is None else left - sets.times


def _next(shelves: Sequence[_Shelf], *, most: int | None) -> _Sets | None:
    """The dearest set that is left, as often as the same lines make it.

    Equal sets are priced together: the length of an answer goes by lines and not by pieces.
    """
    if any(shelf.pieces < shelf.needed for shelf in shelves):
        return None
    times = min(shelf.alike() for shelf in shelves)
    times = times if most is None else min(times, most)
    pieces = [part for shelf in shelves for part in shelf.take(shelf.needed * times)]
    return _Sets(times, pieces, sum(line.list_minor * n for line, n in pieces) // times)


def goods(rule: BundleRule) -> Selection:
    """The goods that make a set."""
    return named_goods(rule.items)


BUNDLE = PromotionType(
    key="BUNDLE",
    lane=Lane.ITEM,
    Rule=BundleRule,
    propose=propose,
    ceiling=ceiling,
    goods=goods,
    texts=Texts(
        title=Text("Bundle", "套装"),
        what=Text(
            "Chosen products with their quantities cost one price together, or an amount less.",
            "指定商品按数量组成套装，享受套装价或套装立减。",
        ),
        when=Text(
            "To sell what goes together: a teapot with two cups, a camera with its case.",
            "适合搭配销售：茶壶配两只茶杯、相机配相机包等。",
        ),
        how=Text(
            "For each item choose the variants or products it may be and how many pieces, then "
            "enter the price of a set or the amount that comes off. A cart with the pieces of two "
            "sets gets it twice; pieces outside a set keep their price.",
            "为套装的每一项选择商品或规格及件数，填写套装价或立减金额。"
            "购物车中凑齐两套即享受两次；套装以外的件数按原价。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [BUNDLE]

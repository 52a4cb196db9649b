"""Flash sale (秒杀): a very low price on chosen goods, for so many pieces an order."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Ceiling,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Selection,
    Text,
    Texts,
    UnitPrice,
    UnitPrices,
    Units,
)
from storeql.promotions.rules.fields import amount, entries, products, variants, whole
from storeql.promotions.rules.goods import NOT_NAMED, GoodsTable, check_names, named_goods

MOST_ITEMS, MOST_PER_ORDER = 200, 1000


class FlashItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The goods named here at `price_minor`, at most so many pieces of each variant an order."""

    variants: Annotated[tuple[str, ...], variants("Variants", "商品规格", least=0)] = ()
    products: Annotated[tuple[str, ...], products("Products", "商品", least=0)] = ()
    price_minor: Annotated[int, amount("Flash price", "秒杀价")]
    most_per_order: (
        Annotated[int, whole("Pieces an order", "每单限购件数", least=1, most=MOST_PER_ORDER)]
        | None
    ) = None


class FlashSaleRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Goods at flash prices; pieces above an item's limit keep their own price."""

    items: Annotated[tuple[FlashItem, ...], entries("Items", "秒杀商品", most=MOST_ITEMS)]

    def __post_init__(self) -> None:
        check_names(self.items)

    @cached_property
    def table(self) -> GoodsTable[FlashItem]:
        """The items by the goods they are about."""
        return GoodsTable(self.items)


def propose(rule: FlashSaleRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The first pieces of each variant at its flash price, where that is lower."""
    if all(rule.table.of(entry.line) is None for entry in units):
        return NOT_NAMED
    return UnitPrices(tuple(_prices(rule, units)))


def ceiling(rule: FlashSaleRule, units: Units, basket: Basket) -> Ceiling:
    """No units save a greater share than the one that the sale reduces most."""
    best = Fraction()
    for entry in units:
        item = rule.table.of(entry.line)
        if item is not None and item.price_minor < entry.unit_minor:
            best = max(best, Fraction(entry.unit_minor - item.price_minor, entry.unit_minor))
    return Ceiling(rate_numerator=best.numerator, rate_denominator=best.denominator)


def _prices(rule: FlashSaleRule, units: Units) -> Iterator[UnitPrice]:
    """Of a variant at several prices the dearest pieces count first: fewer never save more."""
    taken: dict[str, int] = {}
    for entry in sorted(units, key=lambda entry: (-entry.unit_minor, entry.line.id)):
        item = rule.table.of(entry.line)
        if item is None or item.price_minor >= entry.unit_minor:
            continue
        before, count = taken.get(entry.line.variant_id, 0), entry.quantity
        if item.most_per_order is not None:
            count = min(count, item.most_per_order - before)
        if count:
            taken[entry.line.variant_id] = before + count
            yield UnitPrice(entry.line.id, count, item.price_minor)


def goods(rule: FlashSaleRule) -> Selection:
    """The goods of the sale."""
    return named_goods(rule.items)


FLASH_SALE = PromotionType(
    key="FLASH_SALE",
    lane=Lane.ITEM,
    Rule=FlashSaleRule,
    propose=propose,
    ceiling=ceiling,
    goods=goods,
    texts=Texts(
        title=Text("Flash sale", "秒杀"),
        what=Text(
            "Chosen goods at a very low price for a short time, so many pieces an order.",
            "指定商品限时以秒杀价销售，可设每单限购件数。",
        ),
        when=Text(
            "To draw visitors at a set hour, with few goods and a price worth waking up for.",
            "适合整点引流、大促爆款：少量商品、限时、低价。",
        ),
        how=Text(
            "Name the goods with their flash price and how many pieces of each variant one order "
            "may have at it; more pieces cost their own price. Give each variant a quota, so many "
            "pieces for the whole sale, and set when the sale starts and ends, or its hours.",
            "逐项选择商品，填写秒杀价和每单限购件数；超出限购的部分按原价计算。"
            "为每个规格设置活动库存（限量），并设置活动起止时间或每日时段。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [FLASH_SALE]

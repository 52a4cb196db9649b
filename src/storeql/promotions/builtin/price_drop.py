"""Price drop (直降): special prices for chosen goods, or an amount off every piece."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Selection,
    Text,
    Texts,
    UnitLine,
    UnitPrice,
    UnitPrices,
    Units,
)
from storeql.promotions.rules.fields import amount, entries, products, variants
from storeql.promotions.rules.goods import NOT_NAMED, GoodsTable, check_names, named_goods

MOST_PRICES = 200


class DropPrice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The goods named here cost `price_minor` a piece, or `off_minor` less than their own price."""

    variants: Annotated[tuple[str, ...], variants("Variants", "商品规格", least=0)] = ()
    products: Annotated[tuple[str, ...], products("Products", "商品", least=0)] = ()
    price_minor: Annotated[int, amount("Special price", "直降价")] | None = None
    off_minor: Annotated[int, amount("Amount off", "直降金额", least=1)] | None = None

    def __post_init__(self) -> None:
        if (self.price_minor is None) == (self.off_minor is None):
            raise ValueError("Either a price or an amount off has to be given")


class PriceDropRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """Goods at their own entry's price; every other piece in scope `off_minor` cheaper.

    A variant's entry goes before its product's. Nothing becomes dearer, nothing goes below zero.
    """

    prices: Annotated[
        tuple[DropPrice, ...], entries("Special prices", "直降商品", least=0, most=MOST_PRICES)
    ] = ()
    off_minor: Annotated[int, amount("Off each piece", "每件直降", least=1)] | None = None

    def __post_init__(self) -> None:
        if not self.prices and self.off_minor is None:
            raise ValueError("Special prices or an amount off each piece have to be given")
        check_names(self.prices)

    @cached_property
    def table(self) -> GoodsTable[DropPrice]:
        """The special prices by the goods they are for."""
        return GoodsTable(self.prices)


def propose(rule: PriceDropRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Each unit at its special price, where that is lower."""
    prices = [(entry, _special(rule, entry)) for entry in units]
    if all(special is None for _, special in prices):
        return NOT_NAMED
    return UnitPrices(
        tuple(
            UnitPrice(entry.line.id, entry.quantity, special)
            for entry, special in prices
            if special is not None and special < entry.unit_minor
        )
    )


def _special(rule: PriceDropRule, entry: UnitLine) -> int | None:
    """What a unit costs under the rule, None where the rule is not about it."""
    named = rule.table.of(entry.line)
    if named is not None and named.price_minor is not None:
        return named.price_minor
    off = named.off_minor if named is not None else rule.off_minor
    return None if off is None else max(0, entry.unit_minor - off)


def goods(rule: PriceDropRule) -> Selection:
    """The goods with special prices; everything where all pieces cost less."""
    return Selection() if rule.off_minor is not None else named_goods(rule.prices)


PRICE_DROP = PromotionType(
    key="PRICE_DROP",
    lane=Lane.ITEM,
    Rule=PriceDropRule,
    propose=propose,
    goods=goods,
    per_unit=True,
    texts=Texts(
        title=Text("Price drop", "直降"),
        what=Text(
            "Chosen goods at a special price, or every piece an amount cheaper.",
            "指定商品按直降价销售，或每件直接减去固定金额。",
        ),
        when=Text(
            "When shoppers should see a lower price on the product itself, without conditions: "
            "to answer a competitor, to move stock, to open a sale.",
            "适合无门槛降价：跟价、清库存、活动预热，让顾客在商品上直接看到更低的价格。",
        ),
        how=Text(
            "Name the variants or products with their special price or the amount that comes off, "
            "or enter one amount off for every piece in scope. A price that is not lower than the "
            "product's own changes nothing.",
            "逐项选择商品或规格，填写直降价或直降金额；也可对参与活动的每件商品填写统一的直降金额。"
            "直降价不低于原价时不生效。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [PRICE_DROP]

"""Percentage discount (折扣): so much per cent off every unit in scope."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    BASIS_POINTS,
    Basket,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Text,
    Texts,
    UnitPrice,
    UnitPrices,
    Units,
    round_half_up,
)
from storeql.promotions.rules.fields import percent


class PercentageRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """1500 basis points are 15 % off, in Chinese 八五折."""

    percent_off_basis_points: Annotated[int, percent("Percent off", "优惠比例（%）")]


def propose(rule: PercentageRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Each unit at its price less the percentage, rounded half up per unit."""
    kept = BASIS_POINTS - rule.percent_off_basis_points
    return UnitPrices(
        tuple(
            [
                UnitPrice(line.id, quantity, round_half_up(line.list_minor * kept, BASIS_POINTS))
                for line, quantity, _ in units.lines
            ]
        )
    )


PERCENTAGE = PromotionType(
    key="PERCENTAGE",
    lane=Lane.ITEM,
    Rule=PercentageRule,
    propose=propose,
    per_unit=True,
    texts=Texts(
        title=Text("Percentage discount", "折扣"),
        what=Text(
            "Every product in scope costs a percentage less.",
            "参与活动的每件商品按比例降价，例如八五折。",
        ),
        when=Text(
            "Seasonal sales, clearances, a price for members: when shoppers should see a lower "
            "price on the product itself.",
            "适合换季、清仓、会员专享等场景，让顾客在商品上直接看到更低的价格。",
        ),
        how=Text(
            "Choose the products, then enter the percentage to take off: 15 means that 100.00 "
            "becomes 85.00. Prices are rounded per piece.",
            "先选商品，再填写优惠比例：填 15 表示 100.00 元变为 85.00 元（八五折）。"
            "按单件四舍五入。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [PERCENTAGE]

"""Shipping discount (包邮, 运费优惠): free or cheaper delivery from an amount spent."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    ShippingDiscount,
    Text,
    Texts,
    Units,
)
from storeql.promotions.rules.fields import amount


class ShippingDiscountRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`off_minor` off the delivery price, or all of it when None, from `from_minor` spent."""

    from_minor: Annotated[int, amount("From", "满")] = 0
    off_minor: Annotated[int, amount("Off delivery", "运费减免", least=1)] | None = None


def propose(rule: ShippingDiscountRule, units: Units, basket: Basket) -> Proposal | Missed:
    """What comes off the delivery price, once the threshold is reached."""
    if basket.delivery is None:
        return Missed(condition="delivery", expected="a delivery method")
    if units.amount_minor < rule.from_minor:
        return Missed(
            condition="spend_minor",
            expected=rule.from_minor,
            found=units.amount_minor,
            shortfall=rule.from_minor - units.amount_minor,
        )
    price = basket.delivery.price_minor
    return ShippingDiscount(price if rule.off_minor is None else min(rule.off_minor, price))


SHIPPING_DISCOUNT = PromotionType(
    key="SHIPPING_DISCOUNT",
    lane=Lane.SHIPPING,
    Rule=ShippingDiscountRule,
    propose=propose,
    texts=Texts(
        title=Text("Shipping discount", "包邮／运费优惠"),
        what=Text(
            "Free or cheaper delivery once enough is spent.", "消费满一定金额免运费或减免部分运费。"
        ),
        when=Text(
            "When shoppers leave at the delivery price, or to fill parcels better.",
            "适合降低因运费放弃下单的情况，或鼓励凑单。",
        ),
        how=Text(
            "Enter from what amount it counts and what comes off; leave the amount empty for "
            "free delivery. Regions and delivery methods narrow it down.",
            "填写使用门槛和减免金额；金额留空即为包邮。可限定地区和配送方式。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [SHIPPING_DISCOUNT]

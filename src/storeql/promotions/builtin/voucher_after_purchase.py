"""Voucher after purchase (满返): vouchers for the next order, once this one is completed."""

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
    Text,
    Texts,
    Units,
    Vouchers,
)
from storeql.promotions.rules.fields import amount, coupon, whole

MOST_VOUCHERS = 10
MOST_DAYS = 3650


class VoucherAfterPurchaseRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `from_minor` spent, `quantity` vouchers of the promotion that `voucher` names.

    Each holds for `valid_days` from the completion on; None: as long as its promotion runs.
    """

    voucher: Annotated[str, coupon("Voucher of", "返券活动")]
    from_minor: Annotated[int, amount("From", "满")] = 0
    quantity: Annotated[int, whole("How many", "返券张数", least=1, most=MOST_VOUCHERS)] = 1
    valid_days: Annotated[int, whole("Valid days", "有效天数", least=1, most=MOST_DAYS)] | None = (
        None
    )


def propose(rule: VoucherAfterPurchaseRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The vouchers that a customer earns; guests have no wallet to put them into."""
    if basket.buyer.id is None:
        return Missed(condition="account", expected="a customer who is signed in", found="a guest")
    if units.amount_minor < rule.from_minor:
        return Missed(
            condition="spend_minor",
            expected=rule.from_minor,
            found=units.amount_minor,
            shortfall=rule.from_minor - units.amount_minor,
        )
    return Vouchers(rule.voucher, rule.quantity, rule.valid_days)


VOUCHER_AFTER_PURCHASE = PromotionType(
    key="VOUCHER_AFTER_PURCHASE",
    lane=Lane.ORDER,
    Rule=VoucherAfterPurchaseRule,
    propose=propose,
    texts=Texts(
        title=Text("Voucher after purchase", "满返券"),
        what=Text(
            "Whoever spends enough gets vouchers for the next order; this order stays as it is.",
            "消费满一定金额，订单完成后返优惠券，供下次购物使用；本单价格不变。",
        ),
        when=Text(
            "To bring customers back: the discount is only given to those who buy again.",
            "适合促进复购：优惠只在顾客再次下单时兑现。",
        ),
        how=Text(
            "Set up the voucher's own promotion first, one that requires a code, and activate it; "
            "then name it here with the threshold, how many vouchers and for how many days.",
            "先创建并启用一个需要券码的优惠券活动，再在此选择该活动，填写门槛、张数和有效天数。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [VOUCHER_AFTER_PURCHASE]

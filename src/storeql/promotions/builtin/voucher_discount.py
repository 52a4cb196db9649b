"""Voucher discount (优惠券): an amount or a percentage off, after all other discounts."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    BASIS_POINTS,
    Basket,
    Ceiling,
    Discount,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Text,
    Texts,
    Units,
    percent_of,
)
from storeql.promotions.rules.fields import amount, label, percent


class VoucherDiscountRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `off_minor` or `percent_off_basis_points` off, from `from_minor` spent.

    A percentage may be limited to `most_off_minor`. `on_list_prices` measures what is spent
    before earlier discounts; a percentage is always of what is still to pay.
    """

    off_minor: Annotated[int, amount("Off", "减", least=1)] | None = None
    percent_off_basis_points: Annotated[int, percent("Percent off", "优惠比例（%）")] | None = None
    from_minor: Annotated[int, amount("From", "满")] = 0
    most_off_minor: Annotated[int, amount("Most off", "最高优惠", least=1)] | None = None
    on_list_prices: Annotated[bool, label("Measure list prices", "按原价计算门槛")] = False

    def __post_init__(self) -> None:
        if (self.off_minor is None) == (self.percent_off_basis_points is None):
            raise ValueError("Either an amount or a percentage comes off")
        if self.most_off_minor is not None and self.percent_off_basis_points is None:
            raise ValueError("Only a percentage has a most")


def propose(rule: VoucherDiscountRule, units: Units, basket: Basket) -> Proposal | Missed:
    """What the voucher takes off, once its threshold is reached."""
    spent = units.list_minor if rule.on_list_prices else units.amount_minor
    if spent < rule.from_minor:
        return Missed(
            condition="spend_minor",
            expected=rule.from_minor,
            found=spent,
            shortfall=rule.from_minor - spent,
        )
    if rule.percent_off_basis_points is None:
        return Discount(rule.off_minor or 0)
    off = percent_of(units.amount_minor, rule.percent_off_basis_points)
    return Discount(off if rule.most_off_minor is None else min(off, rule.most_off_minor))


def ceiling(rule: VoucherDiscountRule, units: Units, basket: Basket) -> Ceiling:
    """No units save more than the voucher's share of what they cost."""
    if rule.percent_off_basis_points is not None:
        rate = (rule.percent_off_basis_points, BASIS_POINTS)
    else:
        rate = (rule.off_minor or 0, max(rule.from_minor, rule.off_minor or 0))
    return Ceiling(
        rate_numerator=rate[0],
        rate_denominator=rate[1],
        needs_minor=rule.from_minor,
        on_list_prices=rule.on_list_prices,
    )


VOUCHER_DISCOUNT = PromotionType(
    key="VOUCHER_DISCOUNT",
    lane=Lane.VOUCHER,
    Rule=VoucherDiscountRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("Voucher", "优惠券"),
        what=Text(
            "An amount or a percentage off what is left to pay after all other discounts.",
            "在其他优惠之后再减固定金额或按比例优惠。",
        ),
        when=Text(
            "To reach chosen shoppers with a code: newsletters, packages, apologies, partners.",
            "适合定向发放：短信、包裹卡、售后补偿、合作渠道等。",
        ),
        how=Text(
            "Enter the amount or the percentage and from what amount it counts, require a code, "
            "and make one code for all or a batch with one code for each shopper.",
            "填写减免金额或比例及使用门槛，勾选“需要券码”，再创建通用码或批量生成一人一码。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [VOUCHER_DISCOUNT]

"""Turns the engine's answer into a price that people read: names, currency, rows by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storeql.carts.price_cart import CartPricing
from storeql.carts.price_records import (
    AppliedDiscount,
    CartPrice,
    ExplainedGift,
    ExplainedLine,
    ExplainedShipping,
    Explanation,
    NextOffer,
    PriceRemark,
    PromotionName,
)
from storeql.db import Selection
from storeql.hooks import Verdict
from storeql.pricing import (
    Allocation,
    Basket,
    GiftItem,
    PricedCart,
    PricedShipping,
    TraceEntry,
    next_step,
)
from storeql.pricing.price_choice import REGULAR

Names = Mapping[str, str]


def explain(pricing: CartPricing, *, delivery_name: str, selection: Selection) -> CartPrice:
    """The explained price; lists that are not selected stay empty."""
    priced, totals = pricing.priced, pricing.priced.totals
    names = names_of(priced)
    wants = selection.wants
    return CartPrice(
        currency=priced.currency,
        lines=_lines(priced, pricing.basket, names) if wants("lines") else (),
        gifts=_gifts(priced, pricing.basket.gifts, names) if wants("gifts") else (),
        shipping=_shipping(priced, delivery_name, names),
        list_minor=totals.list_minor,
        discount_minor=totals.discount_minor,
        gift_minor=totals.gift_minor,
        gift_count=sum(gift.quantity for gift in priced.gift_lines),
        subtotal_minor=totals.subtotal_minor,
        shipping_minor=totals.shipping_minor,
        tax_minor=totals.tax_minor,
        total_minor=totals.total_minor,
        trace=explain_trace(priced) if wants("trace") else (),
        lanes=priced.lanes,
        annotations=remarks(pricing.annotations),
        refusals=remarks(pricing.refusals),
        unmatched_codes=priced.unmatched_codes,
        next_step=_next_offer(pricing) if wants("next_step") else None,
    )


def names_of(priced: PricedCart) -> Names:
    """The names of all candidates by their ids."""
    return {entry.promotion_id: entry.name for entry in priced.trace}


def explain_trace(priced: PricedCart) -> tuple[Explanation, ...]:
    """What became of each candidate, of a cart or of an order long placed."""
    names = names_of(priced)
    return tuple(_explanation(entry, names, priced.currency) for entry in priced.trace)


def applied(
    allocations: Sequence[Allocation], names: Names, currency: str
) -> tuple[AppliedDiscount, ...]:
    """Allocations with the names of their promotions."""
    return tuple([_applied(allocation, names, currency) for allocation in allocations])


def _applied(allocation: Allocation, names: Names, currency: str) -> AppliedDiscount:
    return AppliedDiscount(
        promotion_id=int(allocation.promotion_id),
        promotion_version=allocation.version,
        promotion_name=names.get(allocation.promotion_id, ""),
        lane=allocation.lane,
        amount_minor=allocation.amount_minor,
        currency=currency,
        fundings=allocation.funding,
    )


def _lines(priced: PricedCart, basket: Basket, names: Names) -> tuple[ExplainedLine, ...]:
    currency = priced.currency
    sources = {line.id: line.price_source or REGULAR for line in basket.lines}
    return tuple(
        [
            ExplainedLine(
                line_id=int(line.line_id),
                variant_id=int(line.variant_id),
                quantity=line.quantity,
                currency=currency,
                list_minor=line.list_minor,
                net_minor=line.net_minor,
                tax_minor=line.tax_minor,
                discounts=applied(line.allocations, names, currency),
                units=line.units,
                source=sources.get(line.line_id, REGULAR),
            )
            for line in priced.lines
        ]
    )


def _gifts(
    priced: PricedCart, items: Mapping[str, GiftItem], names: Names
) -> tuple[ExplainedGift, ...]:
    return tuple(
        ExplainedGift(
            variant_id=int(gift.variant_id),
            sku=items[gift.variant_id].sku,
            name=items[gift.variant_id].name,
            quantity=gift.quantity,
            currency=priced.currency,
            list_minor=gift.list_minor,
            net_minor=gift.net_minor,
            discount=_applied(gift.allocation, names, priced.currency),
        )
        for gift in priced.gift_lines
    )


def _shipping(priced: PricedCart, delivery_name: str, names: Names) -> ExplainedShipping | None:
    shipping: PricedShipping | None = priced.shipping
    if shipping is None:
        return None
    return ExplainedShipping(
        method=shipping.method,
        name=delivery_name,
        currency=priced.currency,
        list_minor=shipping.list_minor,
        net_minor=shipping.net_minor,
        discounts=applied(shipping.allocations, names, priced.currency),
    )


def _explanation(entry: TraceEntry, names: Names, currency: str) -> Explanation:
    return Explanation(
        promotion_id=int(entry.promotion_id),
        promotion_version=entry.version,
        promotion_name=entry.name,
        lane=entry.lane,
        kind=entry.kind,
        plugin=entry.plugin,
        outcome=entry.outcome,
        currency=currency,
        amount_minor=entry.amount_minor,
        condition=entry.condition,
        expected=entry.expected,
        found=entry.found,
        shortfall=entry.shortfall,
        lost_to=tuple(PromotionName(int(key), names.get(key, "")) for key in entry.lost_to),
        lost_by_minor=entry.lost_by_minor,
        short_variant_ids=tuple(int(key) for key in entry.short_variant_ids),
        vouchers=entry.vouchers,
    )


def _next_offer(pricing: CartPricing) -> NextOffer | None:
    step = next_step(pricing.basket, pricing.promotions, pricing.priced)
    if step is None:
        return None
    return NextOffer(
        promotion_id=int(step.promotion_id),
        promotion_name=step.name,
        currency=pricing.priced.currency,
        spend_minor=step.spend_minor,
        gain_minor=step.gain_minor,
        pieces=step.pieces,
        line_id=None if step.line_id is None else int(step.line_id),
    )


def remarks(verdicts: Sequence[Verdict]) -> tuple[PriceRemark, ...]:
    """What plugins say, as clients see it."""
    return tuple(
        PriceRemark(
            code=verdict.code,
            en=verdict.message.en,
            zh=verdict.message.zh,
            plugin=verdict.plugin,
            line_id=None if verdict.line_id is None else int(verdict.line_id),
        )
        for verdict in verdicts
    )

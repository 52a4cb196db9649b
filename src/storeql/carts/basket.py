"""Builds the frozen basket of a cart, the same for showing a price and for placing an order.

The number of statements is the same whatever the number of lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from storeql.carts.gift_items import within_stock
from storeql.carts.records import Cart, CartLine
from storeql.db import Connection
from storeql.pricing import Basket, Buyer, Delivery, Line, Promotion
from storeql.pricing.currencies import exponent_of
from storeql.promotions.active import ActiveSets
from storeql.promotions.offered import offered_for


class PricingInput(Struct, frozen=True):
    """What `price` takes: a basket without plugins' facts, and its candidates."""

    basket: Basket
    promotions: tuple[Promotion, ...]


def build_basket(
    connection: Connection,
    cart: Cart,
    lines: Sequence[CartLine],
    *,
    buyer: Buyer,
    active_sets: ActiveSets,
    zone: ZoneInfo,
    now: int,
) -> PricingInput:
    """The cart's available lines with everything their price depends on.

    `zone` is the shop's own: promotions that keep hours keep the shop's.
    """
    basket_lines = tuple(_line(line) for line in lines if line.is_available)
    offer = offered_for(
        connection,
        active_sets,
        lines=basket_lines,
        codes=cart.codes,
        customer_id=cart.customer_id,
        channel_id=cart.channel_id,
        group_ids=buyer.group_ids,
        now=now,
    )
    basket = Basket(
        lines=_guarded(basket_lines, offer.floors),
        channel=cart.channel,
        currency=cart.currency,
        exponent=exponent_of(cart.currency),
        at=datetime.fromtimestamp(now / 1000, zone),
        time_zone=zone.key,
        buyer=buyer,
        codes=offer.codes,
        gift_choices=cart.gift_choices,
        add_on_choices=cart.add_on_choices,
        gifts=offer.goods.items,
        delivery=_delivery(cart),
        payment_method=cart.payment_method,
        remaining=within_stock(offer.remaining, offer.giving, offer.goods.available),
        in_order_lanes=offer.in_order_lanes,
        stacking_version=offer.stacking_version,
    )
    return PricingInput(basket, offer.promotions)


def _guarded(lines: tuple[Line, ...], floors: Mapping[str, int]) -> tuple[Line, ...]:
    if not floors:
        return lines
    return tuple(
        msgspec.structs.replace(line, floor_minor=floors.get(line.id, 0)) for line in lines
    )


def _line(line: CartLine) -> Line:
    assert line.price_minor is not None
    return Line(
        id=str(line.id),
        product_id=str(line.product_id),
        variant_id=str(line.variant_id),
        quantity=line.quantity,
        list_minor=line.price_minor,
        price_source=line.price_source,
        sku=line.sku,
        cost_minor=line.cost_minor,
        category_ids=line.category_ids,
        collection_ids=line.collection_ids,
        tag_ids=line.tag_ids,
    )


def _delivery(cart: Cart) -> Delivery | None:
    method, address = cart.delivery_method, cart.address
    if method is None:
        return None
    return Delivery(
        method=method.slug,
        price_minor=method.price_minor,
        country=address.country if address else None,
        region=address.region if address else None,
    )

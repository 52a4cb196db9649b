"""Prices a past order again, in the basket it was placed with, with a promotion as it is now."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select

from storeql.carts.cart_rows import storable
from storeql.carts.gift_items import gift_items, within_stock
from storeql.carts.preview import Preview
from storeql.carts.price_cart import CartPricing, PriceDesk
from storeql.db import Connection, statement
from storeql.orders.tables import orders
from storeql.pricing import Basket, PricedCart, Promotion, price
from storeql.promotions.active import ActivePromotion
from storeql.promotions.limits.remaining import Asked, remaining_for
from storeql.promotions.set_up.versions import promotions_then

_order = orders.c
_PLACED = statement(
    select(
        _order.basket,
        _order.pricing,
        _order.channel_id,
        _order.customer_id,
        _order.stacking_version,
        _order.delivery_name,
        _order.placed_at,
    ).where(_order.number == bindparam("number"))
)
_baskets = msgspec.json.Decoder(Basket)
_prices = msgspec.json.Decoder(PricedCart)


def preview_order(
    connection: Connection, number: str, tried: ActivePromotion, *, desk: PriceDesk
) -> Preview | None:
    """What the order cost, and what it would have cost with the promotion beside those of then.

    The promotion's start and end do not matter; its weekdays and hours do, and what is left of
    its limits now. None when there is no such order.
    """
    row = connection.one(_PLACED, number=storable(number))
    if row is None:
        return None
    basket_json, priced_json, channel_id, customer_id, stacking, delivery_name, placed_at = row
    basket, priced = _baskets.decode(basket_json), _prices.decode(priced_json)
    wanted = {int(entry.promotion_id): entry.version for entry in priced.trace}
    then = promotions_then(
        connection, wanted, types=desk.active_sets.types, stacking_version=stacking
    )
    promotion = _at_any_time(tried.promotion, basket)
    trial = _with_trial(connection, basket, tried, channel_id=channel_id, customer_id=customer_id)
    others = tuple(one for one in then if one.id != promotion.id)
    after = price(trial, (*others, promotion))
    return Preview(
        promotion_id=promotion.id,
        at=placed_at,
        before=CartPricing(basket=basket, priced=priced, promotions=then, verdicts=()),
        after=CartPricing(
            basket=trial,
            priced=after,
            promotions=(*others, promotion),
            verdicts=desk.hooks.cart_priced(trial, after),
        ),
        delivery_name=delivery_name,
    )


def _at_any_time(promotion: Promotion, basket: Basket) -> Promotion:
    """The promotion without its start and end, and without a code that nobody could enter then."""
    replace = msgspec.structs.replace
    window = replace(promotion.conditions.window, starts_at=None, ends_at=None)
    coded = any(code.promotion_id == promotion.id for code in basket.codes)
    return replace(
        promotion,
        conditions=replace(promotion.conditions, window=window),
        needs_code=promotion.needs_code and coded,
    )


def _with_trial(
    connection: Connection,
    basket: Basket,
    tried: ActivePromotion,
    *,
    channel_id: int,
    customer_id: int | None,
) -> Basket:
    """The basket with the gifts and what is left of the limits of the promotion that is tried."""
    key = int(tried.promotion.id)
    at = int(basket.at.timestamp() * 1000)
    asked = Asked(
        limited=[key],
        giving=[key],
        with_quotas=[key],
        lines=basket.lines,
        channel_id=channel_id,
        now=at,
    )
    left = remaining_for(connection, asked, customer_id=customer_id)
    gifts, available = gift_items(
        connection,
        channel_id,
        tried.gift_variant_ids,
        group_ids=basket.buyer.group_ids,
        now=at,
    )
    giving = {tried.promotion.id: tried.gift_variant_ids} if tried.gift_variant_ids else {}
    return msgspec.structs.replace(
        basket,
        gifts={**basket.gifts, **gifts},
        remaining={**basket.remaining, **within_stock(left.remaining, giving, available)},
    )

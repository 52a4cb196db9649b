"""Prices a cart without a promotion and with it, exactly as the checkout would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.carts.add_ons import MOST_CHOICES, by_promotion
from storeql.carts.add_ons import MOST_PIECES as MOST_ADDED
from storeql.carts.buyer import GUEST, buyer_of
from storeql.carts.cart_rows import storable
from storeql.carts.delivery_methods import delivery_method
from storeql.carts.line_rows import lines_of_variants
from storeql.carts.lines import MOST_LINES, MOST_PIECES
from storeql.carts.price_cart import CartPricing, PriceDesk, price_cart
from storeql.carts.records import (
    OPEN,
    AddOnChoice,
    Cart,
    CartLine,
    DeliveryMethod,
    GiftChoice,
    LineInput,
)
from storeql.catalog.tables import channels
from storeql.customers.address import Address
from storeql.customers.group_ids import group_ids_of
from storeql.customers.tables import customers
from storeql.db import Connection, statement
from storeql.errors import BadInput
from storeql.pricing import Buyer
from storeql.promotions.active import ActivePromotion
from storeql.promotions.trial_sets import TrialSets
from storeql.promotions.vouchers.codes import entered_codes

MOST_CODES = 10

_channel, _customer = channels.c, customers.c
_CHANNEL = select(_channel.id, _channel.slug, _channel.currency).where(_channel.is_active)
_BY_SLUG = statement(_CHANNEL.where(_channel.slug == bindparam("slug")))
_DEFAULT = statement(_CHANNEL.order_by(_channel.is_default.desc(), _channel.id).limit(1))
_BUYER = statement(
    select(_customer.id, _customer.tier, _customer.order_count, group_ids_of("customers.id")).where(
        _customer.id == bindparam("id")
    )
)


class GivenCart(Struct, frozen=True, kw_only=True):
    """A cart that nobody has: what somebody might put together. `channel` None: the default."""

    channel: str | None = None
    lines: Sequence[LineInput] = ()
    codes: tuple[str, ...] = ()
    customer_id: int | None = None
    country: str | None = None
    region: str | None = None
    delivery_method_id: int | None = None
    payment_method: str | None = None
    gifts: Sequence[GiftChoice] = ()
    add_ons: Sequence[AddOnChoice] = ()


class Preview(Struct, frozen=True, kw_only=True):
    """A price before and after a promotion, at one instant (milliseconds)."""

    promotion_id: str
    at: int
    before: CartPricing
    after: CartPricing
    delivery_name: str


def preview_instant(tried: ActivePromotion, now: int) -> int:
    """When a preview looks at a promotion: now, or its first instant when that is to come."""
    return max(now, tried.starts_at or now)


def preview_cart(
    connection: Connection,
    cart: Cart,
    lines: Sequence[CartLine],
    tried: ActivePromotion,
    *,
    desk: PriceDesk,
    at: int,
) -> Preview:
    """The cart's price without the promotion, and with it as it is set up now.

    One that needs a code applies as if one was entered, unless the cart has one of its own.
    """
    key = tried.promotion.id
    entry = _with_code(connection, cart, tried)

    def priced(entry: ActivePromotion | None) -> CartPricing:
        sets = TrialSets(desk.active_sets, key, entry)
        trial = msgspec.structs.replace(desk, active_sets=sets)
        return price_cart(connection, cart, lines, desk=trial, now=at)

    return Preview(
        promotion_id=key,
        at=at,
        before=priced(None),
        after=priced(entry),
        delivery_name=cart.delivery_method.name if cart.delivery_method else "",
    )


def given_cart(
    connection: Connection, given: GivenCart, *, now: int
) -> tuple[Cart, tuple[CartLine, ...]]:
    """The cart as if it was in the tables. Raises BadInput for what a cart cannot hold."""
    _check_bounds(given)
    channel_id, slug, currency = _channel_of(connection, given.channel)
    cart = Cart(
        id=0,
        token="",
        status=OPEN,
        channel_id=channel_id,
        channel=slug,
        currency=currency,
        customer_id=given.customer_id,
        buyer=_buyer(connection, given.customer_id),
        email="",
        address=_address(given),
        delivery_method=_delivery(connection, given.delivery_method_id, channel_id),
        payment_method=given.payment_method,
        codes=given.codes,
        gift_choices={
            str(choice.promotion_id): tuple(map(str, choice.variant_ids)) for choice in given.gifts
        },
        add_on_choices=by_promotion(given.add_ons),
        created_at=now,
        updated_at=now,
    )
    return cart, lines_of_variants(connection, cart, given.lines, now=now)


def _with_code(connection: Connection, cart: Cart, tried: ActivePromotion) -> ActivePromotion:
    promotion = tried.promotion
    if not promotion.needs_code:
        return tried
    entered = entered_codes(connection, cart.codes, customer_id=cart.customer_id)
    if any(code.promotion_id == promotion.id for code in entered):
        return tried
    freed = msgspec.structs.replace(promotion, needs_code=False)
    return msgspec.structs.replace(tried, promotion=freed)


def _check_bounds(given: GivenCart) -> None:
    if not 0 < len(given.lines) <= MOST_LINES:
        raise BadInput(f"A basket has 1 to {MOST_LINES} lines.")
    if any(not 0 < line.quantity <= MOST_PIECES for line in given.lines):
        raise BadInput(f"A line has 1 to {MOST_PIECES} pieces.")
    if len({line.variant_id for line in given.lines}) < len(given.lines):
        raise BadInput("A variant has one line.")
    if len(given.codes) > MOST_CODES:
        raise BadInput(f"A basket has at most {MOST_CODES} codes.")
    if len(given.add_ons) > MOST_CHOICES:
        raise BadInput(f"A basket has at most {MOST_CHOICES} add-ons.")
    if any(not 0 < choice.quantity <= MOST_ADDED for choice in given.add_ons):
        raise BadInput(f"An add-on has 1 to {MOST_ADDED} pieces.")


def _channel_of(connection: Connection, slug: str | None) -> tuple[Any, ...]:
    row = (
        connection.one(_DEFAULT) if slug is None else connection.one(_BY_SLUG, slug=storable(slug))
    )
    if row is None:
        raise BadInput("There is no such channel.")
    return row


def _buyer(connection: Connection, customer_id: int | None) -> Buyer:
    if customer_id is None:
        return GUEST
    row = connection.one(_BUYER, id=customer_id)
    if row is None:
        raise BadInput("There is no such customer.")
    return buyer_of(*row)


def _delivery(
    connection: Connection, method_id: int | None, channel_id: int
) -> DeliveryMethod | None:
    if method_id is None:
        return None
    method = delivery_method(connection, method_id)
    if method is None or not method.is_active or method.channel_id != channel_id:
        raise BadInput("This way of delivery is not offered there.")
    return method


def _address(given: GivenCart) -> Address | None:
    if given.country is None:
        return None
    return Address(
        name="", phone="", country=given.country, region=given.region or "", city="", street=""
    )

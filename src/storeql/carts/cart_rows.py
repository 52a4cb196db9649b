"""Finds a cart by its token, for reading and for changing, and hides it from everybody else.

Every change of a cart begins by raising its version: that takes the cart's row for the rest of
the transaction, so two changes of one cart, or a change and its placement, never interleave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    update,
)

from storeql.access import Actor, Permission
from storeql.carts.buyer import buyer_of
from storeql.carts.records import OPEN, ORDERED, Cart, DeliveryMethod
from storeql.carts.tables import cart_add_on_choices, carts
from storeql.customers.address import decode_address
from storeql.customers.group_ids import group_ids_of
from storeql.db import Connection, Statement, statement
from storeql.errors import Rejected, refuse

NOT_FOUND = "CART_NOT_FOUND"
NOT_OPEN = "CART_NOT_OPEN"

_cart, _add_on = carts.c, cart_add_on_choices.c


def _channels(column: str) -> ColumnElement[Any]:
    """A column of the cart's channel; an UPDATE can return it, though it cannot join."""
    return literal_column(f"(SELECT c.{column} FROM channels AS c WHERE c.id = carts.channel_id)")


def _customers(column: str) -> ColumnElement[Any]:
    """A column of the cart's customer, NULL for a guest."""
    return literal_column(f"(SELECT u.{column} FROM customers AS u WHERE u.id = carts.customer_id)")


def _deliverys(column: str) -> ColumnElement[Any]:
    """A column of the cart's delivery method, NULL when that is not offered any more."""
    return literal_column(
        f"(SELECT d.{column} FROM delivery_methods AS d"
        " WHERE d.id = carts.delivery_method_id AND d.channel_id = carts.channel_id"
        " AND d.is_active)"
    )


def _add_ons() -> ColumnElement[str]:
    """The picked add-ons as one text: promotion, variant and pieces of each."""
    named = (_add_on.promotion_id, _add_on.variant_id, _add_on.quantity)
    promotion, variant, pieces = (cast(column, String) for column in named)
    colon: ColumnElement[str] = literal_column("':'")
    each = promotion.concat(colon).concat(variant).concat(colon).concat(pieces)
    theirs = _add_on.cart_id == literal_column("carts.id")
    space: ColumnElement[str] = literal_column("' '")
    joined = func.aggregate_strings(each, space)  # type: ignore[arg-type]
    return select(joined).where(theirs).scalar_subquery()


CART_COLUMNS = (
    _cart.id,
    _cart.token,
    _cart.status,
    _cart.channel_id,
    _channels("slug"),
    _channels("currency"),
    _channels("is_active"),
    _cart.customer_id,
    _customers("tier"),
    _customers("order_count"),
    group_ids_of("carts.customer_id"),
    _cart.email,
    _cart.address,
    _cart.delivery_method_id,
    *map(_deliverys, ("slug", "name", "description", "price_minor", "version")),
    _cart.payment_method,
    _cart.codes,
    _cart.gift_choices,
    _cart.delivery_rates,
    _add_ons(),
    _cart.created_at,
    _cart.updated_at,
)
_BY_TOKEN = statement(select(*CART_COLUMNS).where(_cart.token == bindparam("token")))


@cache
def _change(*columns: str) -> Statement:
    """Raises the version of an open cart and sets the columns."""
    return statement(
        update(carts)
        .where(_cart.token == bindparam("b_token"), _cart.status == OPEN)
        .values(
            {name: bindparam(f"new_{name}") for name in columns}
            | {
                "updated_at": bindparam("now"),
                "version": _cart.version + 1,
                "delivery_rates": null(),  # what carriers asked was for another parcel
            }
        )
        .returning(*CART_COLUMNS)
    )


_ORDER = statement(
    update(carts)
    .where(_cart.token == bindparam("b_token"), _cart.status == OPEN)
    .values(status=ORDERED, updated_at=bindparam("now"), version=_cart.version + 1)
    .returning(*CART_COLUMNS)
)

_codes = msgspec.json.Decoder(tuple[str, ...])
_rates = msgspec.json.Decoder(dict[str, int])
_choices = msgspec.json.Decoder(dict[str, tuple[str, ...]])


def find_cart(connection: Connection, token: str, *, actor: Actor) -> Cart | None:
    """The cart with this token, whatever its status; None when the actor may not see it."""
    row = connection.one(_BY_TOKEN, token=storable(token))
    if row is None:
        return None
    cart = cart_of_row(row)
    return cart if _may_see(actor, cart) else None


def open_to_change(
    connection: Connection, token: str, *, actor: Actor, now: int, **columns: object
) -> Cart:
    """The open cart with this token, nobody else's to change until the transaction ends.

    `columns` are set on the way. Raises Rejected (CART_NOT_FOUND, also for somebody else's cart;
    CART_NOT_OPEN).
    """
    values = {f"new_{name}": value for name, value in columns.items()}
    row = connection.one(_change(*columns), b_token=storable(token), now=now, **values)
    if row is None:
        raise refused_cart(connection, token, actor=actor)
    return _visible(cart_of_row(row), actor)


def close_to_order(connection: Connection, token: str, *, actor: Actor, now: int) -> Cart | None:
    """The cart, ORDERED from now on; None unless it was open: of two that ask, one gets it.

    Raises Rejected for somebody else's cart.
    """
    row = connection.one(_ORDER, b_token=storable(token), now=now)
    return None if row is None else _visible(cart_of_row(row), actor, field="cartToken")


def refused_cart(
    connection: Connection, token: str, *, actor: Actor, field: str = "token"
) -> Rejected:
    """Why a cart cannot be changed or ordered: the actor knows of none, or it is not open."""
    if find_cart(connection, token, actor=actor) is None:
        return refuse(NOT_FOUND, "There is no such cart.", field)
    return refuse(NOT_OPEN, "This cart was already ordered or merged into another.", field)


def cart_of_row(row: tuple[Any, ...]) -> Cart:
    """The record of a row with CART_COLUMNS."""
    (
        row_id,
        token,
        status,
        channel_id,
        channel,
        currency,
        channel_is_active,
        customer_id,
        tier,
        order_count,
        group_ids,
        email,
        address,
        delivery_method_id,
        *delivery,
        payment_method,
        codes,
        gift_choices,
        delivery_rates,
        add_ons,
        created_at,
        updated_at,
    ) = row
    rates = {} if delivery_rates is None else _rates.decode(delivery_rates)
    return Cart(
        id=row_id,
        token=token,
        status=status,
        channel_id=channel_id,
        channel=channel,
        currency=currency,
        customer_id=customer_id,
        buyer=buyer_of(customer_id, tier, order_count, group_ids),
        email=email,
        address=None if address is None else decode_address(address),
        delivery_method=_delivery(delivery_method_id, channel_id, currency, delivery, rates),
        payment_method=payment_method,
        codes=_codes.decode(codes),
        gift_choices=_choices.decode(gift_choices),
        delivery_rates=rates,
        channel_is_active=bool(channel_is_active),
        add_on_choices=_picked(add_ons),
        created_at=created_at,
        updated_at=updated_at,
    )


def _delivery(
    row_id: int | None,
    channel_id: int,
    currency: str,
    facts: list[Any],
    rates: Mapping[str, int],
) -> DeliveryMethod | None:
    if row_id is None or facts[0] is None:
        return None
    slug, name, description, price_minor, version = facts
    return DeliveryMethod(
        id=row_id,
        channel_id=channel_id,
        slug=slug,
        name=name,
        description=description,
        price_minor=rates.get(slug, price_minor),
        currency=currency,
        version=version,
    )


def _picked(words: str | None) -> dict[str, dict[str, int]]:
    named = [[int(part) for part in word.split(":")] for word in (words or "").split()]
    return picks_of((promotion, variant, pieces) for promotion, variant, pieces in sorted(named))


def picks_of(rows: Iterable[tuple[int, int, int]]) -> dict[str, dict[str, int]]:
    """Add-ons by promotion and variant from ascending rows: the same picks, the same basket."""
    picks: dict[str, dict[str, int]] = {}
    for promotion_id, variant_id, quantity in rows:
        picks.setdefault(str(promotion_id), {})[str(variant_id)] = quantity
    return picks


def storable(text: str) -> str:
    """A text to look for: PostgreSQL has no NUL, so nothing is found for one, on both engines."""
    return text.replace("\0", "\ufffd")


def _visible(cart: Cart, actor: Actor, *, field: str = "token") -> Cart:
    if not _may_see(actor, cart):
        raise refuse(NOT_FOUND, "There is no such cart.", field)
    return cart


def _may_see(actor: Actor, cart: Cart) -> bool:
    if cart.customer_id is None or cart.customer_id == actor.customer_id:
        return True
    return Permission.MANAGE_ORDERS.value in actor.permissions

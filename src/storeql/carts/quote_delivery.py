"""Asks carriers what a cart's delivery costs, after it changed and outside any transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storeql.carts.cart_rows import CART_COLUMNS, cart_of_row
from storeql.carts.delivery_methods import delivery_methods_of
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.records import OPEN, Cart, CartLine
from storeql.carts.tables import carts
from storeql.customers.write import Write
from storeql.db import Connection, Database, statement
from storeql.hooks import Hooks, Parcel, ParcelLine
from storeql.pricing.currencies import exponent_of

_READ = statement(select(carts.c.version, *CART_COLUMNS).where(carts.c.id == bindparam("id")))
_KEEP = statement(
    update(carts)
    .where(
        carts.c.id == bindparam("b_id"),
        carts.c.version == bindparam("b_version"),
        carts.c.status == OPEN,
    )
    .values(delivery_rates=bindparam("rates"))
    .returning(*CART_COLUMNS)
)


class Quoting(Struct, frozen=True):
    """How long carriers may take, and the plugins that ask them."""

    hooks: Hooks
    seconds: float


def quoted(database: Database, write: Write, cart: Cart, *, quoting: Quoting, now: int) -> Cart:
    """The cart with what carriers ask for it; call it when no transaction is open.

    A cart without an address, or one that somebody else changes meanwhile, stays as it is.
    """
    if not quoting.hooks.quotes_delivery or cart.address is None or cart.status != OPEN:
        return cart
    with database.reading() as connection:
        version, parcel = _parcel(connection, cart.id, now)
    if not parcel.lines or not parcel.methods:
        return cart
    rates = quoting.hooks.delivery_rates(parcel, seconds=quoting.seconds)
    return cart if not rates else write(_kept(cart, version, rates))


def _kept(cart: Cart, version: int, rates: Mapping[str, int]) -> Callable[[Connection], Cart]:
    stored = msgspec.json.encode(rates).decode()

    def keep(connection: Connection) -> Cart:
        row = connection.one(_KEEP, b_id=cart.id, b_version=version, rates=stored)
        return cart if row is None else cart_of_row(row)

    return keep


def _parcel(connection: Connection, cart_id: int, now: int) -> tuple[int, Parcel]:
    """The cart's version and its parcel, as of one instant of the database."""
    row = connection.one(_READ, id=cart_id)
    assert row is not None
    cart = cart_of_row(row[1:])
    lines = cart_lines_of(connection, cart, now=now)
    methods = delivery_methods_of(connection, cart.channel)
    address = cart.address
    return row[0], Parcel(
        channel=cart.channel,
        currency=cart.currency,
        exponent=exponent_of(cart.currency),
        at=datetime.fromtimestamp(now / 1000, UTC),
        country=address.country if address else "",
        region=address.region if address else "",
        city=address.city if address else "",
        postal_code=address.postal_code if address else "",
        lines=tuple(_line(line) for line in lines if line.is_available),
        methods={method.slug: method.price_minor for method in methods},
    )


def _line(line: CartLine) -> ParcelLine:
    return ParcelLine(
        product_id=str(line.product_id),
        variant_id=str(line.variant_id),
        sku=line.sku,
        quantity=line.quantity,
        list_minor=line.price_minor or 0,
        category_ids=line.category_ids,
        tag_ids=line.tag_ids,
    )

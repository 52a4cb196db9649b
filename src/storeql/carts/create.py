"""Opens a new cart for a guest or a customer, with as much in it as is known already."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import bindparam, insert, select, true

from storeql.access import Actor
from storeql.carts.cart_rows import CART_COLUMNS, cart_of_row, storable
from storeql.carts.details import Details, check_details, delivery_problems
from storeql.carts.lines import put_lines
from storeql.carts.records import Cart, LineInput
from storeql.carts.tables import carts
from storeql.catalog.tables import channels
from storeql.db import Connection, Statement, statement
from storeql.errors import Rejected, refuse

NO_DETAILS = Details()


def new_cart_token() -> str:
    """An address that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


def create_cart(
    connection: Connection,
    token: str,
    *,
    channel: str | None,
    lines: Sequence[LineInput] = (),
    details: Details = NO_DETAILS,
    gateways: Collection[str] = (),
    actor: Actor,
    now: int,
) -> Cart:
    """A cart in the channel (a slug; the shop's default when None) with lines and details.

    It belongs to the actor when that is a customer. Raises Rejected for an unknown channel, or
    with everything wrong with lines and details.
    """
    checked = check_details(details, gateways=gateways)
    cart = _open(connection, token, channel, actor=actor, now=now, **checked.columns)
    problems = [*checked.problems, *delivery_problems(checked, cart)]
    try:
        put_lines(connection, cart, lines=lines, now=now)
    except Rejected as rejected:
        problems += rejected.problems
    if problems:
        raise Rejected(problems)
    return cart


def _open(
    connection: Connection,
    token: str,
    channel: str | None,
    *,
    actor: Actor,
    now: int,
    **columns: object,
) -> Cart:
    values = {
        "token": token,
        "customer_id": actor.customer_id,
        "created_at": now,
        "updated_at": now,
        **columns,
    }
    named = {} if channel is None else {"slug": storable(channel)}
    row = connection.one(_insert(channel is not None, *values), **values, **named)
    if row is None:
        raise refuse("CHANNEL_NOT_FOUND", "There is no such channel.", "channel")
    return cart_of_row(row)


@cache
def _insert(channel_named: bool, *columns: str) -> Statement:
    """Writes a cart into the channel; no row when there is no such channel."""
    given = [bindparam(name, type_=carts.c[name].type).label(name) for name in columns]
    chosen = select(channels.c.id, *given).where(
        channels.c.is_active, channels.c.slug == bindparam("slug") if channel_named else true()
    )
    if not channel_named:
        chosen = chosen.order_by(channels.c.is_default.desc(), channels.c.id).limit(1)
    return statement(
        insert(carts)
        .from_select(["channel_id", *columns], chosen, include_defaults=False)
        .returning(*CART_COLUMNS)
    )

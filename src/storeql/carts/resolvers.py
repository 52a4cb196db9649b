"""Reads of carts, planned from the selection: lines and price are read when asked for."""

from __future__ import annotations

import msgspec

from storeql.access import Actor
from storeql.carts.cart_rows import find_cart
from storeql.carts.explain import explain
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.price_cart import PriceDesk, price_cart
from storeql.carts.records import Cart, CartLine
from storeql.catalog.resolvers import View, variants
from storeql.db import Connection, Selection


def cart_by_token(
    connection: Connection,
    token: str,
    *,
    selection: Selection,
    desk: PriceDesk,
    actor: Actor,
    now: int,
) -> Cart | None:
    """The cart with what is selected of it; None when unknown or somebody else's."""
    cart = find_cart(connection, token, actor=actor)
    if cart is None:
        return None
    return with_selected(connection, cart, selection=selection, desk=desk, now=now)


def with_selected(
    connection: Connection, cart: Cart, *, selection: Selection, desk: PriceDesk, now: int
) -> Cart:
    """A cart just changed or found, with the relations that are selected of it."""
    if not selection.wants("lines", "price"):
        return cart
    lines = cart_lines_of(connection, cart, now=now)
    price = None
    if selection.wants("price"):
        pricing = price_cart(connection, cart, lines, desk=desk, now=now)
        delivery = cart.delivery_method
        price = explain(
            pricing,
            delivery_name=delivery.name if delivery else "",
            selection=selection.of("price"),
        )
    shown = _with_variants(connection, cart, lines, selection.of("lines"), now)
    return msgspec.structs.replace(cart, lines=shown, price=price)


def _with_variants(
    connection: Connection, cart: Cart, lines: tuple[CartLine, ...], wanted: Selection, now: int
) -> tuple[CartLine, ...]:
    if not wanted.wants("variant"):
        return lines
    found = variants(
        connection,
        [line.variant_id for line in lines],
        wanted.of("variant"),
        view=View(now=now, channel=cart.channel, group_ids=cart.buyer.group_ids),
    )
    return tuple(
        msgspec.structs.replace(line, variant=found.get(line.variant_id)) for line in lines
    )

"""Joins the cart a guest filled with the customer they turn out to be."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, func, null, select, update

from storeql.access import Actor
from storeql.carts.add_ons import put_add_ons
from storeql.carts.cart_rows import CART_COLUMNS, cart_of_row, open_to_change
from storeql.carts.codes import MOST_CODES
from storeql.carts.lines import MOST_LINES, MOST_PIECES, PUT_LINE
from storeql.carts.records import MERGED, OPEN, Cart
from storeql.carts.tables import cart_lines, carts
from storeql.db import Connection, statement

_line = cart_lines.c
_OWN_CART = statement(
    update(carts)
    .where(
        carts.c.id
        == select(func.max(carts.c.id))
        .where(
            carts.c.customer_id == bindparam("b_customer"),
            carts.c.channel_id == bindparam("b_channel"),
            carts.c.status == OPEN,
        )
        .scalar_subquery(),
        carts.c.status == OPEN,
    )
    .values(updated_at=bindparam("now"), version=carts.c.version + 1, delivery_rates=null())
    .returning(*CART_COLUMNS)
)
_ADOPT = statement(
    update(carts)
    .where(carts.c.id == bindparam("b_id"))
    .values(customer_id=bindparam("new_owner"))
    .returning(*CART_COLUMNS)
)
_CLOSE = statement(update(carts).where(carts.c.id == bindparam("b_id")).values(status=MERGED))
_KEEP_CODES = statement(
    update(carts)
    .where(carts.c.id == bindparam("b_id"))
    .values(codes=bindparam("new_codes"), email=bindparam("new_email"))
)
_QUANTITIES = statement(
    select(_line.cart_id, _line.variant_id, _line.quantity)
    .where(_line.cart_id.in_((bindparam("from_id"), bindparam("into_id"))))
    .order_by(_line.id)
)


def merge_at_sign_in(
    connection: Connection, *, guest_token: str, customer_id: int, now: int
) -> Cart:
    """The customer's open cart, with everything of the guest's cart in it.

    A customer without an open cart in that channel takes the guest's as it is. Otherwise the
    customer's newest cart gets the guest's lines (of a variant in both, the greater quantity
    stays: the same wish was noted twice), codes and add-ons of promotions that the customer picked
    none of, and the guest's cart is closed. Raises
    Rejected for a cart that is unknown, closed or somebody else's.
    """
    actor = Actor("customer", customer_id)
    guest = open_to_change(connection, guest_token, actor=actor, now=now)
    if guest.customer_id == customer_id:
        return guest
    row = connection.one(_OWN_CART, b_customer=customer_id, b_channel=guest.channel_id, now=now)
    if row is None:
        adopted = connection.one(_ADOPT, b_id=guest.id, new_owner=customer_id)
        assert adopted is not None
        return cart_of_row(adopted)
    return _merge(connection, guest, cart_of_row(row), now)


def _merge(connection: Connection, guest: Cart, own: Cart, now: int) -> Cart:
    rows = connection.rows(_QUANTITIES, from_id=guest.id, into_id=own.id)
    connection.run_many(PUT_LINE, _moved_lines(rows, guest.id, own.id, now))
    codes = tuple(dict.fromkeys((*own.codes, *guest.codes)))[:MOST_CODES]
    email = own.email or guest.email
    connection.run(
        _KEEP_CODES,
        b_id=own.id,
        new_codes=msgspec.json.encode(codes).decode(),
        new_email=email,
    )
    connection.run(_CLOSE, b_id=guest.id)
    kept = msgspec.structs.replace(own, codes=codes, email=email)
    if not guest.add_on_choices:
        return kept
    return put_add_ons(connection, kept, {**guest.add_on_choices, **own.add_on_choices})


def _moved_lines(
    rows: list[tuple[Any, ...]], from_id: int, into_id: int, now: int
) -> list[dict[str, int]]:
    """Lines to put into the kept cart; what does not fit under its bound is left behind."""
    own = {variant: quantity for cart, variant, quantity in rows if cart == into_id}
    room = MOST_LINES - len(own)
    moved: list[dict[str, int]] = []
    for cart, variant, quantity in rows:
        if cart != from_id or (variant not in own and room == 0):
            continue
        room -= variant not in own
        moved.append(
            {
                "cart_id": into_id,
                "variant_id": variant,
                "quantity": min(MOST_PIECES, max(quantity, own.get(variant, 0))),
                "added_at": now,
            }
        )
    return moved

"""Asks the plugins about a change of a cart, after it is made and before it is committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.carts.cart_rows import storable
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.problems import CartChangeRefused
from storeql.carts.records import Cart, CartLine
from storeql.carts.tables import cart_lines, carts
from storeql.db import Connection, statement
from storeql.errors import Rejected
from storeql.hooks import (
    Annotation,
    CartChange,
    CartChangeKind,
    ChangedLine,
    Hooks,
    Refusal,
    Verdict,
)

_QUANTITIES = statement(
    select(cart_lines.c.variant_id, cart_lines.c.quantity)
    .join(carts, carts.c.id == cart_lines.c.cart_id)
    .where(carts.c.token == bindparam("token"))
)


class ChangedCart(Struct, frozen=True):
    """A cart after a change, and what plugins say of it."""

    cart: Cart
    annotations: tuple[Annotation, ...] = ()


def changed(
    connection: Connection,
    token: str,
    work: Callable[[Connection], Cart],
    *,
    kind: CartChangeKind,
    hooks: Hooks,
    now: int,
) -> ChangedCart:
    """The cart after `work`, unless a plugin refuses it; raises Rejected with every refusal.

    Without a plugin that listens it costs nothing, otherwise two statements.
    """
    if not hooks.hears_cart_changes:
        return ChangedCart(work(connection))
    before: dict[int, int] = dict(connection.rows(_QUANTITIES, token=storable(token)))
    cart = work(connection)
    lines = cart_lines_of(connection, cart, now=now)
    verdicts = hooks.cart_changing(_change(cart, lines, before, kind, now))
    _refuse(verdicts, lines)
    return ChangedCart(cart, tuple(one for one in verdicts if isinstance(one, Annotation)))


def _refuse(verdicts: Sequence[Verdict], lines: Sequence[CartLine]) -> None:
    variants = {str(line.id): line.variant_id for line in lines}
    problems = [
        CartChangeRefused(
            code=refusal.code,
            message=refusal.message.en,
            reason=refusal.message,
            plugin=refusal.plugin,
            variant_id=variants.get(refusal.line_id or ""),
        )
        for refusal in verdicts
        if isinstance(refusal, Refusal)
    ]
    if problems:
        raise Rejected(problems)


def _change(
    cart: Cart,
    lines: Sequence[CartLine],
    before: Mapping[int, int],
    kind: CartChangeKind,
    now: int,
) -> CartChange:
    address, delivery = cart.address, cart.delivery_method
    return CartChange(
        kind=kind,
        at=datetime.fromtimestamp(now / 1000, UTC),
        channel=cart.channel,
        currency=cart.currency,
        customer_id=None if cart.customer_id is None else str(cart.customer_id),
        email=cart.email,
        country=address.country if address else "",
        region=address.region if address else "",
        delivery_method=delivery.slug if delivery else None,
        payment_method=cart.payment_method,
        codes=cart.codes,
        lines=tuple(_line(line, before) for line in lines),
    )


def _line(line: CartLine, before: Mapping[int, int]) -> ChangedLine:
    return ChangedLine(
        line_id=str(line.id),
        product_id=str(line.product_id),
        variant_id=str(line.variant_id),
        sku=line.sku,
        quantity=line.quantity,
        before=before.get(line.variant_id, 0),
        category_ids=line.category_ids,
        tag_ids=line.tag_ids,
    )

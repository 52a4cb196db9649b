"""Finds warehouses for pieces of an order that none sends: after a short pick, or on release."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from storeql.catalog.stock.promise import reserve
from storeql.db import Connection, statement
from storeql.orders.fulfilment.pieces import Piece, Pieces, allotted, by_variant, merged, without
from storeql.orders.fulfilment.rows import (
    FulfilmentRow,
    add_fulfilments,
    fulfilments_of,
    new_fulfilments,
    save_fulfilments,
)
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.journal import Journal
from storeql.orders.tables import order_lines

_line = order_lines.c
_ORDERED = statement(
    select(_line.id, _line.variant_id, _line.quantity).where(
        _line.order_id == bindparam("order_id")
    )
)


def unsent_pieces(connection: Connection, order_id: int, every: Sequence[FulfilmentRow]) -> Pieces:
    """The pieces of a held order that no fulfilment of it is to send."""
    ordered = [Piece(*row) for row in connection.rows(_ORDERED, order_id=order_id)]
    living = [one for one in every if one.state is not FulfilmentState.CANCELLED]
    return without(ordered, merged(*(one.pieces for one in living)))


def reallocate(
    connection: Connection, order_id: int, every: Sequence[FulfilmentRow], journal: Journal
) -> list[FulfilmentRow]:
    """The fulfilments of a held order once each of its pieces has a warehouse again.

    Raises Rejected with one InsufficientStock for every variant that is still short.
    """
    unsent = unsent_pieces(connection, order_id, every)
    if not unsent:
        return list(every)
    reservations = reserve(
        connection,
        by_variant(unsent),
        now=journal.now,
        actor=journal.actor,
        reference=f"order:{order_id}",
    )
    parts = allotted(unsent, reservations)
    return send_from(connection, order_id, every, parts, now=journal.now)


def send_from(
    connection: Connection,
    order_id: int,
    every: Sequence[FulfilmentRow],
    parts: Sequence[tuple[int, Pieces]],
    *,
    now: int,
) -> list[FulfilmentRow]:
    """The fulfilments of a held order with more pieces, by the warehouse that holds them for it.

    They join what a warehouse has not begun; otherwise it sends a parcel of its own.
    """
    if not parts:
        return list(every)
    waiting = {one.warehouse_id: one for one in every if one.state is FulfilmentState.OPEN}
    joined = [(waiting[house], pieces) for house, pieces in parts if house in waiting]
    pairs = [
        (one, msgspec.structs.replace(one, pieces=merged(one.pieces, pieces)))
        for one, pieces in joined
    ]
    save_fulfilments(connection, pairs, now=now)
    fresh = [(house, pieces) for house, pieces in parts if house not in waiting]
    last = max((one.position for one in every), default=0)
    add_fulfilments(connection, new_fulfilments(order_id, fresh, after=last, now=now))
    return fulfilments_of(connection, order_id)

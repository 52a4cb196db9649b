"""Reads and saves the fulfilments of an order that is held; the order's row guards all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, insert, select, update

from storeql.catalog.stock.promise import Reservation
from storeql.db import Connection, any_of, statement
from storeql.errors import refuse
from storeql.orders.fulfilment.pieces import Pieces, pieces_text, read_pieces
from storeql.orders.fulfilment.states import IN_HOUSE, FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.order_rows import OrderHead, held_order

_fulfilment = fulfilments.c
_OF_ORDERS = statement(
    select(
        _fulfilment.id,
        _fulfilment.order_id,
        _fulfilment.position,
        _fulfilment.warehouse_id,
        _fulfilment.state,
        _fulfilment.pieces,
        _fulfilment.version,
    )
    .where(any_of(_fulfilment.order_id, "ids"))
    .order_by(_fulfilment.order_id, _fulfilment.position)
)
_ORDER_OF = statement(select(_fulfilment.order_id).where(_fulfilment.id == bindparam("id")))
_ADD = statement(
    insert(fulfilments),
    "order_id",
    "position",
    "warehouse_id",
    "state",
    "pieces",
    "created_at",
    "updated_at",
)
_DROP = statement(delete(fulfilments).where(any_of(_fulfilment.id, "ids")))
_SAVE = statement(
    update(fulfilments)
    .where(_fulfilment.id == bindparam("b_id"), _fulfilment.version == bindparam("seen"))
    .values(
        state=bindparam("new_state"),
        warehouse_id=bindparam("new_warehouse"),
        pieces=bindparam("new_pieces"),
        shipped_at=func.coalesce(_fulfilment.shipped_at, bindparam("left_at")),
        delivered_at=func.coalesce(_fulfilment.delivered_at, bindparam("came_at")),
        updated_at=bindparam("now"),
        version=_fulfilment.version + 1,
    )
)


class FulfilmentRow(Struct, frozen=True, kw_only=True):
    """What one warehouse sends of an order; `position` counts from 1."""

    id: int
    order_id: int
    position: int
    warehouse_id: int
    state: FulfilmentState
    pieces: Pieces
    version: int

    @property
    def is_in_house(self) -> bool:
        """True while its pieces are reserved in its warehouse."""
        return self.state in IN_HOUSE


class Work(Struct, frozen=True, kw_only=True):
    """A held order with all its fulfilments, and those of them that something is done about."""

    order: OrderHead
    every: Sequence[FulfilmentRow]
    chosen: Sequence[FulfilmentRow]

    @property
    def named(self) -> FulfilmentRow:
        """The one fulfilment that it is about."""
        return self.chosen[0]


def fulfilments_of(connection: Connection, order_id: int) -> list[FulfilmentRow]:
    """The fulfilments of an order, cancelled ones too."""
    return fulfilments_of_all(connection, [order_id])[order_id]


def fulfilments_of_all(
    connection: Connection, order_ids: Sequence[int]
) -> dict[int, list[FulfilmentRow]]:
    """The same of several orders, by order."""
    found: dict[int, list[FulfilmentRow]] = {order_id: [] for order_id in order_ids}
    for row in connection.rows(_OF_ORDERS, ids=list(order_ids)):
        found[row[1]].append(_of_row(row))
    return found


def held_work(connection: Connection, fulfilment_id: int) -> Work:
    """The order of a fulfilment, held, with the one that was named.

    Raises Rejected (FULFILMENT_NOT_FOUND).
    """
    order_id = connection.scalar(_ORDER_OF, id=fulfilment_id)
    order = None if order_id is None else held_order(connection, order_id)
    every = [] if order is None else fulfilments_of(connection, order.id)
    chosen = [one for one in every if one.id == fulfilment_id]
    if order is None or not chosen:
        raise refuse("FULFILMENT_NOT_FOUND", "There is no such fulfilment.", "fulfilmentId")
    return Work(order=order, every=every, chosen=chosen)


def new_fulfilments(
    order_id: int,
    parts: Sequence[tuple[int, Pieces]],
    *,
    after: int,
    now: int,
    state: FulfilmentState = FulfilmentState.OPEN,
) -> list[dict[str, Any]]:
    """Rows of new fulfilments, one per (warehouse, pieces), numbered from `after` + 1."""
    return [
        {
            "order_id": order_id,
            "position": position,
            "warehouse_id": warehouse_id,
            "state": state.value,
            "pieces": pieces_text(pieces),
            "created_at": now,
            "updated_at": now,
        }
        for position, (warehouse_id, pieces) in enumerate(parts, after + 1)
    ]


def add_fulfilments(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Writes new fulfilments in one statement."""
    connection.run_many(_ADD, rows)


def save_fulfilments(
    connection: Connection, pairs: Sequence[tuple[FulfilmentRow, FulfilmentRow]], *, now: int
) -> list[FulfilmentRow]:
    """Writes fulfilments of held orders, (before, after) each, in one statement."""
    entries = [
        {
            "b_id": before.id,
            "seen": before.version,
            "new_state": after.state.value,
            "new_warehouse": after.warehouse_id,
            "new_pieces": pieces_text(after.pieces),
            "left_at": now if after.state is FulfilmentState.SHIPPED else None,
            "came_at": now if after.state is FulfilmentState.DELIVERED else None,
            "now": now,
        }
        for before, after in pairs
    ]
    connection.run_many(_SAVE, entries)
    return [msgspec.structs.replace(after, version=before.version + 1) for before, after in pairs]


def drop_fulfilments(connection: Connection, rows: Sequence[FulfilmentRow]) -> None:
    """Takes fulfilments of a held order away that nothing was done about."""
    connection.run(_DROP, ids=[one.id for one in rows])


def number_of(order_number: str, position: int) -> str:
    """The name of a fulfilment: its order's number, and its place in the order."""
    return f"{order_number}-{position}"


def reserved_by(rows: Sequence[FulfilmentRow]) -> list[Reservation]:
    """What fulfilments still hold of their warehouses' stock."""
    return [
        Reservation(piece.variant_id, one.warehouse_id, piece.quantity)
        for one in rows
        if one.is_in_house
        for piece in one.pieces
    ]


def _of_row(row: tuple[Any, ...]) -> FulfilmentRow:
    row_id, order_id, position, warehouse_id, state, pieces, version = row
    return FulfilmentRow(
        id=row_id,
        order_id=order_id,
        position=position,
        warehouse_id=warehouse_id,
        state=FulfilmentState(state),
        pieces=read_pieces(pieces),
        version=version,
    )

"""Reads and counts pick lists while they are held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, func, insert, literal, select, update

from storeql.catalog.tables import variants
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.orders.fulfilment.picking.states import PickListState
from storeql.orders.fulfilment.picking.tables import pick_list_lines, pick_lists
from storeql.orders.fulfilment.problems import MissingPiece, fulfilment_conflict
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.states import OrderState
from storeql.orders.tables import orders

_list, _line = pick_lists.c, pick_list_lines.c
_HOLD = statement(
    select(_list.id, _list.warehouse_id, _list.state, _list.version)
    .where(_list.id == bindparam("id"))
    .with_for_update(key_share=True)
)
_LINES = statement(
    select(
        _line.id,
        _line.fulfilment_id,
        _line.variant_id,
        _line.sku,
        variants.c.barcode,
        _line.quantity,
        _line.picked,
        _line.missing,
        fulfilments.c.state,
        orders.c.state,
    )
    .join(fulfilments, fulfilments.c.id == _line.fulfilment_id)
    .join(orders, orders.c.id == fulfilments.c.order_id)
    .join(variants, variants.c.id == _line.variant_id, isouter=True)
    .where(_line.pick_list_id == bindparam("id"))
    .order_by(_line.position)
)
_COUNT = statement(
    update(pick_list_lines)
    .where(_line.id == bindparam("b_id"))
    .values(picked=bindparam("new_picked"))
)
_TOUCH = statement(
    update(pick_lists)
    .where(_list.id == bindparam("b_id"))
    .values(
        state=bindparam("new_state"),
        updated_at=bindparam("now"),
        finished_at=func.coalesce(bindparam("ended_at"), _list.finished_at),
        version=_list.version + 1,
    )
)
_LIST_COLUMNS = ("warehouse_id", "staff_id", "created_by", "created_at", "updated_at")
_ADD = statement(
    insert(pick_lists).values({name: bindparam(name) for name in _LIST_COLUMNS}).returning(_list.id)
)
_ADD_LINES = statement(
    insert(pick_list_lines),
    "pick_list_id",
    "fulfilment_id",
    "order_line_id",
    "variant_id",
    "sku",
    "bin_location",
    "position",
    "quantity",
)
_ON_LIST = statement(
    select(_line.sku, _line.quantity - _line.picked - _line.missing)
    .join(pick_lists, _list.id == _line.pick_list_id)
    .where(
        _line.fulfilment_id == bindparam("fulfilment_id"),
        _list.state != literal(PickListState.CANCELLED.value),
    )
    .order_by(_line.position)
)


class ListHead(Struct, frozen=True):
    """A held pick list."""

    id: int
    warehouse_id: int
    state: str
    version: int


class LineRow(Struct, frozen=True):
    """One line of a pick list; `barcode`, and the states of what it is for, are those of now."""

    id: int
    fulfilment_id: int
    variant_id: int
    sku: str
    barcode: str | None
    quantity: int
    picked: int
    missing: int
    fulfilment_state: str
    order_state: str

    @property
    def left(self) -> int:
        """Pieces that have still to be found."""
        return self.quantity - self.picked - self.missing

    @property
    def is_wanted(self) -> bool:
        """False when what it was for was given up, or is on its way."""
        return self.fulfilment_state == FulfilmentState.PICKING

    @property
    def waits(self) -> bool:
        """True while its order is on hold."""
        return self.order_state == OrderState.ON_HOLD


def held_list(connection: Connection, list_id: int) -> ListHead:
    """The pick list, nobody else's to change; raises Rejected when there is none."""
    row = connection.one(_HOLD, id=list_id)
    if row is None:
        raise refuse("PICK_LIST_NOT_FOUND", "There is no such pick list.", "pickListId")
    return ListHead(*row)


def held_open_list(connection: Connection, list_id: int) -> ListHead:
    """The same; also raises Rejected when it is done or cancelled."""
    head = held_list(connection, list_id)
    if head.state != PickListState.OPEN:
        raise fulfilment_conflict(head.state, "pickListId", what="pick list")
    return head


def lines_of(connection: Connection, list_id: int) -> list[LineRow]:
    """The lines of a pick list on their way through the warehouse."""
    return [LineRow(*row) for row in connection.rows(_LINES, id=list_id)]


def count_picked(connection: Connection, counts: Sequence[tuple[int, int]]) -> None:
    """Writes how many pieces of lines of a held list are picked, (line, pieces) each."""
    entries = [{"b_id": line_id, "new_picked": picked} for line_id, picked in counts]
    connection.run_many(_COUNT, entries)


def touch_list(connection: Connection, head: ListHead, state: PickListState, *, now: int) -> None:
    """Writes that a held list changed, and where it is now."""
    ended_at = None if state is PickListState.OPEN else now
    connection.run(_TOUCH, b_id=head.id, new_state=state.value, ended_at=ended_at, now=now)


def add_list(
    connection: Connection, *, warehouse_id: int, staff_id: int | None, actor: str, now: int
) -> int:
    """The row number of a new pick list."""
    row_id: int = connection.scalar(
        _ADD,
        warehouse_id=warehouse_id,
        staff_id=staff_id,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    return row_id


def add_lines(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Writes the lines of a new list in one statement."""
    connection.run_many(_ADD_LINES, rows)


def still_to_pick(connection: Connection, fulfilment_id: int) -> list[MissingPiece] | None:
    """The pieces of a fulfilment that are not found yet; None when it is on no list."""
    rows = connection.rows(_ON_LIST, fulfilment_id=fulfilment_id)
    return [MissingPiece(sku, left) for sku, left in rows if left] if rows else None

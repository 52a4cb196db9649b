"""Makes a pick list: of the fulfilments that are named, or of the next ones of a warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.access import Actor
from storeql.catalog.known_ids import known_ids
from storeql.catalog.tables import stock_levels, warehouses
from storeql.customers.write import Write
from storeql.db import Connection, any_of, one_of, statement
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.advance import WORKABLE, become_all
from storeql.orders.fulfilment.picking.assign import check_picker
from storeql.orders.fulfilment.picking.rows import add_lines, add_list
from storeql.orders.fulfilment.rows import FulfilmentRow, Work, fulfilments_of_all
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import held_orders
from storeql.orders.tables import order_lines, orders

PICKING = "PICKING"
MOST_FULFILMENTS = 100
MOST_LINES = 2_000

_fulfilment, _order, _level = fulfilments.c, orders.c, stock_levels.c
_NEXT = statement(
    select(_fulfilment.id, _fulfilment.order_id)
    .join(orders, _order.id == _fulfilment.order_id)
    .where(
        _fulfilment.warehouse_id == bindparam("warehouse_id"),
        _fulfilment.state == FulfilmentState.OPEN.value,
        one_of(_order.state, *sorted(state.value for state in WORKABLE)),
    )
    .order_by(func.coalesce(_order.ship_by_at, _order.placed_at), _fulfilment.id)
    .limit(bindparam("most"))
)
_NAMED = statement(
    select(_fulfilment.id, _fulfilment.order_id).where(any_of(_fulfilment.id, "ids"))
)
_SKUS = statement(
    select(order_lines.c.id, order_lines.c.sku).where(any_of(order_lines.c.id, "ids"))
)
_BINS = statement(
    select(_level.variant_id, _level.bin_location).where(
        _level.warehouse_id == bindparam("warehouse_id"), any_of(_level.variant_id, "ids")
    )
)


class PickWish(Struct, frozen=True, kw_only=True):
    """What to pick in one warehouse; without `fulfilment_ids` the next `most` that are to leave."""

    warehouse_id: int
    fulfilment_ids: Sequence[int] = ()
    most: int = 20
    staff_id: int | None = None


def create_pick_list(write: Write, wish: PickWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the new list; what is on it is PICKING from now on.

    Of two lists made at once each takes what the other leaves. Raises Rejected with everything that
    cannot be picked among those that were named, and when nothing is to be picked at all.
    """
    _check_bounds(wish)
    return recorded(
        write,
        lambda connection, journal: _create(connection, wish, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )


def _check_bounds(wish: PickWish) -> None:
    fields = Fields()
    fields.count("fulfilmentIds", wish.fulfilment_ids, most=MOST_FULFILMENTS)
    fields.whole("most", wish.most, least=1, most=MOST_FULFILMENTS)
    fields.refuse_problems()


def _create(connection: Connection, wish: PickWish, journal: Journal) -> int:
    fields = Fields()
    if not known_ids(connection, warehouses, [wish.warehouse_id]):
        fields.missing("warehouse", "warehouseId")
    check_picker(connection, fields, wish.staff_id)
    fields.refuse_problems()
    works = _held(connection, wish)
    list_id = add_list(
        connection,
        warehouse_id=wish.warehouse_id,
        staff_id=wish.staff_id,
        actor=journal.actor,
        now=journal.now,
    )
    target = FulfilmentState.PICKING
    become_all(connection, works, target, kind=PICKING, journal=journal, pickList=list_id)
    chosen = [one for work in works for one in work.chosen]
    add_lines(connection, _lines(connection, list_id, wish.warehouse_id, chosen))
    return list_id


def _held(connection: Connection, wish: PickWish) -> list[Work]:
    """The orders to pick for, held, with the fulfilments of them that go on the list."""
    if wish.fulfilment_ids:
        rows = connection.rows(_NAMED, ids=list(wish.fulfilment_ids))
    else:
        rows = connection.rows(_NEXT, warehouse_id=wish.warehouse_id, most=wish.most)
    asked = [row_id for row_id, _ in rows]
    heads = held_orders(connection, [order_id for _, order_id in rows])
    every = fulfilments_of_all(connection, [head.id for head in heads])
    known = {one.id: one for parts in every.values() for one in parts}
    workable = {head.id for head in heads if head.state in WORKABLE}
    _refuse_unfit(wish, known, workable)
    fit = [known[one] for one in asked if _is_fit(known.get(one), wish, workable)]
    taken = {one.id for one in _bounded(fit)}
    works = [
        Work(
            order=head,
            every=every[head.id],
            chosen=[one for one in every[head.id] if one.id in taken],
        )
        for head in heads
    ]
    works = [work for work in works if work.chosen]
    if not works:
        raise refuse("NOTHING_TO_PICK", "Nothing waits to be picked here.", "warehouseId")
    return works


def _is_fit(one: FulfilmentRow | None, wish: PickWish, workable: set[int]) -> bool:
    return (
        one is not None
        and one.state is FulfilmentState.OPEN
        and one.warehouse_id == wish.warehouse_id
        and one.order_id in workable
    )


def _refuse_unfit(wish: PickWish, known: Mapping[int, FulfilmentRow], workable: set[int]) -> None:
    fields = Fields()
    for place, row_id in enumerate(wish.fulfilment_ids):
        one = known.get(row_id)
        if one is None:
            fields.missing("fulfilment", "fulfilmentIds", str(place))
        elif one.warehouse_id != wish.warehouse_id:
            message = "Another warehouse sends this."
            fields.report("OTHER_WAREHOUSE", message, "fulfilmentIds", str(place))
        elif not _is_fit(one, wish, workable):
            message = f"This is {one.state}, or its order is not to be picked now."
            fields.report("NOT_TO_BE_PICKED", message, "fulfilmentIds", str(place))
    named = [known[one] for one in dict.fromkeys(wish.fulfilment_ids) if one in known]
    if sum(len(one.pieces) for one in named) > MOST_LINES:
        fields.report("TOO_MANY", f"A list has at most {MOST_LINES} lines.", "fulfilmentIds")
    fields.refuse_problems()


def _bounded(fit: Sequence[FulfilmentRow]) -> list[FulfilmentRow]:
    """As many of them as go on one list."""
    lines, taken = 0, []
    for one in fit:
        lines += len(one.pieces)
        if lines > MOST_LINES:
            break
        taken.append(one)
    return taken


def _lines(
    connection: Connection, list_id: int, warehouse_id: int, chosen: Sequence[FulfilmentRow]
) -> list[dict[str, Any]]:
    """The rows of a list in the order in which somebody passes their shelves."""
    pieces = [(one.id, piece) for one in chosen for piece in one.pieces]
    skus: dict[int, str] = dict(
        connection.rows(_SKUS, ids=sorted({piece.line_id for _, piece in pieces}))
    )
    variant_ids = sorted({piece.variant_id for _, piece in pieces})
    bins: dict[int, str] = dict(connection.rows(_BINS, warehouse_id=warehouse_id, ids=variant_ids))
    rows = [
        {
            "pick_list_id": list_id,
            "fulfilment_id": fulfilment_id,
            "order_line_id": piece.line_id,
            "variant_id": piece.variant_id,
            "sku": skus[piece.line_id],
            "bin_location": bins.get(piece.variant_id, ""),
            "quantity": piece.quantity,
        }
        for fulfilment_id, piece in pieces
    ]
    rows.sort(key=lambda row: (not row["bin_location"], row["bin_location"], row["sku"]))
    return [{**row, "position": position} for position, row in enumerate(rows, 1)]

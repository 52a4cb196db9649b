"""Ends a pick list: everything on it was found, or it is given up."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection, any_of, statement
from storeql.hooks import Hooks
from storeql.orders.fulfilment.advance import become_all
from storeql.orders.fulfilment.picking.rows import (
    held_open_list,
    lines_of,
    touch_list,
)
from storeql.orders.fulfilment.picking.states import PickListState
from storeql.orders.fulfilment.picking.tables import pick_list_lines
from storeql.orders.fulfilment.problems import MissingPiece, pieces_missing
from storeql.orders.fulfilment.rows import Work, fulfilments_of_all
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import held_orders

PICKING_STOPPED = "PICKING_STOPPED"

_ORDERS_ON = statement(
    select(fulfilments.c.order_id)
    .join(pick_list_lines, pick_list_lines.c.fulfilment_id == fulfilments.c.id)
    .where(pick_list_lines.c.pick_list_id == bindparam("id"))
    .distinct()
)
_ON = statement(
    select(pick_list_lines.c.fulfilment_id)
    .where(any_of(pick_list_lines.c.pick_list_id, "ids"))
    .distinct()
)


def finish_pick_list(connection: Connection, list_id: int, *, now: int) -> None:
    """Marks the list DONE; raises Rejected (PiecesMissing) while something has to be found.

    Lines whose order was cancelled or waits are nobody's to find.
    """
    head = held_open_list(connection, list_id)
    left = [
        MissingPiece(line.sku, line.left)
        for line in lines_of(connection, list_id)
        if line.left and line.is_wanted and not line.waits
    ]
    if left:
        raise pieces_missing(left, "picked", "pickListId")
    touch_list(connection, head, PickListState.DONE, now=now)


def cancel_pick_list(write: Write, list_id: int, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the list, CANCELLED; what is not packed yet waits to be picked again.

    Raises Rejected when it is not open.
    """
    recorded(
        write,
        lambda connection, journal: _cancel(connection, list_id, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return list_id


def _cancel(connection: Connection, list_id: int, journal: Journal) -> None:
    # Orders first, as every write takes them: a list is held after what is on it.
    order_ids = [row[0] for row in connection.rows(_ORDERS_ON, id=list_id)]
    heads = held_orders(connection, order_ids)
    head = held_open_list(connection, list_id)
    touch_list(connection, head, PickListState.CANCELLED, now=journal.now)
    on_list = {row[0] for row in connection.rows(_ON, ids=[list_id])}
    every = fulfilments_of_all(connection, order_ids)
    works = [
        Work(
            order=order,
            every=every[order.id],
            chosen=[
                one
                for one in every[order.id]
                if one.id in on_list and one.state is FulfilmentState.PICKING
            ],
        )
        for order in heads
    ]
    works = [work for work in works if work.chosen]
    target, kind = FulfilmentState.OPEN, PICKING_STOPPED
    become_all(connection, works, target, kind=kind, journal=journal, pickList=list_id)

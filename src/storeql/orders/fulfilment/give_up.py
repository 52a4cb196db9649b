"""Gives up what warehouses were to send of an order: nothing is reserved for it any more."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from storeql.catalog.stock.promise import release
from storeql.db import Connection, statement
from storeql.orders.fulfilment.rows import fulfilments_of, reserved_by
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead

_CANCEL = statement(
    update(fulfilments)
    .where(
        fulfilments.c.order_id == bindparam("b_order"),
        fulfilments.c.state != FulfilmentState.CANCELLED.value,
    )
    .values(
        state=FulfilmentState.CANCELLED.value,
        updated_at=bindparam("now"),
        version=fulfilments.c.version + 1,
    )
)


def give_up_fulfilments(connection: Connection, order: OrderHead, journal: Journal) -> None:
    """Cancels the fulfilments of a held order of which nothing was shipped.

    Pieces that were taken off their shelves go back there: the ledger names them RESHELVED.
    """
    rows = fulfilments_of(connection, order.id)
    connection.run(_CANCEL, b_order=order.id, now=journal.now)
    untouched = [one for one in rows if one.state is FulfilmentState.OPEN]
    release(
        connection,
        reserved_by(untouched),
        reshelved=reserved_by([one for one in rows if one not in untouched]),
        now=journal.now,
        actor=journal.actor,
        reference=f"order:{order.id}",
    )

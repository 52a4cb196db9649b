"""Takes packages apart again, as long as nothing was shipped."""

from __future__ import annotations

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.orders.fulfilment.advance import advance, become, refuse_unless_workable
from storeql.orders.fulfilment.package_rows import drop_packages, packages_of
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import held_with_order, number_of
from storeql.orders.fulfilment.states import IN_HOUSE, FulfilmentState
from storeql.orders.journal import Journal, recorded

UNPACKED = "UNPACKED"


def unpack_fulfilment(
    write: Write, fulfilment_id: int, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the fulfilment, to be packed once more.

    Raises Rejected when there is nothing packed, or it was shipped.
    """
    recorded(
        write,
        lambda connection, journal: _unpack(connection, fulfilment_id, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return fulfilment_id


def _unpack(connection: Connection, fulfilment_id: int, journal: Journal) -> None:
    order, every, fulfilment = held_with_order(connection, fulfilment_id)
    refuse_unless_workable(order)
    packed = packages_of(connection, fulfilment_id)
    if fulfilment.state not in IN_HOUSE or not packed:
        raise fulfilment_conflict(fulfilment.state)
    drop_packages(connection, packed)
    if fulfilment.state is FulfilmentState.PACKED:
        target = FulfilmentState.OPEN
        become(connection, order, every, fulfilment, target, kind=UNPACKED, journal=journal)
        return
    name = number_of(order.number, fulfilment.position)
    advance(connection, order, every, kind=UNPACKED, journal=journal, fulfilment=name)

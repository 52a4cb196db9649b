"""Takes packages apart again, as long as nothing was shipped."""

from __future__ import annotations

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.orders.fulfilment.advance import advance, become, refuse_unless_workable
from storeql.orders.fulfilment.package_rows import drop_packages, packages_of
from storeql.orders.fulfilment.picking.rows import still_to_pick
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import held_work, number_of
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
    work = held_work(connection, fulfilment_id)
    refuse_unless_workable(work.order)
    fulfilment, packed = work.named, packages_of(connection, fulfilment_id)
    if fulfilment.state not in IN_HOUSE or not packed:
        raise fulfilment_conflict(fulfilment.state)
    drop_packages(connection, packed)
    if fulfilment.state is FulfilmentState.PACKED:
        was_picked = still_to_pick(connection, fulfilment_id) is not None
        target = FulfilmentState.PICKING if was_picked else FulfilmentState.OPEN
        become(connection, work, target, kind=UNPACKED, journal=journal)
        return
    name = number_of(work.order.number, fulfilment.position)
    advance(connection, work.order, work.every, kind=UNPACKED, journal=journal, fulfilments=[name])

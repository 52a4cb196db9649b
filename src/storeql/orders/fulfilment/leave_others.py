"""Ships some packages of a fulfilment while the others wait: each part goes its own way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from storeql.db import Connection
from storeql.orders.fulfilment.package_rows import PackageRow, packed_in, save_packages
from storeql.orders.fulfilment.pieces import without
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import (
    Work,
    add_fulfilments,
    fulfilments_of,
    new_fulfilments,
    save_fulfilments,
)
from storeql.orders.fulfilment.states import FulfilmentState


def leave_others(
    connection: Connection,
    work: Work,
    packed: Sequence[PackageRow],
    leaving_ids: Sequence[int],
    *,
    now: int,
) -> Work:
    """The held work with the leaving packages alone (all of them when none is named).

    The others wait as a fulfilment of their own. Raises Rejected unless it is packed.
    """
    staying = [one for one in packed if leaving_ids and one.id not in leaving_ids]
    if not staying:
        return work
    if work.named.state is not FulfilmentState.PACKED:
        raise fulfilment_conflict(work.named.state)
    rest = packed_in(staying)
    leaving = msgspec.structs.replace(work.named, pieces=without(work.named.pieces, rest))
    save_fulfilments(connection, [(work.named, leaving)], now=now)
    parts = [(work.named.warehouse_id, rest)]
    last, state = work.every[-1].position, FulfilmentState.PACKED
    rows = new_fulfilments(work.order.id, parts, after=last, now=now, state=state)
    add_fulfilments(connection, rows)
    every = fulfilments_of(connection, work.order.id)
    moved = [
        (one, msgspec.structs.replace(one, fulfilment_id=every[-1].id, position=position))
        for position, one in enumerate(staying, 1)
    ]
    save_packages(connection, moved, now=now)
    chosen = [one for one in every if one.id == work.named.id]
    return Work(order=work.order, every=every, chosen=chosen)

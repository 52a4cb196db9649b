"""Notes that packages have reached the buyer."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.orders.fulfilment.advance import advance, become
from storeql.orders.fulfilment.package_rows import (
    PackageRow,
    fulfilment_of_package,
    packages_of,
    save_package,
)
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import (
    FulfilmentRow,
    held_with_order,
    number_of,
)
from storeql.orders.fulfilment.states import FulfilmentState, PackageState
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead

DELIVERED = "DELIVERED"
PACKAGE_DELIVERED = "PACKAGE_DELIVERED"


def deliver_fulfilment(
    write: Write, fulfilment_id: int, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the fulfilment, DELIVERED with all its packages; told twice, it stays so.

    Raises Rejected when it was not shipped.
    """
    recorded(
        write,
        lambda connection, journal: _deliver(connection, fulfilment_id, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return fulfilment_id


def deliver_package(connection: Connection, package_id: int, journal: Journal) -> None:
    """Notes that one package came; its fulfilment is delivered with its last one.

    Told twice, or after the whole fulfilment was delivered, it changes nothing. Raises Rejected
    when there is no such package, or it was not shipped.
    """
    fulfilment_id = fulfilment_of_package(connection, package_id)
    if fulfilment_id is None:
        raise refuse("PACKAGE_NOT_FOUND", "There is no such package.", "packageId")
    order, every, fulfilment = held_with_order(connection, fulfilment_id)
    every_package = packages_of(connection, fulfilment_id)
    package = next(one for one in every_package if one.id == package_id)
    if package.state is PackageState.DELIVERED:
        return
    if package.state is not PackageState.SHIPPED:
        raise fulfilment_conflict(package.state, "packageId", what="package")
    _came(connection, [package], now=journal.now)
    others = [one for one in every_package if one.id != package_id]
    if all(one.state is PackageState.DELIVERED for one in others):
        _all_came(connection, order, every, fulfilment, journal)
        return
    name = number_of(order.number, fulfilment.position)
    advance(
        connection,
        order,
        every,
        kind=PACKAGE_DELIVERED,
        journal=journal,
        fulfilment=name,
        package=package.position,
    )


def _deliver(connection: Connection, fulfilment_id: int, journal: Journal) -> None:
    order, every, fulfilment = held_with_order(connection, fulfilment_id)
    if fulfilment.state is FulfilmentState.DELIVERED:
        return
    if fulfilment.state is not FulfilmentState.SHIPPED:
        raise fulfilment_conflict(fulfilment.state)
    _came(connection, packages_of(connection, fulfilment_id), now=journal.now)
    _all_came(connection, order, every, fulfilment, journal)


def _came(connection: Connection, rows: Iterable[PackageRow], *, now: int) -> None:
    for package in rows:
        if package.state is PackageState.SHIPPED:
            after = msgspec.structs.replace(package, state=PackageState.DELIVERED)
            save_package(connection, package, after, now=now)


def _all_came(
    connection: Connection,
    order: OrderHead,
    every: list[FulfilmentRow],
    fulfilment: FulfilmentRow,
    journal: Journal,
) -> None:
    target = FulfilmentState.DELIVERED
    become(connection, order, every, fulfilment, target, kind=DELIVERED, journal=journal)

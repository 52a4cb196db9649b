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
    save_packages,
)
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import Work, fulfilments_of, held_work, number_of
from storeql.orders.fulfilment.states import GONE, FulfilmentState, PackageState
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import held_order, state_conflict

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


def deliver_order(write: Write, order_id: int, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order after all came that was shipped of it; told twice, it stays so.

    Raises Rejected when nothing of it was shipped.
    """

    def work(connection: Connection, journal: Journal) -> None:
        order = held_order(connection, order_id)
        if order is None:
            raise refuse("ORDER_NOT_FOUND", "There is no such order.", "orderId")
        every = fulfilments_of(connection, order_id)
        if not any(one.state in GONE for one in every):
            raise state_conflict(order)
        chosen = [one for one in every if one.state is FulfilmentState.SHIPPED]
        if chosen:
            packed = packages_of(connection, *(one.id for one in chosen))
            work = Work(order=order, every=every, chosen=chosen)
            _came(connection, packed, now=journal.now)
            _all_came(connection, work, packed, journal)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return order_id


def deliver_package(connection: Connection, package_id: int, journal: Journal) -> None:
    """Notes that one package came; its fulfilment is delivered with its last one.

    Told twice, or after the whole fulfilment was delivered, it changes nothing. Raises Rejected
    when there is no such package, or it was not shipped.
    """
    fulfilment_id = fulfilment_of_package(connection, package_id)
    if fulfilment_id is None:
        raise refuse("PACKAGE_NOT_FOUND", "There is no such package.", "packageId")
    work = held_work(connection, fulfilment_id)
    every_package = packages_of(connection, fulfilment_id)
    package = next(one for one in every_package if one.id == package_id)
    if package.state is PackageState.DELIVERED:
        return
    if package.state is not PackageState.SHIPPED:
        raise fulfilment_conflict(package.state, "packageId", what="package")
    _came(connection, [package], now=journal.now)
    others = [one for one in every_package if one.id != package_id]
    if all(one.state is PackageState.DELIVERED for one in others):
        _all_came(connection, work, every_package, journal)
        return
    name = number_of(work.order.number, work.named.position)
    advance(
        connection,
        work.order,
        work.every,
        kind=PACKAGE_DELIVERED,
        journal=journal,
        fulfilments=[name],
        package=package.position,
    )


def _deliver(connection: Connection, fulfilment_id: int, journal: Journal) -> None:
    work = held_work(connection, fulfilment_id)
    if work.named.state is FulfilmentState.DELIVERED:
        return
    if work.named.state is not FulfilmentState.SHIPPED:
        raise fulfilment_conflict(work.named.state)
    packed = packages_of(connection, fulfilment_id)
    _came(connection, packed, now=journal.now)
    _all_came(connection, work, packed, journal)


def _came(connection: Connection, rows: Iterable[PackageRow], *, now: int) -> None:
    pairs = [
        (package, msgspec.structs.replace(package, state=PackageState.DELIVERED))
        for package in rows
        if package.state is PackageState.SHIPPED
    ]
    save_packages(connection, pairs, now=now)


def _all_came(
    connection: Connection, work: Work, packed: Iterable[PackageRow], journal: Journal
) -> None:
    target = FulfilmentState.DELIVERED
    numbers = [one.tracking_number for one in packed if one.tracking_number]
    become(connection, work, target, kind=DELIVERED, journal=journal, trackingNumbers=numbers)

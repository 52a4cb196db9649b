"""Ships packed parcels exactly once: the pieces leave the stock, and the order hears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from storeql.access import Actor
from storeql.catalog.stock.promise import ship
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.orders.fulfilment.advance import become, refuse_unless_workable
from storeql.orders.fulfilment.leave_others import leave_others
from storeql.orders.fulfilment.package_rows import PackageRow, packages_of, save_packages
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import Work, fulfilments_of, held_work, reserved_by
from storeql.orders.fulfilment.states import FulfilmentState, PackageState
from storeql.orders.fulfilment.waybills import (
    OrderShipment,
    ShipWish,
    Waybill,
    by_package,
    checked_shipment,
    checked_wish,
)
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import held_order

SHIPPED = "SHIPPED"

Shipment = Callable[[Connection, Journal], int]


def ship_fulfilment(write: Write, wish: ShipWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment, SHIPPED; with a key that was used before nothing happens.

    Its reservations become pieces that are gone: on hand and reserved go down together. Raises
    Rejected when it is not packed, or its order waits.
    """
    wish = checked_wish(wish)

    def shipment(connection: Connection, journal: Journal) -> int:
        work = held_work(connection, wish.fulfilment_id)
        key = key_of(actor, "fulfilmentShip", wish.idempotency_key, wish)
        if object_of(connection, key) is None:
            packed = packages_of(connection, wish.fulfilment_id)
            waybills = by_package(wish.waybills, packed, wish.package_ids)
            work = leave_others(connection, work, packed, wish.package_ids, now=journal.now)
            send(connection, work, waybills, journal)
            keep_key(connection, key, object_id=wish.fulfilment_id, now=journal.now)
        return work.order.id

    _settled(write, shipment, actor=actor, hooks=hooks, now=now)
    return wish.fulfilment_id


def ship_order(write: Write, wish: OrderShipment, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order after all that is packed of it left; the same key, once.

    Raises Rejected when nothing of it is packed, or it waits.
    """
    wish = checked_shipment(wish)

    def shipment(connection: Connection, journal: Journal) -> int:
        work = _packed_of(connection, wish.order_id)
        name = f"{wish.idempotency_key}:{wish.order_id}"
        key = key_of(actor, "ordersShip", name, wish)
        if object_of(connection, key) is None:
            packed = packages_of(connection, *(one.id for one in work.chosen))
            numbers = dict(zip((one.id for one in packed), wish.tracking_numbers, strict=False))
            waybills = [
                Waybill(
                    package_id=one.id,
                    carrier=wish.carrier or one.carrier,
                    tracking_number=numbers.get(one.id, one.tracking_number),
                )
                for one in packed
            ]
            send(connection, work, {one.package_id: one for one in waybills}, journal)
            keep_key(connection, key, object_id=wish.order_id, now=journal.now)
        return wish.order_id

    _settled(write, shipment, actor=actor, hooks=hooks, now=now)
    return wish.order_id


def send(
    connection: Connection, work: Work, waybills: Mapping[int, Waybill], journal: Journal
) -> Work:
    """The held work after its chosen fulfilments left; raises Rejected unless they are packed."""
    refuse_unless_workable(work.order)
    unpacked = [one for one in work.chosen if one.state is not FulfilmentState.PACKED]
    if unpacked or not work.chosen:
        raise fulfilment_conflict(unpacked[0].state if unpacked else FulfilmentState.OPEN)
    packed = packages_of(connection, *(one.id for one in work.chosen))
    save_packages(connection, _sent(packed, waybills), now=journal.now)
    ship(
        connection,
        reserved_by(work.chosen),
        now=journal.now,
        actor=journal.actor,
        reference=f"order:{work.order.id}",
    )
    numbers = [one.tracking_number for one in waybills.values() if one.tracking_number]
    return become(
        connection,
        work,
        FulfilmentState.SHIPPED,
        kind=SHIPPED,
        journal=journal,
        packages=len(packed),
        trackingNumbers=numbers,
    )


def _settled(write: Write, shipment: Shipment, *, actor: Actor, hooks: Hooks, now: int) -> None:
    """Runs a shipment in its transaction; what asks others about it comes after the commit."""
    recorded(write, shipment, hooks=hooks, actor=actor.key, now=now)


def _packed_of(connection: Connection, order_id: int) -> Work:
    order = held_order(connection, order_id)
    if order is None:
        raise refuse("ORDER_NOT_FOUND", "There is no such order.", "orderId")
    every = fulfilments_of(connection, order_id)
    packed = [one for one in every if one.state is FulfilmentState.PACKED]
    return Work(order=order, every=every, chosen=packed)


def _sent(
    packed: Sequence[PackageRow], waybills: Mapping[int, Waybill]
) -> list[tuple[PackageRow, PackageRow]]:
    """The packages before and after they left."""
    pairs: list[tuple[PackageRow, PackageRow]] = []
    for package in packed:
        known = Waybill(
            package_id=package.id,
            carrier=package.carrier,
            tracking_number=package.tracking_number,
        )
        waybill = waybills.get(package.id, known)
        after = msgspec.structs.replace(
            package,
            state=PackageState.SHIPPED,
            carrier=waybill.carrier,
            tracking_number=waybill.tracking_number,
        )
        pairs.append((package, after))
    return pairs

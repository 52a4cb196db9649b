"""Ships packed parcels exactly once: the pieces leave the stock, and the order hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from storeql.access import Actor
from storeql.catalog.stock.promise import ship
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.advance import become, refuse_unless_workable
from storeql.orders.fulfilment.package_rows import PackageRow, packages_of, save_package
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import held_with_order, reserved_by
from storeql.orders.fulfilment.states import FulfilmentState, PackageState
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded

MUTATION = "fulfilmentShip"
SHIPPED = "SHIPPED"
LONGEST_CARRIER = 64
LONGEST_TRACKING = 128


class Waybill(Struct, frozen=True, kw_only=True):
    """Who carries a package, and the number it is followed by."""

    package_id: int
    carrier: str = ""
    tracking_number: str = ""


class ShipWish(Struct, frozen=True, kw_only=True):
    """A packed fulfilment that leaves; `waybills` for the packages whose carrier is known."""

    fulfilment_id: int
    idempotency_key: str
    waybills: Sequence[Waybill] = ()


def ship_fulfilment(write: Write, wish: ShipWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment, SHIPPED; with a key that was used before nothing happens.

    Its reservations become pieces that are gone: on hand and reserved go down together. Raises
    Rejected when it is not packed, or its order waits.
    """
    recorded(
        write,
        lambda connection, journal: _ship_once(connection, wish, journal=journal, actor=actor),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return wish.fulfilment_id


def _ship_once(connection: Connection, wish: ShipWish, *, journal: Journal, actor: Actor) -> None:
    wish = _checked(wish)
    order, every, fulfilment = held_with_order(connection, wish.fulfilment_id)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish)
    if object_of(connection, key) is not None:
        return
    refuse_unless_workable(order)
    if fulfilment.state is not FulfilmentState.PACKED:
        raise fulfilment_conflict(fulfilment.state)
    packed = packages_of(connection, fulfilment.id)
    _send(connection, packed, _by_package(wish, packed), now=journal.now)
    ship(
        connection,
        reserved_by([fulfilment]),
        now=journal.now,
        actor=journal.actor,
        reference=f"order:{order.id}",
    )
    become(
        connection,
        order,
        every,
        fulfilment,
        FulfilmentState.SHIPPED,
        kind=SHIPPED,
        journal=journal,
        packages=len(packed),
        tracking_numbers=[one.tracking_number for one in wish.waybills if one.tracking_number],
    )
    keep_key(connection, key, object_id=fulfilment.id, now=journal.now)


def _send(
    connection: Connection,
    packed: Sequence[PackageRow],
    waybills: Mapping[int, Waybill],
    *,
    now: int,
) -> None:
    for package in packed:
        waybill = waybills.get(package.id)
        after = msgspec.structs.replace(
            package,
            state=PackageState.SHIPPED,
            carrier=package.carrier if waybill is None else waybill.carrier,
            tracking_number=(
                package.tracking_number if waybill is None else waybill.tracking_number
            ),
        )
        save_package(connection, package, after, now=now)


def _by_package(wish: ShipWish, packed: Sequence[PackageRow]) -> Mapping[int, Waybill]:
    fields, known = Fields(), {one.id for one in packed}
    entries = zip(fields.each("packages", len(wish.waybills)), wish.waybills, strict=True)
    seen: set[int] = set()
    for at, waybill in entries:
        if waybill.package_id not in known:
            at.missing("package", "packageId")
        elif waybill.package_id in seen:
            at.report("DUPLICATE", "This package comes twice.", "packageId")
        seen.add(waybill.package_id)
    fields.refuse_problems()
    return {one.package_id: one for one in wish.waybills}


def _checked(wish: ShipWish) -> ShipWish:
    fields = Fields()
    fields.count("packages", wish.waybills, most=100)
    entries = zip(fields.each("packages", len(wish.waybills)), wish.waybills, strict=True)
    waybills = [
        Waybill(
            package_id=one.package_id,
            carrier=at.line("carrier", one.carrier, most=LONGEST_CARRIER, required=False),
            tracking_number=at.line(
                "trackingNumber", one.tracking_number, most=LONGEST_TRACKING, required=False
            ),
        )
        for at, one in entries
    ]
    fields.refuse_problems()
    return msgspec.structs.replace(wish, waybills=waybills)

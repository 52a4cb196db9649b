"""Gives packed packages their waybills before they leave, so that labels can be printed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.advance import advance, refuse_unless_workable
from storeql.orders.fulfilment.package_rows import packages_of, save_package
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import held_with_order, number_of
from storeql.orders.fulfilment.ship import Waybill, checked_waybills, waybills_by_package
from storeql.orders.fulfilment.states import IN_HOUSE
from storeql.orders.journal import Journal, recorded

LABELLED = "LABELLED"


class LabelWish(Struct, frozen=True, kw_only=True):
    """Waybills for packages of a fulfilment that is still in the house."""

    fulfilment_id: int
    waybills: Sequence[Waybill]


def label_fulfilment(
    write: Write, wish: LabelWish, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the fulfilment; packages that are not named keep what they have.

    Raises Rejected once it has left, and for a package that is not one of its own.
    """
    recorded(
        write,
        lambda connection, journal: _label(connection, wish, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return wish.fulfilment_id


def _label(connection: Connection, wish: LabelWish, journal: Journal) -> None:
    waybills = checked_waybills(Fields(), wish.waybills, least=1)
    order, every, fulfilment = held_with_order(connection, wish.fulfilment_id)
    refuse_unless_workable(order)
    if fulfilment.state not in IN_HOUSE:
        raise fulfilment_conflict(fulfilment.state)
    packed = packages_of(connection, fulfilment.id)
    given = waybills_by_package(waybills, packed)
    changed = [one for one in packed if one.id in given]
    for package in changed:
        waybill = given[package.id]
        after = msgspec.structs.replace(
            package, carrier=waybill.carrier, tracking_number=waybill.tracking_number
        )
        save_package(connection, package, after, now=journal.now)
    advance(
        connection,
        order,
        every,
        kind=LABELLED,
        journal=journal,
        fulfilment=number_of(order.number, fulfilment.position),
        tracking_numbers=[one.tracking_number for one in waybills],
    )

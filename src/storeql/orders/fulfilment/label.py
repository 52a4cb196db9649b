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
from storeql.orders.fulfilment.package_rows import packages_of, save_packages
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import held_work, number_of
from storeql.orders.fulfilment.states import IN_HOUSE
from storeql.orders.fulfilment.waybills import MOST_WAYBILLS, Waybill, by_package, checked_waybills
from storeql.orders.journal import Journal, recorded

LABELLED = "LABELLED"


class LabelWish(Struct, frozen=True, kw_only=True):
    """Waybills for packages of a fulfilment that is still in the house."""

    fulfilment_id: int
    waybills: Sequence[Waybill]


def label_fulfilment(write: Write, wish: LabelWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment; packages that are not named keep what they have.

    Raises Rejected once it has left, and for a package that is not one of its own.
    """
    fields = Fields()
    fields.count("packages", wish.waybills, least=1, most=MOST_WAYBILLS)
    waybills = checked_waybills(fields, wish.waybills)
    fields.refuse_problems()
    recorded(
        write,
        lambda connection, journal: _label(connection, wish.fulfilment_id, waybills, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return wish.fulfilment_id


def _label(
    connection: Connection, fulfilment_id: int, waybills: Sequence[Waybill], journal: Journal
) -> None:
    work = held_work(connection, fulfilment_id)
    refuse_unless_workable(work.order)
    if work.named.state not in IN_HOUSE:
        raise fulfilment_conflict(work.named.state)
    packed = packages_of(connection, fulfilment_id)
    given = by_package(waybills, packed)
    changes = [
        (
            package,
            msgspec.structs.replace(
                package,
                carrier=given[package.id].carrier,
                tracking_number=given[package.id].tracking_number,
            ),
        )
        for package in packed
        if package.id in given
    ]
    save_packages(connection, changes, now=journal.now)
    advance(
        connection,
        work.order,
        work.every,
        kind=LABELLED,
        journal=journal,
        fulfilments=[number_of(work.order.number, work.named.position)],
        trackingNumbers=[one.tracking_number for one in waybills],
    )

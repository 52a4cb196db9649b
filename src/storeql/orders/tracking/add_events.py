"""Takes in what carriers tell: each event once, in any order, as often as it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.deliver import deliver_package
from storeql.orders.fulfilment.package_rows import packages_of
from storeql.orders.fulfilment.rows import Work, held_work, number_of
from storeql.orders.fulfilment.states import PackageState
from storeql.orders.fulfilment.tables import packages
from storeql.orders.journal import Journal, recorded
from storeql.orders.tracking.events import ToldEvent, TrackingNews, checked_events
from storeql.orders.tracking.states import Happened, TrackingKind, status_of
from storeql.orders.tracking.tables import package_estimates, tracking_events

TRACKED = "TRACKED"

_package, _event, _estimate = packages.c, tracking_events.c, package_estimates.c
_FIND = statement(
    select(_package.id, _package.fulfilment_id)
    .where(
        _package.tracking_number == bindparam("number"),
        or_(bindparam("carrier") == "", _package.carrier == bindparam("carrier")),
    )
    .order_by(_package.id.desc())
    .limit(1)
)
_ADD = statement(
    insert(tracking_events).on_conflict_do_nothing(),
    "package_id",
    "source_id",
    "kind",
    "at",
    "place",
    "message",
    "received_at",
)
_KNOWN = statement(
    select(_event.kind, _event.at, _event.source_id).where(
        _event.package_id == bindparam("package_id")
    )
)
_new = insert(package_estimates)
_EXPECT = statement(
    _new.on_conflict_do_update(
        index_elements=["package_id"],
        set_={"estimated_at": _new.excluded.estimated_at, "told_at": _new.excluded.told_at},
        where=_estimate.told_at <= _new.excluded.told_at,
    ),
    "package_id",
    "estimated_at",
    "told_at",
)


def add_tracking(write: Write, news: TrackingNews, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment whose package the news is about.

    A package that is told to be delivered is delivered, and its order with the last one. Raises
    Rejected with all problems: PACKAGE_NOT_FOUND for a number that no package has.
    """
    fields = Fields()
    number = fields.line("trackingNumber", news.tracking_number, most=128)
    carrier = fields.line("carrier", news.carrier, most=64, required=False)
    events = checked_events(fields, news.events)
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> int:
        found = connection.one(_FIND, number=number, carrier=carrier)
        if found is None:
            raise refuse("PACKAGE_NOT_FOUND", "No package has this number.", "trackingNumber")
        package_id, fulfilment_id = found
        held = held_work(connection, fulfilment_id)
        before = status_of(_known(connection, package_id))
        _keep(connection, package_id, events, now=journal.now)
        _expect(connection, package_id, news, now=journal.now)
        after = status_of(_known(connection, package_id))
        _follow(connection, held, package_id, before, after, journal)
        return int(fulfilment_id)

    return recorded(write, work, hooks=hooks, actor=actor.key, now=now)


def _keep(
    connection: Connection, package_id: int, events: Iterable[ToldEvent], *, now: int
) -> None:
    rows = [
        {
            "package_id": package_id,
            "source_id": one.source_id,
            "kind": one.kind.value,
            "at": one.at,
            "place": one.place,
            "message": one.message,
            "received_at": now,
        }
        for one in events
    ]
    connection.run_many(_ADD, rows)


def _expect(connection: Connection, package_id: int, news: TrackingNews, *, now: int) -> None:
    if news.estimated_at is not None:
        told_at = now if news.told_at is None else news.told_at
        connection.run(
            _EXPECT, package_id=package_id, estimated_at=news.estimated_at, told_at=told_at
        )


def _known(connection: Connection, package_id: int) -> Sequence[Happened]:
    rows = connection.rows(_KNOWN, package_id=package_id)
    return [Happened(TrackingKind(kind), at, source_id) for kind, at, source_id in rows]


def _follow(
    connection: Connection,
    work: Work,
    package_id: int,
    before: TrackingKind | None,
    after: TrackingKind | None,
    journal: Journal,
) -> None:
    """Delivers what was delivered, and notes where a package is once that is another place."""
    [package] = [one for one in packages_of(connection, work.named.id) if one.id == package_id]
    if after is not before and after is not None:
        state = work.order.state.value
        name = f"{number_of(work.order.number, work.named.position)}-{package.position}"
        journal.note(
            work.order.id,
            TRACKED,
            channel_id=work.order.channel_id,
            before=state,
            after=state,
            package=name,
            status=after.value,
        )
    if after is TrackingKind.DELIVERED and package.state is PackageState.SHIPPED:
        deliver_package(connection, package_id, journal)

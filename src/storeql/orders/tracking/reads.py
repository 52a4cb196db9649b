"""Reads where packages are, two statements for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from storeql.db import Connection, any_of, statement
from storeql.orders.tracking.records import Tracking, TrackingEvent
from storeql.orders.tracking.states import Happened, TrackingKind, status_of
from storeql.orders.tracking.tables import package_estimates, tracking_events

_event, _estimate = tracking_events.c, package_estimates.c
_EVENTS = statement(
    select(
        _event.package_id,
        _event.id,
        _event.kind,
        _event.at,
        _event.place,
        _event.message,
        _event.source_id,
    )
    .where(any_of(_event.package_id, "ids"))
    .order_by(_event.package_id, _event.at.desc(), _event.id.desc())
)
_ESTIMATES = statement(
    select(_estimate.package_id, _estimate.estimated_at).where(any_of(_estimate.package_id, "ids"))
)


def load_tracking(connection: Connection, package_ids: Sequence[int]) -> dict[int, Tracking]:
    """Where each package is, its newest event first; one entry for every package."""
    if not package_ids:
        return {}
    events: dict[int, list[TrackingEvent]] = {row: [] for row in package_ids}
    happened: dict[int, list[Happened]] = {row: [] for row in package_ids}
    for package_id, row, kind, at, place, message, source in connection.rows(
        _EVENTS, ids=list(package_ids)
    ):
        happened[package_id].append(Happened(TrackingKind(kind), at, source))
        events[package_id].append(
            TrackingEvent(id=row, kind=kind, at=at, place=place, message=message)
        )
    expected: dict[int, int] = dict(connection.rows(_ESTIMATES, ids=list(package_ids)))
    return {
        row: Tracking(
            status=status_of(happened[row]), events=events[row], estimated_at=expected.get(row)
        )
        for row in package_ids
    }

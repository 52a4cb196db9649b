"""What somebody tells of a package, checked; an event without a name gets one from its content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec import Struct

from storeql.inputs import Fields
from storeql.orders.tracking.states import TrackingKind

MOST_EVENTS = 100
LONGEST_SOURCE = 64
LONGEST_PLACE = 200
LONGEST_MESSAGE = 500


class ToldEvent(Struct, frozen=True, kw_only=True):
    """An event as it is told; `source_id` is the carrier's name for it, empty when it has none."""

    kind: TrackingKind
    at: int
    source_id: str = ""
    place: str = ""
    message: str = ""


class TrackingNews(Struct, frozen=True, kw_only=True):
    """What a carrier tells of the package with a number.

    `carrier` is empty when the number is enough. `told_at` orders expectations: an older one
    never replaces a newer one.
    """

    tracking_number: str
    carrier: str = ""
    events: Sequence[ToldEvent] = ()
    estimated_at: int | None = None
    told_at: int | None = None


def checked_events(fields: Fields, told: Sequence[ToldEvent]) -> list[ToldEvent]:
    """The events with clean texts and a name each; what is wrong is noted in `fields`."""
    fields.count("events", told, most=MOST_EVENTS)
    entries = zip(fields.each("events", len(told)), told, strict=True)
    return [_checked(at, one) for at, one in entries]


def _checked(fields: Fields, told: ToldEvent) -> ToldEvent:
    place = fields.line("place", told.place, most=LONGEST_PLACE, required=False)
    message = fields.line("message", told.message, most=LONGEST_MESSAGE, required=False)
    source_id = fields.line("sourceId", told.source_id, most=LONGEST_SOURCE, required=False)
    event = ToldEvent(kind=told.kind, at=told.at, place=place, message=message)
    return ToldEvent(
        kind=told.kind,
        at=told.at,
        place=place,
        message=message,
        source_id=source_id or digest_of(event),
    )


def digest_of(event: ToldEvent) -> str:
    """A name for an event that has none: the same event has the same name."""
    parts = (event.kind.value, str(event.at), event.place, event.message)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

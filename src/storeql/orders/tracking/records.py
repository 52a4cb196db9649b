"""What reads of tracking return."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class TrackingEvent(Struct, frozen=True, kw_only=True):
    """Something that happened to a package on its way."""

    id: int
    kind: str
    at: int
    place: str
    message: str


class Tracking(Struct, frozen=True, kw_only=True):
    """Where a package is: `status` is a TrackingKind, None before its first event."""

    status: str | None
    events: Sequence[TrackingEvent]
    estimated_at: int | None

"""The vocabulary of tracking, and the one function from a set of events to where a package is."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class TrackingKind(StrEnum):
    """What happened to a package, in the order in which it usually does."""

    LABEL_CREATED = "LABEL_CREATED"
    ACCEPTED = "ACCEPTED"
    IN_TRANSIT = "IN_TRANSIT"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    ATTEMPT_FAILED = "ATTEMPT_FAILED"
    EXCEPTION = "EXCEPTION"
    DELIVERED = "DELIVERED"
    RETURNED = "RETURNED"


FINAL = (TrackingKind.RETURNED, TrackingKind.DELIVERED)
_ORDER = {kind: place for place, kind in enumerate(TrackingKind)}


class Happened(Struct, frozen=True):
    """A kind of event at an instant, with the name that tells it from others."""

    kind: TrackingKind
    at: int
    source_id: str


def status_of(events: Iterable[Happened]) -> TrackingKind | None:
    """Where a package with these events is; None without any.

    The answer depends on the set alone: carriers repeat themselves, and tell late what happened
    early. RETURNED is the end whatever else is told, DELIVERED unless it came back; otherwise the
    last event counts, of those at one instant the one further on its way.
    """
    known = list(events)
    for final in FINAL:
        if any(one.kind is final for one in known):
            return final
    if not known:
        return None
    last = max(known, key=lambda one: (one.at, _ORDER[one.kind], one.source_id))
    return last.kind

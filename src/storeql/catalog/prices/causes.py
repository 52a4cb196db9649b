"""Why a price changed: what every write of prices says of itself, for the history."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from storeql.inputs import Fields

LONGEST_REASON = 500


class CauseKind(StrEnum):
    """What changed a price."""

    MANUAL = "MANUAL"
    IMPORT = "IMPORT"
    SCHEDULE = "SCHEDULE"
    PRICE_LIST = "PRICE_LIST"
    REPRICING = "REPRICING"
    UNDO = "UNDO"
    PROPAGATION = "PROPAGATION"


class Cause(Struct, frozen=True, kw_only=True):
    """Who changes prices, how and why; `reference` names what did it, such as `repricing:7`."""

    kind: CauseKind
    actor: str
    reason: str = ""
    reference: str = ""


class Forced(Struct, frozen=True, kw_only=True):
    """Floors (by variant and channel) that a change goes below, and why."""

    floors: Mapping[tuple[int, int], int] = {}
    reason: str = ""


NOT_FORCED = Forced()


def by_hand(actor: str, reason: str = "") -> Cause:
    """A change that somebody makes directly."""
    return Cause(kind=CauseKind.MANUAL, actor=actor, reason=reason)


def checked_cause(fields: Fields, cause: Cause) -> Cause:
    """The cause with its reason, at the input's `reason`, in the form it is kept in."""
    reason = fields.line("reason", cause.reason, most=LONGEST_REASON, required=False)
    return replace(cause, reason=reason)


def checked_reason(fields: Fields, reason: str) -> str:
    """Why prices may go below floors, at the input's `belowFloorReason`; empty for no reason."""
    return fields.line("belowFloorReason", reason, most=LONGEST_REASON, required=False)

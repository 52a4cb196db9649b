"""What reads of scheduled prices return, and what their writes are asked for.

Amounts are decimal texts in inputs and minor units of `currency` here.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from storeql.catalog.records import Variant


class ScheduleState(StrEnum):
    """Where a scheduled price is in its life."""

    UPCOMING = "UPCOMING"
    RUNNING = "RUNNING"
    ENDED = "ENDED"


class PriceSchedule(Struct, frozen=True, kw_only=True):
    """A price in a half-open window, in place of a channel's or of that of a list's entry."""

    id: int
    variant_id: int
    channel_id: int | None
    entry_id: int | None
    price_list_id: int | None
    from_quantity: int
    price_minor: int
    compare_at_minor: int | None
    floor_minor: int | None
    starts_at: int
    ends_at: int | None
    created_by: str
    reason: str
    created_at: int
    version: int
    currency: str
    state: ScheduleState
    variant: Variant | None = None


class ScheduleInput(Struct, frozen=True, kw_only=True):
    """A price to schedule, for a variant in a channel or for an entry of a list (`entry_id`).

    `starts_at` None, or an instant that is past, is now; `ends_at` None is for good.
    """

    variant_id: int | None = None
    channel_id: int | None = None
    entry_id: int | None = None
    price: str
    compare_at_price: str | None = None
    starts_at: int | None = None
    ends_at: int | None = None


class ScheduleUpdate(Struct, frozen=True, kw_only=True):
    """What to change of a scheduled price; what has begun keeps its start."""

    id: int
    expected_version: int | None = None
    price: str | UnsetType = UNSET
    compare_at_price: str | UnsetType | None = UNSET
    starts_at: int | UnsetType = UNSET
    ends_at: int | UnsetType | None = UNSET

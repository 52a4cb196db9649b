"""What reads of webhooks return."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from storeql.events.records import Event


class DeliveryState(Enum):
    """WAITING: to be sent, now or later. DELIVERED: the receiver took it. DEAD: given up."""

    WAITING = "WAITING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"


class Subscription(Struct, frozen=True, kw_only=True):
    """Who wants to hear of what; `pause_reason` is empty unless it is paused."""

    id: int
    name: str
    url: str
    kinds: Sequence[str]
    channel_id: int | None
    document: str
    is_active: bool
    owner: str
    secret_salt: str
    previous_salt: str | None
    previous_until: int | None
    failing_since: int | None
    paused_at: int | None
    pause_reason: str
    created_at: int
    updated_at: int
    version: int
    waiting: int = 0
    dead: int = 0


class Attempt(Struct, frozen=True, kw_only=True):
    """One time that a delivery was sent; `status` is None when nobody answered."""

    id: int
    delivery_id: int
    number: int
    at: int
    milliseconds: int
    status: int | None
    error: str
    response: str


class Delivery(Struct, frozen=True, kw_only=True):
    """One event for one subscription. Relations that were not asked for are empty."""

    id: int
    subscription_id: int
    event_id: int
    kind: str
    state: DeliveryState
    attempt_count: int
    due_at: int
    created_at: int
    finished_at: int | None
    event: Event | None = None
    attempts: Sequence[Attempt] = ()

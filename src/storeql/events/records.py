"""What reads of events return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened; `number` is 0 while it has none, `facts` are as they are stored.

    `object` is what it is about, where that was asked for.
    """

    id: int
    kind: str
    subject: str
    object_id: int
    channel_id: int | None
    actor: str
    facts: Mapping[str, Any]
    at: int
    number: int
    object: Any = None

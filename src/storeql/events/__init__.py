"""What happened in the shop, written with the change itself, for those outside who listen."""

from storeql.events.kinds import EventKind, EventKinds
from storeql.events.tell import hears, tell

__all__ = ["EventKind", "EventKinds", "hears", "tell"]

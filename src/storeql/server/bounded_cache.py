"""A least recently used cache bounded by entries and by weight, shared between threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Keeps the entries used last; an entry heavier than the whole cache is not kept."""

    def __init__(self, *, entries: int, weight: int) -> None:
        self._most_entries = entries
        self._most_weight = weight
        self._weight = 0
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """The value kept for `key`."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None:
                return None
            self._values.move_to_end(key)
            return kept[0]

    def keep(self, key: Key, value: Value, weight: int) -> None:
        """Keeps `value` unless `key` has one already, letting go of what was used longest ago."""
        if weight > self._most_weight:
            return
        with self._lock:
            if key in self._values:
                return
            self._values[key] = (value, weight)
            self._weight += weight
            while len(self._values) > self._most_entries or self._weight > self._most_weight:
                _, (_, gone) = self._values.popitem(last=False)
                self._weight -= gone

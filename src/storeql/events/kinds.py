"""What a kind of event is: its stable name, what it is about, who may hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from storeql.access import Permission


class EventKind(Struct, frozen=True, kw_only=True):
    """A kind of event.

    `name` never changes, for receivers know it by that. `subject` is the GraphQL type of the
    object it is about, `permission` what one needs to hear of it. `Facts` is what the event itself
    knows beside its object: a struct whose fields each carry a description (`said`).
    """

    name: str
    subject: str
    permission: Permission
    description: str
    Facts: type[Struct] | None = None


class EventKinds:
    """The kinds that a shop knows, by name; ValueError when two have the same."""

    def __init__(self, kinds: Iterable[EventKind]) -> None:
        self._by_name: dict[str, EventKind] = {}
        for kind in kinds:
            if kind.name in self._by_name:
                raise ValueError(f"Two kinds of events are called {kind.name}.")
            self._by_name[kind.name] = kind

    def get(self, name: str) -> EventKind | None:
        """The kind of this name; None for one that this version does not know."""
        return self._by_name.get(name)

    def __iter__(self) -> Iterator[EventKind]:
        return iter(self._by_name.values())

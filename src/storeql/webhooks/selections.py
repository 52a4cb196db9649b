"""What a subscriber selects of an event, as a GraphQL query; the door of the shop runs it."""

from __future__ import annotations

from typing import Protocol

from storeql.access import Actor
from storeql.inputs import Fields

DEFAULT = "{ event { id kind sequence at actor objectId } }"
LONGEST = 20_000


class Unfit(Exception):
    """A selection that this version of the shop cannot run, in one sentence."""


class Selections(Protocol):
    """Checks and runs selections against the schema."""

    def check(self, fields: Fields, document: str, *, granted: frozenset[str]) -> None:
        """Notes at `query` all that is wrong with a selection: syntax, schema, cost, and every
        field that these permissions do not let through."""
        ...

    def body(self, document: str, *, event_id: int, owner: Actor, now: int) -> bytes:
        """The answer about an event as JSON, with the owner's permissions; raises Unfit."""
        ...


class _NoSelections:
    """Stands in where no schema is at hand, as for commands: nothing can be selected there."""

    def check(self, fields: Fields, document: str, *, granted: frozenset[str]) -> None:
        fields.report("NO_SCHEMA", "Selections can only be saved through the API.", "query")

    def body(self, document: str, *, event_id: int, owner: Actor, now: int) -> bytes:
        raise Unfit("No schema is at hand.")


NO_SELECTIONS: Selections = _NoSelections()


def text_of(document: str) -> str:
    """The selection to run: the plain one where none was given."""
    return document or DEFAULT

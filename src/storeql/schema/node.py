"""Refetching any object by its id: `node` and `nodes`.

A domain's schema file registers how its types are read with `@refetches("Product")`.
"""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from storeql.errors import BadInput
from storeql.schema.fields import argument, field
from storeql.schema.ids import Node, read_id

MOST_NODES = 100

Refetch = Callable[[Info[Any, Any], list[int]], dict[int, Any]]

REFETCHES: dict[str, Refetch] = {}


def refetches(type_name: str) -> Callable[[Refetch], Refetch]:
    """Registers how rows of a type are read again; what the actor may not see is left out.

    The function gets the row numbers and answers records by row number, in constant statements.
    """

    def register(refetch: Refetch) -> Refetch:
        REFETCHES[type_name] = refetch
        return refetch

    return register


@strawberry.type
class NodeQuery:
    """The Relay root fields."""

    @field("Any object by its id; null when there is none that you may see.")
    def node(
        self, info: Info[Any, Any], id: Annotated[strawberry.ID, argument("The object's id.")]
    ) -> Node | None:
        found: Node | None = read_nodes(info, [id])[0]
        return found

    @field("Several objects by their ids, in the same order, null for those that are not there.")
    def nodes(
        self,
        info: Info[Any, Any],
        ids: Annotated[list[strawberry.ID], argument("The ids, at most 100.")],
    ) -> list[Node | None]:
        return read_nodes(info, ids)


def read_nodes(info: Info[Any, Any], ids: list[strawberry.ID]) -> list[Any]:
    """The records behind ids; one read per type among them. Raises BadInput for a bad id."""
    if len(ids) > MOST_NODES:
        raise BadInput(f"Ask for at most {MOST_NODES} nodes at once.")
    wanted = [read_id(one) for one in ids]
    rows: dict[str, list[int]] = {}
    for type_name, row in wanted:
        rows.setdefault(type_name, []).append(row)
    found = {
        type_name: REFETCHES[type_name](info, sorted(set(numbers)))
        for type_name, numbers in rows.items()
        if type_name in REFETCHES
    }
    return [found.get(type_name, {}).get(row) for type_name, row in wanted]

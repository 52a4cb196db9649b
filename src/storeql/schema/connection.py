"""Relay connections, with `nodes` beside `edges`, over the pages that resolvers return."""

from collections.abc import Sequence
from typing import Annotated, Generic, TypeAlias, TypeVar

import strawberry

from storeql.db.paging import PageInfo as PageInfoRecord
from storeql.db.paging import PageRequest
from storeql.schema.fields import answers, argument, attribute

NodeType = TypeVar("NodeType")

First: TypeAlias = Annotated[
    int | None, argument("How many entries from the start or `after`, at most 100. Default 20.")
]
After: TypeAlias = Annotated[str | None, argument("The cursor to go on after.")]
Last: TypeAlias = Annotated[int | None, argument("How many entries up to the end or `before`.")]
Before: TypeAlias = Annotated[str | None, argument("The cursor to stop before.")]


@strawberry.type(description="Whether a list goes on, and the cursors of this page's ends.")
@answers(PageInfoRecord)
class PageInfo:
    """Relay page information."""

    has_next_page: bool = attribute("There is more after this page.")
    has_previous_page: bool = attribute("There is more before this page.")
    start_cursor: str | None = attribute("The cursor of the first entry; null on an empty page.")
    end_cursor: str | None = attribute("The cursor of the last entry; null on an empty page.")


@strawberry.type(description="An entry of a list with its place in it.")
class Edge(Generic[NodeType]):
    """A Relay edge."""

    cursor: str = attribute("The entry's place, for `after` and `before`.")
    node: NodeType = attribute("The entry.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[NodeType]):
    """A Relay connection."""

    nodes: Sequence[NodeType] = attribute("The entries of this page.")
    edges: Sequence[Edge[NodeType]] = attribute("The entries with their cursors.")
    page_info: PageInfo = attribute("Whether there is more.")
    total_count: int | None = attribute("How many entries there are in all; counted when asked.")


def page_request(
    first: int | None, after: str | None, last: int | None, before: str | None
) -> PageRequest:
    """The page a connection's arguments ask for."""
    return PageRequest(first=first, after=after, last=last, before=before)

"""Keyset pagination: pages found by the last row seen, never by counting rows to skip.

A list is sorted by one column and the row number; a cursor holds both values of a row, so a page
deep in the list costs what the first one costs.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Select, bindparam, tuple_

from storeql.db.selection import Selection
from storeql.errors import BadInput

Node = TypeVar("Node")

LARGEST_PAGE = 100
DEFAULT_PAGE = 20


class PageRequest(Struct, frozen=True, kw_only=True):
    """The four arguments of a connection as the client sent them."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


class Window(Struct, frozen=True):
    """A checked page request: `size` rows after (or, backward, before) a row."""

    size: int
    backward: bool
    position: tuple[Any, int] | None

    @property
    def shape(self) -> tuple[bool, bool]:
        """What of the window changes a statement's text: backward, and whether from a row."""
        return self.backward, self.position is not None

    @property
    def params(self) -> dict[str, Any]:
        """The parameters that `windowed` puts into a statement."""
        params: dict[str, Any] = {"page_limit": self.size + 1}
        if self.position is not None:
            params["page_value"], params["page_id"] = self.position
        return params


class PageInfo(Struct, frozen=True):
    """Whether there is more on either side, and the cursors of the page's ends."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Edge(Struct, Generic[Node], frozen=True):
    """A node with its place in the list."""

    cursor: str
    node: Node


class Page(Struct, Generic[Node], frozen=True):
    """One page of a list; `edges` and `page_info` only when asked for."""

    nodes: Sequence[Node]
    edges: Sequence[Edge[Node]] = ()
    page_info: PageInfo | None = None
    total_count: int | None = None


def window_of(request: PageRequest, sort: str, kind: type[Any] = int) -> Window:
    """Checks a page request for a list sorted by `sort`, whose values are of `kind`.

    Raises BadInput for a page over 100, for both directions at once, and for a cursor that was
    not given out by a list of this sort.
    """
    forward = request.first is not None or request.after is not None
    backward = request.last is not None or request.before is not None
    if forward and backward:
        raise BadInput("Page forward with first and after, or backward with last and before.")
    size = request.last if backward else request.first
    size = DEFAULT_PAGE if size is None else size
    if not 0 <= size <= LARGEST_PAGE:
        raise BadInput(f"A page has at most {LARGEST_PAGE} entries and never less than 0.")
    cursor = request.before if backward else request.after
    position = None if cursor is None else read_cursor(cursor, sort, kind)
    return Window(size, backward, position)


def windowed(
    query: Select[Any],
    window_shape: tuple[bool, bool],
    *,
    value: ColumnElement[Any],
    row: ColumnElement[int],
    descending: bool = False,
) -> Select[Any]:
    """The query sorted by (value, row) and cut to a window of this shape."""
    backward, from_row = window_shape
    falling = descending != backward
    if from_row:
        at = tuple_(bindparam("page_value", type_=value.type), bindparam("page_id", type_=row.type))
        here = tuple_(value, row)
        query = query.where(here < at if falling else here > at)
    order = (value.desc(), row.desc()) if falling else (value.asc(), row.asc())
    return query.order_by(*order).limit(bindparam("page_limit"))


def cut(rows: list[Any], window: Window) -> tuple[list[Any], bool]:
    """The window's rows in list order, and whether there were more beyond them."""
    more = len(rows) > window.size
    kept = rows[: window.size]
    if window.backward:
        kept.reverse()
    return kept, more


def page_of(
    nodes: Sequence[Node],
    window: Window,
    more: bool,
    selection: Selection,
    cursor: Callable[[int], str],
    total_count: int | None = None,
) -> Page[Node]:
    """The page with what was asked of it; `cursor(i)` gives the cursor of the i-th node."""
    edges = (
        [Edge(cursor(place), node) for place, node in enumerate(nodes)]
        if selection.wants("edges")
        else ()
    )
    info = None
    if selection.wants("page_info"):
        came_from = window.position is not None
        info = PageInfo(
            has_next_page=came_from if window.backward else more,
            has_previous_page=more if window.backward else came_from,
            start_cursor=cursor(0) if nodes else None,
            end_cursor=cursor(len(nodes) - 1) if nodes else None,
        )
    return Page(nodes, edges, info, total_count)


def page_of_list(
    nodes: Sequence[Node], request: PageRequest, selection: Selection, *, sort: str
) -> Page[Node]:
    """A page of a list that is computed as a whole; a cursor holds a place in it."""
    window = window_of(request, sort)
    seen = None if window.position is None else window.position[1]
    if window.backward:
        until = len(nodes) if seen is None else min(max(seen, 0), len(nodes))
        start = max(0, until - window.size)
        more = start > 0
    else:
        start = 0 if seen is None else max(0, seen + 1)
        until = start + window.size
        more = until < len(nodes)

    def cursor(place: int) -> str:
        return make_cursor(sort, start + place, start + place)

    total = len(nodes) if selection.wants("total_count") else None
    return page_of(nodes[start:until], window, more, selection, cursor, total)


def make_cursor(sort: str, value: Any, row: int) -> str:
    """An opaque cursor for the row with this sort value."""
    return base64.urlsafe_b64encode(msgspec.json.encode((sort, value, row))).decode().rstrip("=")


def read_cursor(cursor: str, sort: str, kind: type[Any]) -> tuple[Any, int]:
    """The sort value and row number in a cursor; raises BadInput for any other text."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, value, row = msgspec.json.decode(raw, type=tuple[str, kind, int])  # type: ignore[valid-type]
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadInput("This cursor was not given out by this list.") from error
    if made_for != sort:
        raise BadInput("This cursor belongs to a list of another sort.")
    if not all(_storable(part) for part in (value, row)):
        raise BadInput("This cursor was not given out by this list.")
    return value, row


def _storable(part: Any) -> bool:
    return -(2**63) <= part < 2**63 if isinstance(part, int) else "\0" not in part


def node_selection(selection: Selection) -> Selection:
    """What a connection's selection asks of its nodes, through `nodes` and through `edges`."""
    return selection.of("nodes").merged(selection.of("edges").of("node"))

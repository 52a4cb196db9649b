"""Root fields about events; each actor sees the kinds that their permissions are for."""

from typing import Annotated, Any, TypeAlias

import strawberry
from msgspec.structs import replace
from strawberry.types import Info

from storeql.context import RequestContext
from storeql.db.paging import Edge, node_selection
from storeql.errors import BadInput
from storeql.events import resolvers
from storeql.events.resolvers import EventFilter
from storeql.schema.access import ANY_GRANT
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.events.objects import with_objects
from storeql.schema.events.types import Event, EventName
from storeql.schema.fields import argument, field
from storeql.schema.ids import read_id, row_of
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.optional import optional, value_or_none
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of
from storeql.shop import EVENT_KINDS

Info_: TypeAlias = Info[Any, Any]


@strawberry.input(description="What events have in common; all that is given must hold.")
class EventFilterInput:
    """Which events."""

    kinds: list[EventName] | None = optional("Of one of these kinds.")
    object_id: strawberry.ID | None = optional("About this object.")
    from_: DateTime | None = strawberry.field(
        name="from", default=strawberry.UNSET, description="That happened at this instant or later."
    )
    until: DateTime | None = optional("That happened before this instant.")


@strawberry.type
class EventQuery:
    """Reads of events."""

    @field(
        "One event; null when there is none that you may hear of. In the query of a webhook leave "
        "the id out: there it is the event that is sent.",
        *ANY_GRANT,
    )
    def event(
        self,
        info: Info_,
        id: Annotated[strawberry.ID | None, argument("The event's id.")] = None,
    ) -> Event | None:
        row = context_of(info).event_id if id is None else row_of("Event", id)
        if row is None:
            raise BadInput("Give the event's id; only a webhook knows it by itself.")
        return events(info, [row]).get(row)

    @field(
        "What happened and somebody listened to, newest first, as far as you may hear of it. "
        "Events are kept for as many days as the shop is set to.",
        *ANY_GRANT,
    )
    def events(
        self,
        info: Info_,
        filter: Annotated[EventFilterInput | None, argument("What they have in common.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Event] | None:
        context, selection = context_of(info), selection_of(info)
        page = resolvers.events_page(
            context.connection,
            selection,
            page=page_request(first, after, last, before),
            filter=_filter(filter, heard_kinds(context)),
        )
        nodes = with_objects(context, page.nodes, node_selection(selection))
        edges = [Edge(edge.cursor, node) for edge, node in zip(page.edges, nodes, strict=False)]
        return replace(page, nodes=nodes, edges=edges)  # type: ignore[return-value]


def heard_kinds(context: RequestContext) -> list[str]:
    """The kinds of events that the actor may hear of."""
    return [kind.name for kind in EVENT_KINDS if kind.permission.value in context.granted]


@refetches("Event")
def events(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Events, for those who may hear of them."""
    context = context_of(info)
    found = resolvers.events_by_id(context.connection, rows, kinds=heard_kinds(context))
    shown = with_objects(context, list(found.values()), selection_of(info))
    return {event.id: event for event in shown}


def _filter(given: EventFilterInput | None, heard: list[str]) -> EventFilter:
    if given is None:
        return EventFilter(kinds=heard)
    wanted = value_or_none(given.kinds)
    names = None if wanted is None else {kind.value for kind in wanted}
    opaque = value_or_none(given.object_id)
    return EventFilter(
        kinds=[kind for kind in heard if names is None or kind in names],
        object=None if opaque is None else read_id(opaque),
        from_at=value_or_none(given.from_),
        until_at=value_or_none(given.until),
    )

"""Root fields of the warehouse's work: what is to be sent, and what is being picked."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.orders.fulfilment.listing import (
    FulfilmentFilter,
    FulfilmentSort,
    fulfilments_page,
)
from storeql.orders.fulfilment.picking.pickers import pickers_page
from storeql.orders.fulfilment.picking.reads import (
    PickListFilter,
    pick_lists_by_id,
    pick_lists_page,
)
from storeql.orders.fulfilment.reads import fulfilments_by
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.ids import row_of
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.optional import defaulting, row_or_none
from storeql.schema.orders.fulfilments import WORK, Fulfilment
from storeql.schema.orders.pick_lists import Picker, PickList, PickListState
from storeql.schema.orders.words import FulfilmentState
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]


@strawberry.input(description="Conditions that all have to hold.")
class FulfilmentFilterInput:
    """What to narrow a list of fulfilments by."""

    states: list[FulfilmentState] | None = defaulting(None, "States, as alternatives.")
    warehouse_id: strawberry.ID | None = defaulting(None, "The warehouse that sends them.")
    late: bool | None = defaulting(
        None, "True: only those that are in the house after their `shipBy`."
    )
    on_hold: bool | None = defaulting(
        None, "True: only those whose order is on hold; false: only the others."
    )
    assignee_id: strawberry.ID | None = defaulting(
        None, "On an open pick list of this staff member."
    )


@strawberry.input(description="The order of a list of fulfilments.")
class FulfilmentSortInput:
    """How to sort fulfilments."""

    by: FulfilmentSort = strawberry.field(description="What to sort by.")
    descending: bool = defaulting(False, "From high to low, from new to old.")


@strawberry.input(description="Conditions that all have to hold.")
class PickListFilterInput:
    """What to narrow a list of pick lists by."""

    states: list[PickListState] | None = defaulting(None, "States, as alternatives.")
    warehouse_id: strawberry.ID | None = defaulting(None, "Their warehouse.")
    assignee_id: strawberry.ID | None = defaulting(None, "The staff member who picks.")
    unassigned: bool | None = defaulting(
        None, "True: only those that are anybody's; false: only the others."
    )


@strawberry.type
class FulfilmentQuery:
    """Root fields of fulfilments."""

    @field("One fulfilment; null when there is none.", *WORK)
    def fulfilment(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The fulfilment's id.")]
    ) -> Fulfilment | None:
        row = row_of("Fulfilment", id)
        return _by_id(info, [row]).get(row)

    @field("What warehouses have to send, and sent.", *WORK)
    def fulfilments(
        self,
        info: Info_,
        filter: Annotated[
            FulfilmentFilterInput | None, argument("What they have in common.")
        ] = None,
        sort: Annotated[FulfilmentSortInput | None, argument("Newest first when left out.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Fulfilment] | None:
        context = context_of(info)
        return fulfilments_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            filter=_filter(filter, context.now),
            sort=sort.by if sort else FulfilmentSort.CREATED,
            descending=sort.descending if sort else True,
            now=context.now,
        )

    @field("One pick list; null when there is none.", *WORK)
    def pick_list(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The pick list's id.")]
    ) -> PickList | None:
        row = row_of("PickList", id)
        return _lists_by_id(info, [row]).get(row)

    @field("Staff who can be given a pick list, in the order they came.", *WORK)
    def pickers(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Picker] | None:
        return pickers_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("Pick lists, newest first.", *WORK)
    def pick_lists(
        self,
        info: Info_,
        filter: Annotated[PickListFilterInput | None, argument("What they have in common.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PickList] | None:
        given = filter or PickListFilterInput()
        return pick_lists_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            filter=PickListFilter(
                states=None if given.states is None else tuple(one.value for one in given.states),
                warehouse_id=row_or_none("Warehouse", given.warehouse_id),
                staff_id=row_or_none("StaffMember", given.assignee_id),
                unassigned=given.unassigned,
            ),
        )


def _filter(given: FulfilmentFilterInput | None, now: int) -> FulfilmentFilter:
    if given is None:
        return FulfilmentFilter()
    return FulfilmentFilter(
        states=None if given.states is None else tuple(given.states),
        warehouse_id=row_or_none("Warehouse", given.warehouse_id),
        late_at=now if given.late else None,
        held=given.on_hold,
        staff_id=row_or_none("StaffMember", given.assignee_id),
    )


@refetches("Fulfilment")
def fulfilments(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Fulfilments, for those who work on them."""
    return _by_id(info, rows) if _may_work(info) else {}


@refetches("PickList")
def pick_lists(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Pick lists, for those who work on them."""
    return _lists_by_id(info, rows) if _may_work(info) else {}


def _may_work(info: Info_) -> bool:
    granted = context_of(info).granted
    return any(one.value in granted for one in WORK)


def _by_id(info: Info_, rows: list[int]) -> dict[int, Any]:
    context = context_of(info)
    found = fulfilments_by(
        context.connection, selection_of(info), key="id", keys=rows, now=context.now
    )
    return {one.id: one for one in found}


def _lists_by_id(info: Info_, rows: list[int]) -> dict[int, Any]:
    return pick_lists_by_id(context_of(info).connection, selection_of(info), rows)

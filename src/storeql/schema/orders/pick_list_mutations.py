"""Mutations of pick lists: make, assign, scan, count, report what is missing, finish."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.context import RequestContext
from storeql.db import Connection, Selection
from storeql.orders.fulfilment.picking.assign import assign_pick_list
from storeql.orders.fulfilment.picking.create import PickWish, create_pick_list
from storeql.orders.fulfilment.picking.finish import cancel_pick_list, finish_pick_list
from storeql.orders.fulfilment.picking.pick import LineCount, scan_pieces, set_picked
from storeql.orders.fulfilment.picking.reads import pick_lists_by_id
from storeql.orders.fulfilment.picking.short import ShortWish, short_pick
from storeql.orders.fulfilment.scan import Scanned
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import defaulting, listed, needed, row_or_none
from storeql.schema.orders.fulfilments import WORK
from storeql.schema.orders.inputs import KEY
from storeql.schema.orders.pick_lists import PickList, PickListLine, ShortReason
from storeql.schema.people.context import attempted
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]


@strawberry.input(description="What to pick in one warehouse.")
class PickListCreateInput:
    """A list to make: named fulfilments, or the next ones that have to leave."""

    warehouse_id: strawberry.ID = needed("The warehouse.")
    fulfilment_ids: list[strawberry.ID] = listed(
        "What to pick, at most 100; left out, what has to leave first."
    )
    most: int = defaulting(20, "At most so many when none are named, up to 100.")
    assignee_id: strawberry.ID | None = defaulting(None, "Who picks: one of `pickers`.")


@strawberry.input(description="A pick list.")
class PickListInput:
    """Which one."""

    pick_list_id: strawberry.ID = needed("The pick list.")


@strawberry.input(description="Who is to pick a list.")
class PickListAssignInput:
    """An assignment."""

    pick_list_id: strawberry.ID = needed("The pick list.")
    assignee_id: strawberry.ID | None = defaulting(None, "One of `pickers`; left out: anybody.")


@strawberry.input(description="Pieces that were taken off a shelf.")
class PickListScanInput:
    """A scan."""

    pick_list_id: strawberry.ID = needed("The pick list.")
    code: str = needed("A SKU or a barcode.")
    quantity: int = defaulting(1, "How many pieces.")


@strawberry.input(description="How many pieces of a line were taken so far.")
class PickedLineInput:
    """A count."""

    line_id: strawberry.ID = needed("The line.")
    picked: int = needed("Pieces taken, all together.")


@strawberry.input(description="Counts of lines, all or none.")
class PickListCountInput:
    """Counts by hand."""

    pick_list_id: strawberry.ID = needed("The pick list.")
    lines: list[PickedLineInput] = needed("1 to 100 lines.")


@strawberry.input(description="Pieces that are not on their shelf.")
class PickListShortInput:
    """A short pick."""

    line_id: strawberry.ID = needed("The line of the pick list.")
    missing: int = needed("How many pieces are not there.")
    reason: ShortReason = needed("Why.")
    note: str = defaulting("", "Why in words, at most 400 characters.")
    idempotency_key: str = needed(KEY)


@strawberry.type(description="A pick list after a change.")
class PickListPayload:
    """What every change of a pick list answers."""

    pick_list: PickList | None = attribute("The pick list as it is now.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A pick list after a scan.")
class PickListScanPayload:
    """What a scan answers."""

    pick_list: PickList | None = attribute("The pick list as it is now.")
    lines: list[PickListLine] | None = attribute("The lines that the pieces are for.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PickListMutation:
    """Mutations of pick lists."""

    @mutation("Makes a pick list; what is on it is being picked from now on.", *WORK)
    def pick_list_create(
        self, info: Info_, input: Annotated[PickListCreateInput, argument("What to pick.")]
    ) -> PickListPayload | None:
        wish = PickWish(
            warehouse_id=row_of("Warehouse", input.warehouse_id),
            fulfilment_ids=rows_of("Fulfilment", input.fulfilment_ids),
            most=input.most,
            staff_id=row_or_none("StaffMember", input.assignee_id),
        )
        return _told(info, wish, create_pick_list)

    @mutation("Gives a pick list to a staff member, or to anybody.", *WORK)
    def pick_list_assign(
        self, info: Info_, input: Annotated[PickListAssignInput, argument("To whom.")]
    ) -> PickListPayload | None:
        row, now = row_of("PickList", input.pick_list_id), context_of(info).now
        staff_id = row_or_none("StaffMember", input.assignee_id)
        return _changed(info, row, lambda c: assign_pick_list(c, row, staff_id=staff_id, now=now))

    @mutation("Counts pieces that were taken off a shelf: sent twice, they count twice.", *WORK)
    def pick_list_scan(
        self, info: Info_, input: Annotated[PickListScanInput, argument("What was scanned.")]
    ) -> PickListScanPayload | None:
        row, now = row_of("PickList", input.pick_list_id), context_of(info).now
        scanned = Scanned(input.code, input.quantity)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            line_ids = scan_pieces(connection, row, scanned, now=now)
            wanted = selection.of("pick_list").merged(Selection.of_names("lines"))
            found = pick_lists_by_id(connection, wanted, [row])[row]
            lines = [one for one in found.lines if one.id in line_ids]
            return {"pick_list": found, "lines": lines}

        return run(info, PickListScanPayload, work)

    @mutation("Writes how many pieces of lines were taken; sent again, it says the same.", *WORK)
    def pick_list_count(
        self, info: Info_, input: Annotated[PickListCountInput, argument("The counts.")]
    ) -> PickListPayload | None:
        row, now = row_of("PickList", input.pick_list_id), context_of(info).now
        counted = [
            LineCount(row_of("PickListLine", one.line_id), one.picked) for one in input.lines
        ]
        return _changed(info, row, lambda c: set_picked(c, row, counted, now=now))

    @mutation(
        "Notes that pieces are not on their shelf: the stock is put right, and other warehouses"
        " send them or the order waits, as the shop's settings say.",
        *WORK,
    )
    def pick_list_short(
        self, info: Info_, input: Annotated[PickListShortInput, argument("What is missing.")]
    ) -> PickListPayload | None:
        wish = ShortWish(
            line_id=row_of("PickListLine", input.line_id),
            missing=input.missing,
            reason=input.reason,
            note=input.note,
            idempotency_key=input.idempotency_key,
        )
        return _told(info, wish, short_pick)

    @mutation("Finishes a pick list on which everything was found.", *WORK)
    def pick_list_finish(
        self, info: Info_, input: Annotated[PickListInput, argument("Which one.")]
    ) -> PickListPayload | None:
        row, now = row_of("PickList", input.pick_list_id), context_of(info).now
        return _changed(info, row, lambda c: finish_pick_list(c, row, now=now))

    @mutation("Gives a pick list up; what is not packed waits to be picked again.", *WORK)
    def pick_list_cancel(
        self, info: Info_, input: Annotated[PickListInput, argument("Which one.")]
    ) -> PickListPayload | None:
        return _told(info, row_of("PickList", input.pick_list_id), cancel_pick_list)


def _changed(info: Info_, row: int, change: Callable[[Connection], None]) -> PickListPayload:
    """The payload of a change in one transaction."""

    def work(connection: Connection, selection: Selection) -> dict[str, Any]:
        change(connection)
        found = pick_lists_by_id(connection, selection.of("pick_list"), [row])
        return {"pick_list": found[row]}

    return run(info, PickListPayload, work)


def _told(info: Info_, wish: object, change: Callable[..., int]) -> PickListPayload:
    """The payload of a change that also changes orders, and answers the list's row number."""
    context: RequestContext = context_of(info)
    wanted = selection_of(info).of("pick_list")

    def work() -> dict[str, Any]:
        row = change(
            context.write, wish, actor=context.actor, hooks=context.shop.hooks, now=context.now
        )
        return {"pick_list": pick_lists_by_id(context.connection, wanted, [row])[row]}

    return attempted(PickListPayload, work)

"""Root fields about price lists."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog.prices.lists import reads
from storeql.catalog.prices.lists.entries import remove_entries, set_entries
from storeql.catalog.prices.lists.save import create_list, delete_list, update_list
from storeql.customers.relations import groups_by_id
from storeql.db import Connection as Database
from storeql.db import Selection
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, attribute, field
from storeql.schema.ids import opaque_id, row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.prices.forcing import reason_of
from storeql.schema.prices.list_inputs import (
    PriceListCreateInput,
    PriceListDeleteInput,
    PriceListEntriesRemoveInput,
    PriceListEntriesSetInput,
    PriceListUpdateInput,
    entry_of,
    list_change,
    new_list,
)
from storeql.schema.prices.list_types import PriceList, PriceListEntry
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS
NOTHING = Selection({})


@strawberry.type(description="A price list after a change.")
class PriceListPayload:
    """What a change of a price list answers."""

    price_list: PriceList | None = attribute("The price list after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A price list that was deleted.")
class PriceListDeletePayload:
    """What deleting a price list answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Prices of a list after a change.")
class PriceListEntriesPayload:
    """What setting prices of a list answers."""

    price_list: PriceList | None = attribute("The price list, its version raised.")
    entries: Sequence[PriceListEntry] | None = attribute("The prices that were set, in order.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Prices that were taken out of a list.")
class PriceListEntriesRemovePayload:
    """What removing prices of a list answers."""

    price_list: PriceList | None = attribute("The price list, its version raised.")
    removed_ids: Sequence[strawberry.ID] | None = attribute("The ids of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PriceListQuery:
    """Reads of price lists."""

    @field("Price lists, the highest priority first, of equal ones the newest.", PRODUCTS)
    def price_lists(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PriceList] | None:
        return reads.lists_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One price list; null when there is none.", PRODUCTS)
    def price_list(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The price list's id.")]
    ) -> PriceList | None:
        row = row_of("PriceList", id)
        return _lists(info, [row]).get(row)

    @field("The prices of a list by variant.", PRODUCTS)
    def price_list_entries(
        self,
        info: Info_,
        price_list_id: Annotated[strawberry.ID, argument("The price list's id.")],
        variant_ids: Annotated[
            list[strawberry.ID] | None, argument("Only of these variants, at most 100.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PriceListEntry] | None:
        context = context_of(info)
        return reads.entries_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            list_id=row_of("PriceList", price_list_id),
            variant_ids=None if variant_ids is None else rows_of("ProductVariant", variant_ids),
            page=page_request(first, after, last, before),
            now=context.now,
        )


@strawberry.type
class PriceListMutation:
    """Writes of price lists."""

    @mutation("Adds a price list.", PRODUCTS)
    def price_list_create(
        self, info: Info_, input: Annotated[PriceListCreateInput, argument("The price list.")]
    ) -> PriceListPayload | None:
        context, given = context_of(info), new_list(input)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            row = create_list(
                connection,
                given,
                known_groups=_known_groups(connection, given.group_ids),
                actor=context.actor.key,
                now=context.now,
            )
            return _list(connection, selection, row)

        return run(info, PriceListPayload, work)

    @mutation("Changes a price list; carts and listings know at once.", PRODUCTS)
    def price_list_update(
        self, info: Info_, input: Annotated[PriceListUpdateInput, argument("The change.")]
    ) -> PriceListPayload | None:
        context, change = context_of(info), list_change(input)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            given = change.group_ids if isinstance(change.group_ids, tuple) else ()
            update_list(
                connection,
                change,
                known_groups=_known_groups(connection, given),
                actor=context.actor.key,
                now=context.now,
            )
            return _list(connection, selection, change.id)

        return run(info, PriceListPayload, work)

    @mutation("Deletes a price list with its prices; orders keep what they paid.", PRODUCTS)
    def price_list_delete(
        self, info: Info_, input: Annotated[PriceListDeleteInput, argument("Which one.")]
    ) -> PriceListDeletePayload | None:
        context, row = context_of(info), row_of("PriceList", input.id)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            delete_list(
                connection,
                row,
                expected_version=input.expected_version,
                actor=context.actor.key,
                now=context.now,
            )
            return {"deleted_id": input.id}

        return run(info, PriceListDeletePayload, work)

    @mutation("Sets prices of a list, all or none; open carts reprice.", PRODUCTS)
    def price_list_entries_set(
        self, info: Info_, input: Annotated[PriceListEntriesSetInput, argument("The prices.")]
    ) -> PriceListEntriesPayload | None:
        context, row = context_of(info), row_of("PriceList", input.price_list_id)
        given = [entry_of(one) for one in input.entries]
        below_floor_reason = reason_of(info, input.below_floor_reason)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            set_entries(
                connection,
                row,
                given,
                expected_version=input.expected_version,
                actor=context.actor.key,
                reason=input.reason,
                below_floor_reason=below_floor_reason,
                now=context.now,
            )
            places = [(one.variant_id, one.from_quantity) for one in given]
            wanted = selection.of("entries")
            entries = reads.entries_at(connection, row, places, wanted, now=context.now)
            return _list(connection, selection, row) | {"entries": entries}

        return run(info, PriceListEntriesPayload, work)

    @mutation("Takes prices out of a list, with what is scheduled for them.", PRODUCTS)
    def price_list_entries_remove(
        self, info: Info_, input: Annotated[PriceListEntriesRemoveInput, argument("Which ones.")]
    ) -> PriceListEntriesRemovePayload | None:
        context, row = context_of(info), row_of("PriceList", input.price_list_id)
        ids = rows_of("PriceListEntry", input.ids)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            remove_entries(
                connection,
                row,
                ids,
                expected_version=input.expected_version,
                actor=context.actor.key,
                reason=input.reason,
                now=context.now,
            )
            removed = [opaque_id("PriceListEntry", one) for one in dict.fromkeys(ids)]
            return _list(connection, selection, row) | {"removed_ids": removed}

        return run(info, PriceListEntriesRemovePayload, work)


def _list(connection: Database, selection: Selection, row: int) -> dict[str, Any]:
    found = reads.lists_by_id(connection, [row], selection.of("price_list"))
    return {"price_list": found.get(row)}


def _known_groups(connection: Database, ids: Sequence[int]) -> set[int]:
    return set(groups_by_id(connection, NOTHING, ids=ids)) if ids else set()


@refetches("PriceList")
def _lists(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Price lists, for staff who manage products."""
    context = context_of(info)
    if PRODUCTS not in context.granted:
        return {}
    return dict(reads.lists_by_id(context.connection, rows, selection_of(info)))


@refetches("PriceListEntry")
def _entries(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Prices of lists, for staff who manage products."""
    context = context_of(info)
    if PRODUCTS not in context.granted:
        return {}
    found = reads.entries_by_id(context.connection, rows, selection_of(info), now=context.now)
    return dict(found)

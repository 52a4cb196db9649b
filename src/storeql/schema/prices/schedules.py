"""Scheduled prices: what stands in for a price from one instant until another."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog.prices.schedules import reads
from storeql.catalog.prices.schedules.records import ScheduleInput, ScheduleUpdate
from storeql.catalog.prices.schedules.save import create_schedules, end_schedules, update_schedule
from storeql.db import Connection as Database
from storeql.db import Selection
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, attribute, field
from storeql.schema.ids import opaque_id, row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import (
    kept,
    kept_or_null,
    row_or_none,
    value_or_none,
)
from storeql.schema.prices.forcing import reason_of
from storeql.schema.prices.schedule_types import (
    PriceSchedule,
    PriceScheduleFilterInput,
    PriceScheduleInput,
    PriceSchedulesCreateInput,
    PriceSchedulesEndInput,
    PriceScheduleUpdateInput,
)
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS


@strawberry.type(description="Prices that were scheduled.")
class PriceSchedulesPayload:
    """What scheduling prices answers."""

    price_schedules: Sequence[PriceSchedule] | None = attribute("The schedules, in order.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A scheduled price after a change.")
class PriceSchedulePayload:
    """What a change of a schedule answers."""

    price_schedule: PriceSchedule | None = attribute("The schedule after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Scheduled prices that were ended.")
class PriceSchedulesEndPayload:
    """What ending schedules answers."""

    ended_ids: Sequence[strawberry.ID] | None = attribute(
        "The ids of what holds no more; those that had not begun are gone."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type
class PriceScheduleQuery:
    """Reads of schedules."""

    @field("Scheduled prices, the one that begins last first.", PRODUCTS)
    def price_schedules(
        self,
        info: Info_,
        filter: Annotated[
            PriceScheduleFilterInput | None, argument("Which ones; all when left out.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PriceSchedule] | None:
        context = context_of(info)
        return reads.schedules_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            filter=_filter(filter or PriceScheduleFilterInput()),
            page=page_request(first, after, last, before),
            now=context.now,
        )


@strawberry.type
class PriceScheduleMutation:
    """Writes of schedules."""

    @mutation("Schedules prices; each flips at its instant, whoever is awake.", PRODUCTS)
    def price_schedules_create(
        self, info: Info_, input: Annotated[PriceSchedulesCreateInput, argument("The prices.")]
    ) -> PriceSchedulesPayload | None:
        context, given = context_of(info), [_schedule(one) for one in input.schedules]
        force = reason_of(info, input.below_floor_reason)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            rows = create_schedules(
                connection,
                given,
                actor=context.actor.key,
                reason=input.reason,
                below_floor_reason=force,
                now=context.now,
            )
            wanted = selection.of("price_schedules")
            found = reads.schedules_by_id(connection, rows, wanted, now=context.now)
            return {"price_schedules": [found[row] for row in rows]}

        return run(info, PriceSchedulesPayload, work)

    @mutation("Changes a scheduled price that is not over.", PRODUCTS)
    def price_schedule_update(
        self, info: Info_, input: Annotated[PriceScheduleUpdateInput, argument("The change.")]
    ) -> PriceSchedulePayload | None:
        context, change = context_of(info), _change(input)
        force = reason_of(info, input.below_floor_reason)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            update_schedule(
                connection,
                change,
                actor=context.actor.key,
                reason=input.reason,
                below_floor_reason=force,
                now=context.now,
            )
            wanted = selection.of("price_schedule")
            found = reads.schedules_by_id(connection, [change.id], wanted, now=context.now)
            return {"price_schedule": found.get(change.id)}

        return run(info, PriceSchedulePayload, work)

    @mutation("Ends scheduled prices now; those that have not begun are dropped.", PRODUCTS)
    def price_schedules_end(
        self, info: Info_, input: Annotated[PriceSchedulesEndInput, argument("Which ones.")]
    ) -> PriceSchedulesEndPayload | None:
        context, rows = context_of(info), rows_of("PriceSchedule", input.ids)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            ended = end_schedules(
                connection, rows, actor=context.actor.key, reason=input.reason, now=context.now
            )
            return {"ended_ids": [opaque_id("PriceSchedule", row) for row in ended]}

        return run(info, PriceSchedulesEndPayload, work)


@refetches("PriceSchedule")
def _schedules(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Scheduled prices, for staff who manage products."""
    context = context_of(info)
    if PRODUCTS not in context.granted:
        return {}
    found = reads.schedules_by_id(context.connection, rows, selection_of(info), now=context.now)
    return dict(found)


def _schedule(typed: PriceScheduleInput) -> ScheduleInput:
    channel, entry = value_or_none(typed.target.channel_price), typed.target.price_list_entry_id
    return ScheduleInput(
        variant_id=None if channel is None else row_of("ProductVariant", channel.variant_id),
        channel_id=None if channel is None else row_of("Channel", channel.channel_id),
        entry_id=row_or_none("PriceListEntry", value_or_none(entry)),
        price=typed.price,
        compare_at_price=typed.compare_at_price,
        starts_at=typed.starts_at,
        ends_at=typed.ends_at,
    )


def _change(typed: PriceScheduleUpdateInput) -> ScheduleUpdate:
    return ScheduleUpdate(
        id=row_of("PriceSchedule", typed.id),
        expected_version=typed.expected_version,
        price=kept(typed.price),
        compare_at_price=kept_or_null(typed.compare_at_price),
        starts_at=kept(typed.starts_at),
        ends_at=kept_or_null(typed.ends_at),
    )


def _filter(typed: PriceScheduleFilterInput) -> reads.ScheduleFilter:
    variant_ids = typed.variant_ids
    return reads.ScheduleFilter(
        variant_ids=None if variant_ids is None else rows_of("ProductVariant", variant_ids),
        product_id=row_or_none("Product", typed.product_id),
        channel_id=row_or_none("Channel", typed.channel_id),
        price_list_id=row_or_none("PriceList", typed.price_list_id),
        states=typed.states,
    )


__all__ = ["PriceScheduleMutation", "PriceScheduleQuery"]

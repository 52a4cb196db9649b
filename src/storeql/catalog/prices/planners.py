"""Who planned what changes a price at an instant to come, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct
from sqlalchemy import select

from storeql.catalog.prices.causes import Cause, CauseKind
from storeql.catalog.prices.tables import price_lists, price_schedules
from storeql.db import Connection, any_of, statement

_schedule, _list = price_schedules.c, price_lists.c
_SCHEDULES = statement(
    select(_schedule.id, _schedule.created_by, _schedule.reason, _schedule.floor_minor).where(
        any_of(_schedule.id, "ids")
    )
)
_LISTS = statement(select(_list.id, _list.updated_by).where(any_of(_list.id, "ids")))


class Planner(Struct, frozen=True):
    """Who planned a change and why, and the floor that it goes below."""

    cause: Cause
    floor_minor: int | None = None


def planners_of(
    connection: Connection, *, schedule_ids: Collection[int], list_ids: Collection[int]
) -> Mapping[str, Planner]:
    """Planners by reference (`price_schedule:7`, `price_list:3`); a statement for each sort."""
    planners: dict[str, Planner] = {}
    if schedule_ids:
        rows = connection.rows(_SCHEDULES, ids=sorted(schedule_ids))
        for row_id, actor, reason, floor_minor in rows:
            reference = f"price_schedule:{row_id}"
            cause = Cause(kind=CauseKind.SCHEDULE, actor=actor, reason=reason, reference=reference)
            planners[reference] = Planner(cause, floor_minor)
    if list_ids:
        for row_id, actor in connection.rows(_LISTS, ids=sorted(list_ids)):
            reference = f"price_list:{row_id}"
            cause = Cause(kind=CauseKind.PRICE_LIST, actor=actor, reference=reference)
            planners[reference] = Planner(cause)
    return planners

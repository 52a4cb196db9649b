"""Who planned what changes a price at an instant to come, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from storeql.catalog.prices.causes import Cause, CauseKind
from storeql.catalog.prices.tables import price_lists, price_schedules
from storeql.db import Connection, any_of, statement

_schedule, _list = price_schedules.c, price_lists.c
_SCHEDULES = statement(
    select(_schedule.id, _schedule.created_by, _schedule.reason).where(any_of(_schedule.id, "ids"))
)
_LISTS = statement(select(_list.id, _list.updated_by).where(any_of(_list.id, "ids")))


def planners_of(
    connection: Connection, *, schedule_ids: Collection[int], list_ids: Collection[int]
) -> Mapping[str, Cause]:
    """Causes by reference (`price_schedule:7`, `price_list:3`); a statement for each sort."""
    causes: dict[str, Cause] = {}
    if schedule_ids:
        for row_id, actor, reason in connection.rows(_SCHEDULES, ids=sorted(schedule_ids)):
            reference = f"price_schedule:{row_id}"
            causes[reference] = Cause(
                kind=CauseKind.SCHEDULE, actor=actor, reason=reason, reference=reference
            )
    if list_ids:
        for row_id, actor in connection.rows(_LISTS, ids=sorted(list_ids)):
            reference = f"price_list:{row_id}"
            causes[reference] = Cause(kind=CauseKind.PRICE_LIST, actor=actor, reference=reference)
    return causes

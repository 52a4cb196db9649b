"""Where a promotion is in its life: told by its switch, its window and the clock, never stored.

What is stored is the switch alone (DRAFT, ACTIVE, PAUSED, ENDED), so that a promotion starts and
ends at its instant in every process without anything that has to run then.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam, case

from storeql.promotions.records import Status
from storeql.promotions.tables import promotions

_promotion = promotions.c


def status_at(switch: Status, starts_at: int | None, ends_at: int | None, now: int) -> Status:
    """The state at `now` (milliseconds) of a promotion with this switch and half-open window."""
    if switch in (Status.DRAFT, Status.ENDED):
        return switch
    if ends_at is not None and ends_at <= now:
        return Status.ENDED
    if switch is Status.ACTIVE and starts_at is not None and now < starts_at:
        return Status.SCHEDULED
    return switch


def status_column() -> ColumnElement[str]:
    """The same in SQL, at the parameter `now`."""
    switched = _promotion.status != Status.DRAFT.value
    over = and_(switched, _promotion.ends_at <= bindparam("now"))
    waiting = and_(
        _promotion.status == Status.ACTIVE.value, _promotion.starts_at > bindparam("now")
    )
    return case(
        (over, Status.ENDED.value),
        (waiting, Status.SCHEDULED.value),
        else_=_promotion.status,
    )

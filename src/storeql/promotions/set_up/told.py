"""Tells when promotions start, pause and end, also those that the clock alone starts and ends.

Nothing has to run for a promotion to start at its instant (see `states`). So that whoever listens
hears of it, each promotion keeps the last state that was told; a worker looks for those that have
gone on since, and a change by hand tells of it itself.
"""

from __future__ import annotations

from sqlalchemy import case, or_, select, update

from storeql.db import Connection, any_of, statement
from storeql.events import tell
from storeql.promotions.event_kinds import PROMOTION_ENDED, PROMOTION_PAUSED, PROMOTION_STARTED
from storeql.promotions.records import Status
from storeql.promotions.set_up.states import status_column
from storeql.promotions.tables import promotions

AT_ONCE = 100

KINDS = {
    Status.ACTIVE.value: PROMOTION_STARTED,
    Status.PAUSED.value: PROMOTION_PAUSED,
    Status.ENDED.value: PROMOTION_ENDED,
}

_promotion = promotions.c
# Of drafts, and of what waits for its window, there is nothing to tell.
_worth_telling = case(
    (status_column() == Status.DRAFT.value, ""),
    (status_column() == Status.SCHEDULED.value, ""),
    else_=status_column(),
)
_GONE_ON = statement(
    select(_promotion.id)
    .where(
        or_(*(_promotion.told_status == told for told in ("", "ACTIVE", "PAUSED"))),
        _promotion.status != Status.DRAFT.value,
        _promotion.told_status != _worth_telling,
    )
    .order_by(_promotion.id)
    .limit(AT_ONCE)
)
_TELL = statement(
    update(promotions)
    .where(any_of(_promotion.id, "ids"), _promotion.told_status != _worth_telling)
    .values(told_status=_worth_telling)
    .returning(_promotion.id, _promotion.told_status)
)


def promotions_gone_on(connection: Connection, *, now: int) -> list[int]:
    """The promotions, at most 100, whose state at `now` nobody was told of."""
    return [row[0] for row in connection.rows(_GONE_ON, now=now)]


def tell_states(connection: Connection, ids: list[int], *, now: int) -> int:
    """How many of these promotions have gone on; whoever listens is told, once each."""
    rows = connection.rows(_TELL, ids=ids, now=now)
    for promotion_id, status in sorted(rows):
        if status:
            tell(connection, KINDS[status], promotion_id, now=now)
    return len(rows)

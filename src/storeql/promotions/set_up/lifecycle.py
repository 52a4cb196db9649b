"""The life of a promotion: drafts start, running ones pause and go on, and end for good."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import bindparam, delete

from storeql.access import Actor
from storeql.db import Connection, statement
from storeql.errors import Rejected
from storeql.events import tell
from storeql.inputs import Fields
from storeql.promotions.event_kinds import PROMOTION_DELETED, GoneFacts
from storeql.promotions.lint import Linter
from storeql.promotions.records import Status, StoredPromotion
from storeql.promotions.set_up.complete import check_complete
from storeql.promotions.set_up.states import status_at
from storeql.promotions.set_up.stored import not_in, save_promotion, take_for_change
from storeql.promotions.tables import promotions
from storeql.promotions.types import PromotionTypes

_DELETE = statement(delete(promotions).where(promotions.c.id == bindparam("b_id")))


def activate_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    expected_version: int | None,
    linter: Linter,
    actor: Actor,
    now: int,
) -> None:
    """Switches it on: it runs while its window is open, at once if it has none.

    Raises Rejected unless it is a draft or paused, and with everything that it lacks; when it
    lacks nothing, with what the linter says can never work.
    """
    types = linter.types
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, now, (Status.DRAFT, Status.PAUSED), "cannot be activated")
    fields = Fields()
    check_complete(connection, before, types=types, now=now, fields=fields)
    if not fields.problems:
        fields.problems.extend(linter.refusals(connection, before))
    fields.refuse_problems()
    _move(connection, before, Status.ACTIVE, actor=actor, now=now)


def pause_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    expected_version: int | None,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> None:
    """Switches it off until it is activated again. Raises Rejected unless it is switched on."""
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, now, (Status.SCHEDULED, Status.ACTIVE), "cannot be paused")
    _move(connection, before, Status.PAUSED, actor=actor, now=now)


def end_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    expected_version: int | None,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> None:
    """Ends it for good. Raises Rejected unless it is switched on or paused."""
    before = take_for_change(connection, promotion_id, expected_version, types)
    running = (Status.SCHEDULED, Status.ACTIVE, Status.PAUSED)
    _must_be(before, now, running, "cannot be ended")
    _move(connection, before, Status.ENDED, actor=actor, now=now)


def delete_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    expected_version: int | None,
    types: PromotionTypes,
    now: int,
) -> None:
    """Deletes a draft with its codes and versions. Raises Rejected for anything else."""
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, now, (Status.DRAFT,), "cannot be deleted, only ended")
    connection.run(_DELETE, b_id=promotion_id)
    facts = GoneFacts(name=before.name)
    tell(connection, PROMOTION_DELETED, promotion_id, now=now, facts=facts)


def _must_be(
    promotion: StoredPromotion, now: int, allowed: Collection[Status], refusal: str
) -> None:
    status = status_at(promotion.status, promotion.starts_at, promotion.ends_at, now)
    if status not in allowed:
        raise Rejected([not_in(status, refusal)])


def _move(
    connection: Connection, before: StoredPromotion, status: Status, *, actor: Actor, now: int
) -> None:
    after = msgspec.structs.replace(before, status=status)
    save_promotion(connection, before, after, actor=actor.key, now=now)

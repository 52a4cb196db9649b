"""The life of a promotion: drafts start, running ones pause and go on, and end for good."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import bindparam, delete

from storeql.access import Actor
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.promotions.records import Status, StoredPromotion
from storeql.promotions.stored import not_in, save_promotion, take_for_change
from storeql.promotions.tables import promotions
from storeql.promotions.types import PromotionTypes

_DELETE = statement(delete(promotions).where(promotions.c.id == bindparam("b_id")))


def activate_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    expected_version: int | None,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> None:
    """Switches it on: it runs while its window is open, at once if it has none.

    Raises Rejected unless it is a draft or paused, when its window is over, and when its rule
    cannot be used because its plugin is gone.
    """
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, (Status.DRAFT, Status.PAUSED), "cannot be activated")
    if before.rule is None:
        raise refuse("UNKNOWN_KIND", "No plugin brings this kind of promotion.", "id")
    if before.ends_at is not None and before.ends_at <= now:
        raise refuse("ALREADY_OVER", "Its window is over: move the end first.", "id")
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
    """Switches it off until it is activated again. Raises Rejected unless it is active."""
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, (Status.ACTIVE,), "cannot be paused")
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
    """Ends it for good. Raises Rejected unless it is active or paused."""
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, (Status.ACTIVE, Status.PAUSED), "cannot be ended")
    _move(connection, before, Status.ENDED, actor=actor, now=now)


def delete_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    expected_version: int | None,
    types: PromotionTypes,
) -> None:
    """Deletes a draft with its codes and versions. Raises Rejected for anything else."""
    before = take_for_change(connection, promotion_id, expected_version, types)
    _must_be(before, (Status.DRAFT,), "cannot be deleted, only ended")
    connection.run(_DELETE, b_id=promotion_id)


def _must_be(promotion: StoredPromotion, allowed: Collection[Status], refusal: str) -> None:
    if promotion.status not in allowed:
        raise Rejected([not_in(promotion.status, refusal)])


def _move(
    connection: Connection, before: StoredPromotion, status: Status, *, actor: Actor, now: int
) -> None:
    after = msgspec.structs.replace(before, status=status)
    save_promotion(connection, before, after, actor=actor.key, now=now)

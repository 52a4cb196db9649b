"""Copies a promotion into a new draft, to run it again or to try something else."""

from __future__ import annotations

import msgspec

from storeql.access import Actor
from storeql.db import Connection
from storeql.inputs import Fields
from storeql.promotions.limits.counters import GIFT_STOCKS
from storeql.promotions.limits.quotas import QUOTAS
from storeql.promotions.limits.variant_limits import copy_limits
from storeql.promotions.records import Status
from storeql.promotions.set_up.stored import insert_promotion, keep_version, take_for_change
from storeql.promotions.types import PromotionTypes


def copy_promotion(
    connection: Connection,
    promotion_id: int,
    *,
    name: str | None,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> int:
    """The row number of a draft set up like it, whatever state it is in; `name` None: its name.

    Rule, terms, window, limits, quotas and the quantities of gifts are copied; codes and what was
    used are not. Raises Rejected when it is not there or the name cannot be one.
    """
    original = take_for_change(connection, promotion_id, None, types)
    fields = Fields()
    wanted = original.name if name is None else fields.line("name", name)
    fields.refuse_problems()
    draft = msgspec.structs.replace(original, name=wanted, status=Status.DRAFT)
    row_id = insert_promotion(connection, draft, now=now)
    copy_limits(connection, GIFT_STOCKS, promotion_id, row_id)
    copy_limits(connection, QUOTAS, promotion_id, row_id)
    keep_version(connection, row_id, 1, draft, actor=actor.key, now=now)
    return row_id

"""Changes a promotion that is set up, also while it runs; every change is a new version."""

from __future__ import annotations

from msgspec import UNSET

from storeql.access import Actor
from storeql.db import Connection
from storeql.errors import Rejected
from storeql.inputs import Fields
from storeql.promotions.limits.counters import GIFT_STOCKS, recount
from storeql.promotions.limits.quotas import QUOTAS
from storeql.promotions.limits.variant_limits import set_limits
from storeql.promotions.records import Status
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.set_up.settle import settled
from storeql.promotions.set_up.states import status_at
from storeql.promotions.set_up.stored import not_in, save_promotion, take_for_change
from storeql.promotions.types import PromotionTypes


def update_promotion(
    connection: Connection,
    promotion_id: int,
    change: PromotionChange,
    *,
    expected_version: int,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> None:
    """Changes what the input gives. Orders keep the version that priced them.

    Raises Rejected with everything wrong with the input, for a promotion that has ended, and when
    it changed after it was read.
    """
    before = take_for_change(connection, promotion_id, expected_version, types)
    status = status_at(before.status, before.starts_at, before.ends_at, now)
    if status is Status.ENDED:
        raise Rejected([not_in(status, "cannot be changed, only copied")])
    fields = Fields()
    after = settled(connection, before, change, types=types, fields=fields)
    recount(connection, before, after, fields)
    if change.gift_stocks is not UNSET:
        set_limits(connection, GIFT_STOCKS, promotion_id, change.gift_stocks, fields)
    if change.quotas is not UNSET:
        set_limits(connection, QUOTAS, promotion_id, change.quotas, fields)
    fields.refuse_problems()
    save_promotion(connection, before, after, actor=actor.key, now=now)

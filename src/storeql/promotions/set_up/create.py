"""Sets up a new promotion as a draft."""

from __future__ import annotations

from msgspec import UNSET

from storeql.access import Actor
from storeql.db import Connection
from storeql.inputs import Fields
from storeql.promotions.limits.counters import GIFT_STOCKS
from storeql.promotions.limits.quotas import QUOTAS
from storeql.promotions.limits.variant_limits import set_limits
from storeql.promotions.records import StoredPromotion
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.set_up.settle import settled
from storeql.promotions.set_up.stored import insert_promotion, keep_version
from storeql.promotions.types import PromotionTypes


def create_promotion(
    connection: Connection,
    change: PromotionChange,
    *,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> int:
    """The row number of the new draft; raises Rejected with everything wrong with the input.

    A name and a kind are enough: what a draft lacks is told when it is activated.
    """
    fields = Fields()
    if change.name is UNSET:
        fields.report("REQUIRED", "This must be given.", "name")
    if change.rule is UNSET and change.kind is UNSET:
        fields.report("REQUIRED", "Choose a kind, or give a rule of one.", "kind")
    empty = StoredPromotion(id=0, rule_json="null")
    wanted = settled(connection, empty, change, types=types, fields=fields)
    fields.refuse_problems()
    row_id = insert_promotion(connection, wanted, now=now)
    if change.gift_stocks is not UNSET:
        set_limits(connection, GIFT_STOCKS, row_id, change.gift_stocks, fields)
    if change.quotas is not UNSET:
        set_limits(connection, QUOTAS, row_id, change.quotas, fields)
    keep_version(connection, row_id, 1, wanted, actor=actor.key, now=now)
    return row_id

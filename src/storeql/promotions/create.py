"""Sets up a new promotion as a draft."""

from __future__ import annotations

from msgspec import UNSET

from storeql.access import Actor
from storeql.db import Connection
from storeql.inputs import Fields
from storeql.promotions.counters import set_gift_stocks
from storeql.promotions.inputs import PromotionChange
from storeql.promotions.records import StoredPromotion
from storeql.promotions.settle import settled
from storeql.promotions.stored import insert_promotion
from storeql.promotions.types import PromotionTypes


def create_promotion(
    connection: Connection,
    change: PromotionChange,
    *,
    types: PromotionTypes,
    actor: Actor,
    now: int,
) -> int:
    """The row number of the new draft; raises Rejected with everything wrong with the input."""
    fields = Fields()
    for name in ("name", "rule"):
        if getattr(change, name) is UNSET:
            fields.report("REQUIRED", "This must be given.", name)
    wanted = settled(connection, StoredPromotion(id=0), change, types=types, fields=fields)
    fields.refuse_problems()
    row_id = insert_promotion(connection, wanted, actor=actor.key, now=now)
    if change.gift_stocks is not UNSET:
        set_gift_stocks(connection, row_id, change.gift_stocks, fields)
    return row_id

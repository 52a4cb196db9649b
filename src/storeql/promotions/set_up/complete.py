"""What a draft lacks before it can run, all of it at once: a draft may be set up in any order."""

from __future__ import annotations

from storeql.db import Connection
from storeql.inputs import Fields
from storeql.promotions.records import StoredPromotion
from storeql.promotions.rules.form import kind_name
from storeql.promotions.set_up.existing import check_rule
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.set_up.settle import settled
from storeql.promotions.types import PromotionTypes


def check_complete(
    connection: Connection,
    promotion: StoredPromotion,
    *,
    types: PromotionTypes,
    now: int,
    fields: Fields,
) -> None:
    """Notes what is missing or does not hold any more, at the field of an update that mends it."""
    settled(connection, promotion, PromotionChange(), types=types, fields=fields)
    _check_rule(connection, promotion, types, fields)
    if promotion.ends_at is not None and promotion.ends_at <= now:
        fields.report("ALREADY_OVER", "Its window is over: move the end first.", "endsAt")


def _check_rule(
    connection: Connection, promotion: StoredPromotion, types: PromotionTypes, fields: Fields
) -> None:
    if types.get(promotion.kind) is None:
        fields.report("UNKNOWN_KIND", "No plugin brings this kind of promotion.", "rule")
    elif promotion.rule_json == "null":
        fields.report("REQUIRED", "It has no rule yet.", "rule")
    elif promotion.rule is None:
        message = "The plugin of its kind does not take its rule any more: give it again."
        fields.report("INVALID_RULE", message, "rule")
    else:
        check_rule(connection, promotion.rule, fields.at("rule", kind_name(promotion.kind)))
        if promotion.currency is None and types.form(promotion.kind).has_amounts:
            fields.report("REQUIRED", "A rule with amounts needs a currency.", "currency")

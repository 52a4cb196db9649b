"""Quotas: how many units of a variant a promotion may sell at its price; set, taken, given back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import UNSET
from sqlalchemy import bindparam, select, update

from storeql.db import Connection, any_of, statement
from storeql.errors import Problem
from storeql.inputs import Fields
from storeql.pricing import Lane
from storeql.promotions.limits.holding import holds
from storeql.promotions.limits.policy import Taken
from storeql.promotions.limits.takes import Take
from storeql.promotions.limits.variant_limits import read_units, variant_limits
from storeql.promotions.problems import QuotaExhausted
from storeql.promotions.records import StoredPromotion
from storeql.promotions.rules.fields import MOST_WHOLE
from storeql.promotions.rules.form import gift_variants
from storeql.promotions.set_up.existing import MOST_IDS, check_variants
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.tables import redemptions, variant_quotas
from storeql.promotions.types import PromotionTypes

_quota, _redemption = variant_quotas.c, redemptions.c
_this = (
    _quota.promotion_id == bindparam("b_promotion_id"),
    _quota.variant_id == bindparam("b_variant_id"),
)

_HOLD = statement(
    select(_quota.promotion_id, _quota.variant_id, _quota.quantity - _quota.used)
    .where(any_of(_quota.promotion_id, "ids"), any_of(_quota.variant_id, "variant_ids"))
    .order_by(_quota.promotion_id, _quota.variant_id)
    .with_for_update()
)
_USE = statement(
    update(variant_quotas)
    .where(*_this, _quota.used + bindparam("pieces") <= _quota.quantity)
    .values(used=_quota.used + bindparam("pieces"))
)
_BACK = statement(
    update(variant_quotas)
    .where(*_this, _quota.used >= bindparam("pieces"))
    .values(used=_quota.used - bindparam("pieces"))
)
QUOTAS = variant_limits(
    variant_quotas,
    field="quotas",
    units=_redemption.pieces,
    counts=holds(Taken.QUOTA),
)


def check_quotas(
    connection: Connection,
    wanted: StoredPromotion,
    change: PromotionChange,
    *,
    types: PromotionTypes,
    fields: Fields,
) -> None:
    """Notes what is wrong with the quotas of a change, if it has any."""
    if change.quotas is UNSET or not change.quotas:
        return
    kind = types.get(wanted.kind)
    gives = wanted.rule is not None and bool(gift_variants(wanted.rule))
    if gives or (kind is not None and kind.lane is Lane.SHIPPING):
        message = "A quota is for a kind that makes units cheaper; gifts have stocks."
        fields.report("NOT_FOR_THIS_KIND", message, "quotas")
    if not fields.count("quotas", change.quotas, most=MOST_IDS):
        return
    check_variants(connection, [one.variant_id for one in change.quotas], fields, name="quotas")
    seen: set[int] = set()
    for place, quota in enumerate(change.quotas):
        at = fields.at("quotas", str(place))
        at.whole("quantity", quota.quantity, most=MOST_WHOLE)
        if quota.variant_id in seen:
            at.report("DUPLICATE", "This variant has a quota already.", "variantId")
        seen.add(quota.variant_id)


def take_quotas(
    connection: Connection, takes: Sequence[Take], names: Mapping[int, str]
) -> Iterator[Problem]:
    """Takes the units of all these promotions, by name and id, that have quotas: two statements.

    Yields a QuotaExhausted for each quota that has fewer left.
    """
    wanted = {
        (take.promotion_id, one.variant_id): one.quantity
        for take in takes
        if take.promotion_id in names
        for one in take.pieces
    }
    if not wanted:
        return
    variants = sorted({variant_id for _, variant_id in wanted})
    held = connection.rows(_HOLD, ids=sorted(names), variant_ids=variants)
    left = {(key, variant_id): count for key, variant_id, count in held}
    limited = {key: wanted[key] for key in left if key in wanted}
    connection.run_many(_USE, _entries(limited))
    for key, pieces in limited.items():
        if pieces > left[key]:
            yield _exhausted(key, names[key[0]], wanted=pieces, available=left[key])


def give_quotas_back(connection: Connection, released: Mapping[int, str]) -> None:
    """Gives units (`pieces` of redemptions as stored, by promotion) back to the quotas that there
    are: one statement."""
    sold = {
        (key, one.variant_id): one.quantity
        for key, pieces in released.items()
        for one in read_units(pieces)
    }
    connection.run_many(_BACK, _entries(sold))


def _entries(units: Mapping[tuple[int, int], int]) -> list[dict[str, int]]:
    return [
        {"b_promotion_id": promotion_id, "b_variant_id": variant_id, "pieces": units[key]}
        for key in sorted(units)
        for promotion_id, variant_id in (key,)
    ]


def _exhausted(key: tuple[int, int], name: str, *, wanted: int, available: int) -> QuotaExhausted:
    promotion_id, variant_id = key
    return QuotaExhausted(
        message=f"Only {available} units are left at the price of {name}.",
        promotion_id=promotion_id,
        promotion_name=name,
        variant_id=variant_id,
        wanted=wanted,
        available=available,
    )

"""Promotions as rows: how one is read for a change, written, and kept version by version."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected, StaleVersion, refuse
from storeql.events import tell
from storeql.promotions.active import terms_decoder
from storeql.promotions.event_kinds import PROMOTION_CREATED, PROMOTION_UPDATED
from storeql.promotions.records import Status, StoredPromotion
from storeql.promotions.set_up.told import tell_states
from storeql.promotions.tables import (
    gift_stocks,
    promotion_sets,
    promotion_versions,
    promotions,
    variant_quotas,
)
from storeql.promotions.types import PromotionTypes

NOT_FOUND = "NOT_FOUND"

_promotion = promotions.c

COLUMNS = (
    "name",
    "description",
    "kind",
    "rule",
    "terms",
    "currency",
    "status",
    "priority",
    "starts_at",
    "ends_at",
    "usage_limit",
    "customer_limit",
    "budget_minor",
    "campaign_id",
)

_ROW = select(
    *(promotions.c[name] for name in COLUMNS),
    _promotion.created_at,
    _promotion.updated_at,
    _promotion.version,
).where(_promotion.id == bindparam("id"))
_READ = statement(_ROW)
# The lock also waits for orders that are just redeeming it: their counts must not be missed.
_FOR_CHANGE = statement(_ROW.with_for_update())
_INSERT = statement(
    insert(promotions).returning(_promotion.id), *COLUMNS, "created_at", "updated_at"
)
_SAVE = statement(
    update(promotions)
    .where(_promotion.id == bindparam("b_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in COLUMNS}
        | {"updated_at": bindparam("now"), "version": _promotion.version + 1}
    )
)
_KEEP_VERSION = statement(
    insert(promotion_versions), "promotion_id", "version", "snapshot", "actor", "at"
)
_STOCKS = statement(
    select(gift_stocks.c.variant_id, gift_stocks.c.quantity)
    .where(gift_stocks.c.promotion_id == bindparam("promotion_id"))
    .order_by(gift_stocks.c.variant_id)
)
_QUOTAS = statement(
    select(variant_quotas.c.variant_id, variant_quotas.c.quantity)
    .where(variant_quotas.c.promotion_id == bindparam("promotion_id"))
    .order_by(variant_quotas.c.variant_id)
)
_RAISE_SET = statement(
    upsert(promotion_sets)
    .values(id=1, version=1)
    .on_conflict_do_update(index_elements=["id"], set_={"version": promotion_sets.c.version + 1})
)

_encoder = msgspec.json.Encoder(order="deterministic")


def read_promotion(
    connection: Connection, promotion_id: int, types: PromotionTypes
) -> StoredPromotion | None:
    """The promotion as it is stored, with its switch as status; None when it is not there."""
    row = connection.one(_READ, id=promotion_id)
    return None if row is None else _of_row(promotion_id, row, types)


def take_for_change(
    connection: Connection,
    promotion_id: int,
    expected_version: int | None,
    types: PromotionTypes,
    *,
    field: str = "id",
) -> StoredPromotion:
    """The promotion, nobody else's to change until the transaction ends.

    Raises Rejected when it is not there, or changed since `expected_version`; `field` is where
    the input names it.
    """
    row = connection.one(_FOR_CHANGE, id=promotion_id)
    if row is None:
        raise refuse(NOT_FOUND, "There is no such promotion.", field)
    promotion = _of_row(promotion_id, row, types)
    if expected_version is not None and promotion.version != expected_version:
        message = "The promotion changed after it was read."
        raise Rejected(
            [StaleVersion(message=message, field=("expectedVersion",), current=promotion.version)]
        )
    return promotion


def insert_promotion(connection: Connection, promotion: StoredPromotion, *, now: int) -> int:
    """Writes a new promotion; returns its row number.

    Its first version is kept with `keep_version`, when all that belongs to it is written.
    """
    row_id: int = connection.scalar(_INSERT, **_values(promotion), created_at=now, updated_at=now)
    tell(connection, PROMOTION_CREATED, row_id, now=now)
    return row_id


def save_promotion(
    connection: Connection,
    before: StoredPromotion,
    after: StoredPromotion,
    *,
    actor: str,
    now: int,
) -> None:
    """Writes a promotion taken for change as its next version.

    Its gift stocks and quotas are written already. The set of active promotions gets a new version
    when the promotion is or was one of them.
    """
    values = {f"new_{name}": value for name, value in _values(after).items()}
    connection.run(_SAVE, b_id=before.id, now=now, **values)
    keep_version(connection, before.id, before.version + 1, after, actor=actor, now=now)
    if Status.ACTIVE in (before.status, after.status):
        raise_set(connection)
    tell(connection, PROMOTION_UPDATED, before.id, now=now)
    tell_states(connection, [before.id], now=now)


def raise_set(connection: Connection) -> None:
    """Has every process read the active promotions again, from this transaction's commit on."""
    connection.run(_RAISE_SET)


def read_stored_rule(types: PromotionTypes, kind: str, rule_json: str) -> msgspec.Struct | None:
    """The rule as its kind's struct; None when the plugin is gone or does not take it any more."""
    if types.get(kind) is None:
        return None
    try:
        return types.read_rule(kind, rule_json)
    except msgspec.ValidationError:
        return None


def not_in(status: Status, refusal: str, *, field: str = "id") -> Problem:
    """The problem of a change that the promotion's status does not allow."""
    message = f"A promotion that is {status.value} {refusal}."
    return Problem(code="WRONG_STATUS", message=message, field=(field,))


def _of_row(promotion_id: int, row: tuple[Any, ...], types: PromotionTypes) -> StoredPromotion:
    named = dict(zip((*COLUMNS, "created_at", "updated_at", "version"), row, strict=True))
    rule_json, terms, currency = named.pop("rule"), named.pop("terms"), named.pop("currency")
    return StoredPromotion(
        id=promotion_id,
        rule=read_stored_rule(types, named["kind"], rule_json),
        rule_json=rule_json,
        terms=terms_decoder.decode(terms),
        currency=currency or None,
        status=Status(named.pop("status")),
        **named,
    )


def _values(promotion: StoredPromotion) -> dict[str, Any]:
    rule, terms = promotion.rule, promotion.terms
    return {
        "name": promotion.name,
        "description": promotion.description,
        "kind": promotion.kind,
        "rule": promotion.rule_json if rule is None else _encoder.encode(rule).decode(),
        "terms": _encoder.encode(terms).decode(),
        "currency": promotion.currency or "",
        "status": promotion.status.value,
        "priority": promotion.priority,
        "starts_at": promotion.starts_at,
        "ends_at": promotion.ends_at,
        "usage_limit": promotion.usage_limit,
        "customer_limit": promotion.customer_limit,
        "budget_minor": promotion.budget_minor,
        "campaign_id": promotion.campaign_id,
    }


def keep_version(
    connection: Connection,
    promotion_id: int,
    version: int,
    promotion: StoredPromotion,
    *,
    actor: str,
    now: int,
) -> None:
    """Keeps what the promotion is from now on, with gift stocks and quotas as they are written."""
    values = _values(promotion)
    snapshot = values | {key: msgspec.Raw(values[key].encode()) for key in ("rule", "terms")}
    snapshot["gift_stocks"] = connection.rows(_STOCKS, promotion_id=promotion_id)
    snapshot["quotas"] = connection.rows(_QUOTAS, promotion_id=promotion_id)
    connection.run(
        _KEEP_VERSION,
        promotion_id=promotion_id,
        version=version,
        snapshot=_encoder.encode(snapshot).decode(),
        actor=actor,
        at=now,
    )

"""The versions of a promotion: what it was, since when, and who made it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed
from storeql.pricing import Promotion
from storeql.promotions.active import compiled
from storeql.promotions.records import GiftStock, Status, StoredPromotion, Terms, VariantQuota
from storeql.promotions.set_up.stored import read_stored_rule
from storeql.promotions.stacking.settings import UNTOUCHED
from storeql.promotions.stacking.settings import stacking_version as stacking_then
from storeql.promotions.tables import promotion_versions
from storeql.promotions.types import PromotionTypes

VERSION = "VERSION"

_version = promotion_versions.c
_COLUMNS = (_version.promotion_id, _version.version, _version.actor, _version.at, _version.snapshot)
_OF_PROMOTION = _version.promotion_id == bindparam("promotion_id")
_COUNT = statement(select(func.count()).where(_OF_PROMOTION))
_SOME = statement(select(*_COLUMNS).where(_OF_PROMOTION, any_of(_version.version, "versions")))
_MANY = statement(
    select(*_COLUMNS)
    .where(any_of(_version.promotion_id, "promotion_ids"), any_of(_version.version, "versions"))
    .order_by(_version.promotion_id)
)


class PromotionVersion(Struct, frozen=True, kw_only=True):
    """One version; `promotion` is what it was from `changed_at` on, with its switch as status."""

    promotion_id: int
    version: int
    actor: str
    changed_at: int
    promotion: StoredPromotion


class _Snapshot(Struct, frozen=True):
    """What `stored.keep_version` writes."""

    name: str
    description: str
    kind: str
    rule: msgspec.Raw
    terms: Terms
    currency: str
    status: Status
    priority: int
    starts_at: int | None
    ends_at: int | None
    usage_limit: int | None
    customer_limit: int | None
    budget_minor: int | None
    campaign_id: int | None = None
    gift_stocks: tuple[tuple[int, int], ...] = ()
    quotas: tuple[tuple[int, int], ...] = ()


_snapshots = msgspec.json.Decoder(_Snapshot)
_READ = ("rule", "currency", "gift_stocks", "quotas")
_PLAIN = tuple(name for name in _Snapshot.__struct_fields__ if name not in _READ)


def versions_page(
    connection: Connection,
    selection: Selection,
    *,
    promotion_id: int,
    types: PromotionTypes,
    page: PageRequest,
) -> Page[PromotionVersion]:
    """The versions of a promotion, newest first; none of one that is not there."""
    window = window_of(page, VERSION)
    rows = connection.rows(
        _page_statement(window.shape), promotion_id=promotion_id, **window.params
    )
    kept, more = cut(rows, window)
    nodes = [_version_of(row, types) for row in kept]
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_COUNT, promotion_id=promotion_id)
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def versions_of(
    connection: Connection, promotion_id: int, versions: Sequence[int], types: PromotionTypes
) -> dict[int, PromotionVersion]:
    """These versions by their number, without those that are not there."""
    rows = connection.rows(_SOME, promotion_id=promotion_id, versions=sorted(set(versions)))
    return {row[1]: _version_of(row, types) for row in rows}


def promotions_then(
    connection: Connection,
    versions: Mapping[int, int],
    *,
    types: PromotionTypes,
    stacking_version: int,
) -> tuple[Promotion, ...]:
    """Promotions as the engine took them at these versions, by row number, under these settings.

    Without those whose kind is gone, or does not take their rule any more.
    """
    stacking = stacking_then(connection, stacking_version) or UNTOUCHED
    ids, wanted = sorted(versions), sorted(set(versions.values()))
    rows = connection.rows(_MANY, promotion_ids=ids, versions=wanted)
    found = [_version_of(row, types).promotion for row in rows if versions[row[0]] == row[1]]
    return tuple(
        compiled(one, kind, one.rule, stacking).promotion
        for one in found
        if one.rule is not None and (kind := types.get(one.kind)) is not None
    )


@lru_cache(maxsize=4)
def _page_statement(window: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS).where(_OF_PROMOTION)
    paged = windowed(
        query, window, value=_version.version, row=_version.promotion_id, descending=True
    )
    return statement(paged)


def _cursor(nodes: Sequence[PromotionVersion]) -> Any:
    return lambda place: make_cursor(VERSION, nodes[place].version, nodes[place].promotion_id)


def _version_of(row: tuple[Any, ...], types: PromotionTypes) -> PromotionVersion:
    promotion_id, version, actor, at, text = row
    return PromotionVersion(
        promotion_id=promotion_id,
        version=version,
        actor=actor,
        changed_at=at,
        promotion=_promotion(promotion_id, version, _snapshots.decode(text), types),
    )


def _promotion(
    promotion_id: int, version: int, snapshot: _Snapshot, types: PromotionTypes
) -> StoredPromotion:
    kind, rule_json = types.get(snapshot.kind), bytes(snapshot.rule).decode()
    return StoredPromotion(
        id=promotion_id,
        version=version,
        lane=kind.lane if kind else None,
        rule=read_stored_rule(types, snapshot.kind, rule_json),
        rule_json=rule_json,
        currency=snapshot.currency or None,
        gift_stocks=tuple(
            GiftStock(variant_id=variant_id, quantity=quantity, used=0)
            for variant_id, quantity in snapshot.gift_stocks
        ),
        quotas=tuple(
            VariantQuota(variant_id=variant_id, quantity=quantity, used=0)
            for variant_id, quantity in snapshot.quotas
        ),
        **{name: getattr(snapshot, name) for name in _PLAIN},
    )

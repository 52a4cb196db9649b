"""The promotions that are switched on, kept in memory and rebuilt when one of them changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from sqlalchemy import exists, select

from storeql.catalog.prices.floors import has_floors
from storeql.db import Connection, statement
from storeql.pricing import Conditions, EnteredCode, Line, Promotion, PromotionType, Scope
from storeql.promotions.index import ScopeIndex, touches
from storeql.promotions.records import Status, StoredPromotion, Terms, Unavailable
from storeql.promotions.rules.form import gift_variants
from storeql.promotions.stacking.settings import UNTOUCHED, Stacking, current_stacking
from storeql.promotions.tables import promotion_sets, promotions, variant_quotas
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.codes import instant_of

log = structlog.get_logger("storeql.promotions")

_promotion = promotions.c
_SET_VERSION = statement(select(promotion_sets.c.version).where(promotion_sets.c.id == 1))
_ACTIVE = statement(
    select(
        _promotion.id,
        _promotion.version,
        _promotion.name,
        _promotion.kind,
        _promotion.rule,
        _promotion.terms,
        _promotion.currency,
        _promotion.priority,
        _promotion.starts_at,
        _promotion.ends_at,
        _promotion.usage_limit,
        _promotion.customer_limit,
        _promotion.budget_minor,
        _promotion.campaign_id,
        exists().where(variant_quotas.c.promotion_id == _promotion.id),
    )
    .where(_promotion.status == Status.ACTIVE.value)
    .order_by(_promotion.id)
)

terms_decoder = msgspec.json.Decoder(Terms)


class ActivePromotion(msgspec.Struct, frozen=True, kw_only=True):
    """One active promotion as the engine takes it, and what only the shop needs to know."""

    promotion: Promotion
    starts_at: int | None
    ends_at: int | None
    has_limits: bool
    has_quotas: bool
    gift_variant_ids: tuple[str, ...]

    def runs_at(self, now: int) -> bool:
        """True inside the half-open window; `now` is milliseconds."""
        if self.starts_at is not None and now < self.starts_at:
            return False
        return self.ends_at is None or now < self.ends_at


class ActiveSet:
    """Every active promotion of one set version, and how they go together.

    `unavailable` are those that cannot run. `has_floors` tells whether the margin guard has a rule.
    """

    def __init__(
        self,
        version: int,
        promotions: Sequence[ActivePromotion],
        unavailable: Sequence[Unavailable] = (),
        *,
        stacking: Stacking = UNTOUCHED,
        has_floors: bool = False,
    ) -> None:
        self.version = version
        self.has_floors = has_floors
        self.stacking = stacking
        self.promotions = tuple(promotions)
        self.unavailable = tuple(unavailable)
        self._by_id = {entry.promotion.id: entry for entry in self.promotions}
        self._index = ScopeIndex(
            (place, entry.promotion.scope)
            for place, entry in enumerate(self.promotions)
            if not entry.promotion.needs_code
        )

    def with_promotions(self, promotions: Sequence[ActivePromotion]) -> ActiveSet:
        """The same shop with these promotions, ascending id, in the place of its own."""
        return ActiveSet(
            self.version,
            promotions,
            self.unavailable,
            stacking=self.stacking,
            has_floors=self.has_floors,
        )

    def candidates(
        self, lines: Sequence[Line], *, codes: Sequence[EnteredCode] = (), now: int
    ) -> tuple[ActivePromotion, ...]:
        """The promotions that can touch these lines at `now`, ascending id.

        One that needs a code is among them when a code of it was entered, whatever the lines; one
        outside its window is not, so that nobody reads of next week's sale in a trace.
        """
        found = [self.promotions[place] for place in sorted(self._index.find(lines))]
        found += [self._by_id[key] for key in self._entered(codes)]
        return tuple(
            entry for entry in found if entry.runs_at(now) and touches(entry.promotion, lines)
        )

    def _entered(self, codes: Sequence[EnteredCode]) -> list[str]:
        ids = {code.promotion_id for code in codes if code.promotion_id in self._by_id}
        known = [key for key in ids if key is not None]
        return sorted((key for key in known if self._by_id[key].promotion.needs_code), key=int)


class ActiveSets:
    """The newest active set, one per process: rebuilt when the version in the database moved."""

    def __init__(self, types: PromotionTypes) -> None:
        self.types = types
        self._lock = threading.Lock()
        self._current: ActiveSet | None = None

    def current(self, connection: Connection) -> ActiveSet:
        """The active set as this transaction sees it; one small SELECT when nothing changed."""
        version = connection.scalar(_SET_VERSION) or 0
        known = self._current
        if known is not None and known.version == version:
            return known
        with self._lock:
            known = self._current
            if known is not None and known.version == version:
                return known
            fresh = read_active_set(connection, self.types, version=version)
            if known is None or known.version < version:
                self._current = fresh
            return fresh


def read_active_set(connection: Connection, types: PromotionTypes, *, version: int) -> ActiveSet:
    """Every active promotion, read and compiled."""
    stacking = current_stacking(connection)
    found: list[ActivePromotion] = []
    unavailable: list[Unavailable] = []
    for row in connection.rows(_ACTIVE):
        entry = _active(row, types, stacking)
        if isinstance(entry, Unavailable):
            log.warning("promotion_unavailable", promotion=entry.id, reason=entry.reason)
            unavailable.append(entry)
        else:
            found.append(entry)
    floors = has_floors(connection)
    return ActiveSet(version, found, unavailable, stacking=stacking, has_floors=floors)


def _active(
    row: tuple[Any, ...], types: PromotionTypes, stacking: Stacking
) -> ActivePromotion | Unavailable:
    row_id, version, name, key, rule_json, terms_json, currency, priority, *rest = row
    starts_at, ends_at, usage_limit, customer_limit, budget_minor, *others = rest
    campaign_id, has_quotas = others
    kind = types.get(key)
    if kind is None:
        return Unavailable(id=str(row_id), name=name, kind=key, reason="No plugin brings it.")
    try:
        rule = types.read_rule(key, rule_json)
    except msgspec.ValidationError as error:
        return Unavailable(id=str(row_id), name=name, kind=key, reason=str(error))
    stored = StoredPromotion(
        id=row_id,
        version=version,
        name=name,
        terms=terms_decoder.decode(terms_json),
        currency=currency or None,
        priority=priority,
        starts_at=starts_at,
        ends_at=ends_at,
        usage_limit=usage_limit,
        customer_limit=customer_limit,
        budget_minor=budget_minor,
        campaign_id=campaign_id,
    )
    return compiled(stored, kind, rule, stacking, has_quotas=bool(has_quotas))


def compiled(
    stored: StoredPromotion,
    kind: PromotionType[Any],
    rule: msgspec.Struct,
    stacking: Stacking,
    *,
    has_quotas: bool = True,
) -> ActivePromotion:
    """A promotion as the engine takes it, whether it is switched on or only tried.

    Without `has_quotas` nobody looks whether it has any.
    """
    terms = stored.terms
    limits = (
        stored.usage_limit,
        stored.customer_limit,
        stored.budget_minor,
        stored.campaign_id,
    )
    return ActivePromotion(
        promotion=Promotion(
            id=str(stored.id),
            version=stored.version,
            name=stored.name,
            type=kind,
            rule=rule,
            priority=stored.priority,
            scope=_about(kind, rule, terms.scope),
            conditions=_running(terms.conditions, stored.starts_at, stored.ends_at),
            exclusion_group=terms.exclusion_group,
            stacking_group=terms.stacking_group,
            stackable_with=stacking.stackable_with(terms.stacking_group, terms.stackable_with),
            needs_code=terms.needs_code,
            currency=stored.currency,
            funders=terms.funders,
        ),
        starts_at=stored.starts_at,
        ends_at=stored.ends_at,
        has_limits=any(limit is not None for limit in limits),
        has_quotas=has_quotas,
        gift_variant_ids=gift_variants(rule),
    )


def _about(kind: PromotionType[Any], rule: msgspec.Struct, scope: Scope) -> Scope:
    """The scope; where it includes everything, only the goods that the rule is about."""
    if kind.goods is None or scope.include.names_anything():
        return scope
    return Scope(include=kind.goods(rule), exclude=scope.exclude)


def _running(conditions: Conditions, starts_at: int | None, ends_at: int | None) -> Conditions:
    if starts_at is None and ends_at is None:
        return conditions
    window = msgspec.structs.replace(
        conditions.window, starts_at=instant_of(starts_at), ends_at=instant_of(ends_at)
    )
    return msgspec.structs.replace(conditions, window=window)

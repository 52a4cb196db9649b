"""Lints one promotion: by itself on the goods in its scope, then beside the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from storeql.db import Connection
from storeql.errors import Problem
from storeql.pricing import Promotion, Text
from storeql.promotions.active import ActivePromotion, ActiveSet, compiled
from storeql.promotions.lint.alone import Trials, by_itself, try_on
from storeql.promotions.lint.findings import Finding, Severity, blocking, warning
from storeql.promotions.lint.goods import Channel, Good, active_channels, goods_in, goods_of
from storeql.promotions.lint.pairs import beside
from storeql.promotions.lint.trials import Bench, bench_for
from storeql.promotions.lint.windows import first_open
from storeql.promotions.records import StoredPromotion
from storeql.promotions.types import PromotionTypes

MOST_CHANNELS = 3
MOST_OTHERS = 200
MOST_COMPARED = 10


class Inspection(Struct, frozen=True, kw_only=True):
    """What was found, the channels the promotion may apply in, and what it was tried on there."""

    findings: tuple[Finding, ...] = ()
    channels: Sequence[Channel] = ()
    trials: Sequence[Trials] = ()

    @property
    def goods(self) -> Sequence[Good]:
        """The goods it was tried on, each variant once."""
        known = {good.line.variant_id: good for one in self.trials for good in one.goods}
        return tuple(known.values())

    @property
    def is_complete(self) -> bool:
        """True when these are all the goods in its scope."""
        return len(self.channels) <= MOST_CHANNELS and all(one.complete for one in self.trials)

    @property
    def least_minor(self) -> int:
        """The least that an order of one variant was granted; 0 when none was."""
        granted = [one.least_minor for one in self.trials if one.granted]
        return min(granted, default=0)


class Linter(Struct, frozen=True, kw_only=True):
    """Lints promotions of one shop beside those that are switched on; bounded in time by counts.

    A promotion is tried in 3 channels on 100 variants each, the ones with the least margin, and
    compared with 200 others on 10 baskets.
    """

    active: ActiveSet
    types: PromotionTypes
    zone: ZoneInfo
    now: int

    def findings(self, connection: Connection, promotion: StoredPromotion) -> tuple[Finding, ...]:
        """What there is to say of it, blocking findings first; nothing before it has a rule."""
        return self.inspect(connection, promotion).findings

    def inspect(
        self, connection: Connection, promotion: StoredPromotion, *, compared: int = MOST_COMPARED
    ) -> Inspection:
        """The findings, and where and on what the promotion was tried.

        `compared` is the number of baskets on which others are compared with it, the dear part.
        """
        kind = self.types.get(promotion.kind)
        if kind is None or promotion.rule is None:
            return Inspection()
        entry = compiled(promotion, kind, promotion.rule, self.active.stacking)
        channels = _fitting(entry.promotion, active_channels(connection))
        tried: list[Trials] = []
        found = list(self._findings(connection, entry, promotion.budget_minor, channels, tried))
        found += self._beside(entry.promotion, tried[:1], compared) if channels else ()
        found.sort(key=lambda one: one.severity is not Severity.BLOCKING)
        return Inspection(findings=tuple(found), channels=channels, trials=tried)

    def refusals(self, connection: Connection, promotion: StoredPromotion) -> list[Problem]:
        """The blocking findings as problems of its activation; none of them is a comparison."""
        return [
            Problem(code=found.code, message=found.message.en, field=("id",))
            for found in self.inspect(connection, promotion, compared=0).findings
            if found.severity is Severity.BLOCKING
        ]

    def _findings(
        self,
        connection: Connection,
        entry: ActivePromotion,
        budget_minor: int | None,
        channels: Sequence[Channel],
        sold: list[Trials],
    ) -> Iterator[Finding]:
        """What is found; what it was found on goes into `sold`."""
        tried = entry.promotion
        at = datetime.fromtimestamp(self.now / 1000, UTC)
        opening = first_open(tried.conditions.window, zone=self.zone, now=at)
        if opening is None:
            yield _never_open(tried)
            return
        if not channels:
            yield _no_channel(tried)
            return
        for channel in channels[:MOST_CHANNELS]:
            gifts = goods_of(connection, entry.gift_variant_ids, channel, now=self.now)
            bench = bench_for(tried, channel, gifts, at=opening, zone=self.zone.key)
            trials = self._tried(connection, bench, channel)
            if trials.goods:
                sold.append(trials)
                yield from by_itself(bench, trials, budget_minor)
        if not sold:
            yield _nothing_in_scope(tried)

    def _tried(self, connection: Connection, bench: Bench, channel: Channel) -> Trials:
        goods, complete = goods_in(
            connection,
            bench.promotion.scope,
            channel,
            now=self.now,
            guarded=self.active.has_floors,
        )
        return try_on(bench, channel, goods, complete=complete)

    def _beside(self, tried: Promotion, sold: Sequence[Trials], compared: int) -> Iterator[Finding]:
        goods = [good for trials in sold for good in trials.goods]
        baskets = [trial for trials in sold for trial in trials.granted[:compared]]
        for other in self._others(tried):
            yield from beside(tried, other, goods, baskets)

    def _others(self, tried: Promotion) -> Sequence[Promotion]:
        """Those that have something to do with it and are not over, ascending id."""
        found = [
            entry.promotion
            for entry in self.active.promotions
            if entry.promotion.id != tried.id
            and (entry.ends_at is None or entry.ends_at > self.now)
            and _related(tried, entry.promotion)
        ]
        return found[:MOST_OTHERS]


def _related(one: Promotion, other: Promotion) -> bool:
    if one.exclusion_group is not None and one.exclusion_group == other.exclusion_group:
        return True
    return one.lane is other.lane


def _fitting(tried: Promotion, channels: Sequence[Channel]) -> list[Channel]:
    """The channels in which it may apply."""
    wanted = tried.conditions.channels
    return [
        channel
        for channel in channels
        if (not wanted or channel.slug in wanted) and tried.currency in (None, channel.currency)
    ]


def _never_open(tried: Promotion) -> Finding:
    return blocking(
        "NEVER_OPEN",
        Text(
            "Its start, end, weekdays and hours leave no instant at which it runs.",
            "开始时间、结束时间、星期与时段没有任何交集，永远不会生效。",
        ),
        tried,
    )


def _nothing_in_scope(tried: Promotion) -> Finding:
    return warning(
        "NOTHING_IN_SCOPE",
        Text(
            "Nothing that it is about is for sale in its channels.",
            "所选渠道中没有在售的参与商品。",
        ),
        tried,
    )


def _no_channel(tried: Promotion) -> Finding:
    return blocking(
        "NO_CHANNEL",
        Text(
            "None of its channels sells in its currency.",
            "所选渠道中没有使用该币种的在售渠道，永远不会生效。",
        ),
        tried,
    )

"""One promotion by itself on the goods of one channel: out of reach, under cost, over budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from storeql.pricing import Outcome, Promotion, Text
from storeql.pricing.currencies import amount_text
from storeql.promotions.lint.findings import Finding, blocking, warning
from storeql.promotions.lint.goods import Channel, Good
from storeql.promotions.lint.trials import Bench, Trial

MOST_EXAMPLES = 10


class Trials(Struct, frozen=True, kw_only=True):
    """What came of a promotion in one channel; `complete`: no goods in scope were left out."""

    promotion: Promotion
    channel: Channel
    goods: Sequence[Good]
    complete: bool
    granted: Sequence[Trial]
    everything: Trial

    @property
    def least_minor(self) -> int:
        """The least that any of the baskets was granted; 0 when none was."""
        return min((trial.saving_minor for trial in self.granted), default=0)


def try_on(bench: Bench, channel: Channel, goods: Sequence[Good], *, complete: bool) -> Trials:
    """Each good by itself in the fewest pieces that are granted something, then all of them."""
    granted = [found for good in goods if (found := bench.smallest(good)) is not None]
    return Trials(
        promotion=bench.promotion,
        channel=channel,
        goods=goods,
        complete=complete,
        granted=granted,
        everything=bench.all_at_once(goods),
    )


def by_itself(bench: Bench, trials: Trials, budget_minor: int | None) -> Iterator[Finding]:
    """What the trials show."""
    yield from _failing(trials)
    yield from _out_of_reach(trials)
    yield from _over_budget(trials, budget_minor)
    yield from _below_cost(bench, trials)


def _failing(trials: Trials) -> Iterator[Finding]:
    entries = [trial.entry for trial in (*trials.granted, trials.everything)]
    failed = [entry for entry in entries if entry and entry.outcome is Outcome.FAILED]
    if failed:
        yield warning(
            "KIND_FAILS",
            Text(
                f"Its plugin fails on a basket of these products: {failed[0].error}",
                f"插件在试算时出错：{failed[0].error}",
            ),
            trials.promotion,
        )


def _out_of_reach(trials: Trials) -> Iterator[Finding]:
    """Not even all that can be had is enough."""
    entry = trials.everything.entry
    if not trials.complete or entry is None or entry.outcome is not Outcome.MISSED:
        return
    if entry.shortfall is None or not isinstance(entry.expected, int):
        return
    is_money, currency = (entry.condition or "").endswith("_minor"), trials.channel.currency
    wanted, there = (
        amount_text(number, currency) if is_money else str(number)
        for number in (entry.expected, entry.expected - entry.shortfall)
    )
    yield warning(
        "THRESHOLD_OUT_OF_REACH",
        Text(
            f"It asks for {wanted}, and all that is in stock in the channel "
            f"{trials.channel.slug} comes to {there}.",
            f"门槛为 {wanted}，而渠道 {trials.channel.slug} 的全部库存只有 {there}，永远达不到。",
        ),
        trials.promotion,
    )


def _over_budget(trials: Trials, budget_minor: int | None) -> Iterator[Finding]:
    least, currency = trials.least_minor, trials.channel.currency
    if budget_minor is None or not trials.complete or least <= budget_minor:
        return
    each, budget = amount_text(least, currency), amount_text(budget_minor, currency)
    yield blocking(
        "BUDGET_TOO_SMALL",
        Text(
            f"One order takes at least {each}, more than the budget of {budget}: it can never "
            "be granted.",
            f"每单至少优惠 {each}，超过预算 {budget}，永远无法生效。",
        ),
        trials.promotion,
    )


def _below_cost(bench: Bench, trials: Trials) -> Iterator[Finding]:
    under = [trial for trial in trials.granted if any(map(_loses, bench.around(trial)))]
    if not under:
        return
    variants = [int(trial.basket.lines[0].variant_id) for trial in under]
    channel, count = trials.channel.slug, len(under)
    yield warning(
        "BELOW_COST",
        Text(
            f"{count} variants go below their cost in the channel {channel}.",
            f"渠道 {channel} 中有 {count} 个规格的优惠价低于成本。",
        ),
        trials.promotion,
        variant_ids=variants[:MOST_EXAMPLES],
    )


def _loses(trial: Trial) -> bool:
    """True when the basket's line costs less than the shop paid for it."""
    [line], [priced] = trial.basket.lines, trial.priced.lines
    return line.cost_minor is not None and priced.net_minor < line.cost_minor * line.quantity

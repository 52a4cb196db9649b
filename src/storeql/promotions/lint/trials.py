"""Tries a promotion by itself, on baskets made of the goods in its scope, with the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from storeql.pricing import (
    Basket,
    Buyer,
    Delivery,
    EnteredCode,
    Lane,
    Line,
    Outcome,
    PricedCart,
    Promotion,
    TraceEntry,
    price,
)
from storeql.pricing.currencies import exponent_of
from storeql.promotions.lint.goods import Channel, Good

STEPS = 5
"""Baskets that are tried until a threshold is reached."""
MOST_PIECES = 10_000
MULTIPLES = (1, 2, 5)
"""Times the smallest basket that is granted something: higher tiers may give more."""
GRANTED = (Outcome.APPLIED, Outcome.CLAMPED)


class Trial(Struct, frozen=True):
    """One basket, what the promotion made of it, and its saving."""

    basket: Basket
    priced: PricedCart
    entry: TraceEntry | None

    @property
    def saving_minor(self) -> int:
        """What was granted, gifts at their price."""
        return self.entry.amount_minor if self.entry else 0


class Bench(Struct, frozen=True):
    """Everything about a trial's basket but its lines: a buyer for whom all conditions hold."""

    promotion: Promotion
    template: Basket

    def attempt(self, lines: Sequence[Line]) -> Trial:
        """The promotion alone on these lines."""
        return attempt(self.promotion, msgspec.structs.replace(self.template, lines=tuple(lines)))

    def smallest(self, good: Good) -> Trial | None:
        """The fewest pieces of one variant that are granted something; None when none are."""
        quantity = max(1, self.promotion.conditions.minimum_quantity)
        for _ in range(STEPS):
            trial = self.attempt([pieces(good.line, quantity)])
            if trial.saving_minor:
                return trial
            quantity += _missing(trial.entry, good.line)
            if quantity > MOST_PIECES or trial.entry is None or not trial.entry.shortfall:
                return None
        return None

    def all_at_once(self, goods: Sequence[Good]) -> Trial:
        """Everything that can be had of these goods, in one basket."""
        lines = [
            pieces(good.line, min(good.available, MOST_PIECES))
            for good in goods
            if good.available > 0
        ]
        return self.attempt(lines)

    def around(self, smallest: Trial) -> Iterator[Trial]:
        """The smallest basket and multiples of it."""
        [line] = smallest.basket.lines
        yield smallest
        for times in MULTIPLES[1:]:
            yield self.attempt([pieces(line, line.quantity * times)])


def attempt(promotion: Promotion, basket: Basket) -> Trial:
    """What the engine makes of a basket under this promotion alone."""
    priced = price(basket, [promotion])
    return Trial(basket, priced, priced.trace[0] if priced.trace else None)


def pieces(line: Line, quantity: int) -> Line:
    """The line with so many pieces."""
    return msgspec.structs.replace(line, quantity=quantity)


def bench_for(
    promotion: Promotion, channel: Channel, gifts: Sequence[Good], *, at: datetime, zone: str
) -> Bench:
    """A bench whose buyer, delivery, payment and instant meet the promotion's conditions."""
    conditions = promotion.conditions
    ids = tuple(good.line.variant_id for good in gifts)
    exponent = exponent_of(channel.currency)
    template = Basket(
        lines=(),
        channel=channel.slug,
        currency=channel.currency,
        exponent=exponent,
        at=at,
        time_zone=zone,
        buyer=Buyer(
            id="0",
            group_ids=conditions.group_ids,
            tier=_first(conditions.tiers),
            first_order=True,
        ),
        codes=(EnteredCode(code="TRIAL", promotion_id=promotion.id),)
        if promotion.needs_code
        else (),
        gift_choices={promotion.id: ids},
        add_on_choices={promotion.id: dict.fromkeys(ids, 1)},
        gifts={good.line.variant_id: good.gift() for good in gifts},
        delivery=Delivery(
            method=_first(conditions.delivery_methods) or "trial",
            price_minor=10 * 10**exponent if promotion.lane is Lane.SHIPPING else 0,
            country=_first(conditions.countries),
            region=_first(conditions.regions),
        ),
        payment_method=_first(conditions.payment_methods),
    )
    return Bench(promotion, template)


def _missing(entry: TraceEntry | None, line: Line) -> int:
    """Pieces of the line that make good what the entry misses; 0 when pieces do not help."""
    if entry is None or entry.shortfall is None or entry.outcome is not Outcome.MISSED:
        return MOST_PIECES
    if entry.condition == "quantity":
        return entry.shortfall
    if entry.condition == "spend_minor" and line.list_minor:
        return -(-entry.shortfall // line.list_minor)
    return MOST_PIECES


def _first(names: Sequence[str]) -> str | None:
    return names[0] if names else None

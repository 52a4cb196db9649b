"""The best next step of a cart: a little more of something, for which promotions grant more.

A step is an amount of goods at the price they cost now, or pieces of a line that is there. It meets
a threshold that is missed, or reaches a higher tier of what applies: one that gives clearly more
than the same rate on what is added. Every step is priced by the engine. What counts is the gain:
what the cart costs now, plus what the added goods cost now, minus what both would cost together,
gifts at their price; and the promotion that is named has to apply then. The best step gains most
for each unit of money spent; of equals the cheaper one, then (priority, id). A promotion that lost
to another, is excluded or used up is no step. A large cart is priced a bounded number of times,
for the nearest steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec
from msgspec import Struct

from storeql.pricing.basket import Basket, Line
from storeql.pricing.engine import price
from storeql.pricing.lane import LANES, Lane
from storeql.pricing.priced import Outcome, PricedCart, TraceEntry
from storeql.pricing.promotion import Promotion
from storeql.pricing.tiers import EXTRA, Growth, like_line, next_tier

MOST_PRICED = 12
"""Pricings that the search for the best step may take; the steps that lack least go first."""
MOST_LINES = 2
MOST_TRIED_PIECES = 3
TRIES = 4


class NextStep(Struct, frozen=True, kw_only=True):
    """What to add, what it costs, and what it gains; `pieces` of `line_id`, or an amount alone."""

    promotion_id: str
    name: str
    spend_minor: int
    gain_minor: int
    pieces: int | None = None
    line_id: str | None = None


def next_step(
    basket: Basket, promotions: Sequence[Promotion], priced: PricedCart
) -> NextStep | None:
    """The best step from a basket with its price; None when nothing is within reach."""
    return _Steps(basket, promotions, priced).best()


class _Steps:
    """All the steps from one priced basket."""

    def __init__(self, basket: Basket, promotions: Sequence[Promotion], priced: PricedCart) -> None:
        self._basket = basket
        self._promotions = {promotion.id: promotion for promotion in promotions}
        self._priced = priced
        self._costs = _unit_costs(priced)
        self._left = MOST_PRICED

    def best(self) -> NextStep | None:
        """The step that gains most for what it costs."""
        found = [step for step in self._all() if step.gain_minor > 0]
        return min(found, key=self._rank, default=None)

    def _rank(self, step: NextStep) -> tuple[Fraction, int, int, str]:
        priority = self._promotions[step.promotion_id].priority
        rate = Fraction(step.gain_minor, step.spend_minor)
        return (-rate, step.spend_minor, priority, step.promotion_id)

    def _all(self) -> Iterator[NextStep]:
        wanted = [*self._missed(), *self._tiers()]
        for _, entry, amount in sorted(wanted, key=lambda one: (one[0], one[1].promotion_id)):
            if amount:
                yield from self._amount(entry, amount)
            elif entry.outcome is Outcome.MISSED:
                yield from self._pieces(entry, entry.shortfall or 1)
            else:
                yield from self._tier_pieces(entry)

    def _missed(self) -> Iterator[tuple[int, TraceEntry, int]]:
        """What thresholds lack: about how much money, and the amount where they ask for one."""
        for entry in self._priced.trace:
            if entry.outcome is not Outcome.MISSED or not entry.shortfall:
                continue
            if entry.condition == "spend_minor":
                yield entry.shortfall, entry, entry.shortfall
            elif entry.condition == "quantity":
                for _, cost in self._cheapest(self._promotions[entry.promotion_id])[:1]:
                    yield cost * entry.shortfall, entry, 0

    def _tiers(self) -> Iterator[tuple[int, TraceEntry, int]]:
        """What higher tiers of applied promotions lack; the amount is 0 where it may be pieces."""
        for entry in self._priced.trace:
            promotion = self._promotions[entry.promotion_id]
            if entry.outcome is not Outcome.APPLIED or promotion.type.per_unit:
                continue
            amount = 0 if entry.lane is Lane.ITEM else self._tier(promotion)
            if amount is None:
                continue
            for _, cost in self._cheapest(promotion)[:1]:
                yield amount or cost, entry, amount

    def _amount(self, entry: TraceEntry, amount: int) -> Iterator[NextStep]:
        """The step of spending so much more, and what the threshold still lacks then."""
        promotion = self._promotions[entry.promotion_id]
        lines = self._in_scope(promotion)
        others = self._besides(promotion)
        for _ in range(TRIES if lines else 0):
            after = self._price(_with_amount(self._basket, lines[0], amount), others)
            if after is None:
                return
            short = _shortfall(after, promotion.id)
            if not short:
                if _granted(after, promotion.id) > entry.amount_minor:
                    yield self._step(entry, after, spend_minor=amount)
                return
            amount += short

    def _pieces(self, entry: TraceEntry, count: int) -> Iterator[NextStep]:
        """The steps of adding so many pieces to one of the lines in scope, the cheapest first."""
        for line, cost in self._cheapest(self._promotions[entry.promotion_id])[:MOST_LINES]:
            after, spend = self._with_pieces(line, count), cost * count
            if after is not None and spend and _granted(after, entry.promotion_id):
                yield self._step(entry, after, spend_minor=spend, pieces=count, line_id=line.id)

    def _tier_pieces(self, entry: TraceEntry) -> Iterator[NextStep]:
        """The fewest pieces with which an applied promotion gives more than in proportion."""
        promotion = self._promotions[entry.promotion_id]
        lines = self._cheapest(promotion)
        grows = Growth(entry.amount_minor, self._entering(promotion))
        for line, cost in lines[:1]:
            for count in range(1, MOST_TRIED_PIECES + 1):
                after, spend = self._with_pieces(line, count), cost * count
                if after is None or not spend:
                    return
                if grows.beyond(spend, _granted(after, promotion.id)):
                    yield self._step(entry, after, spend_minor=spend, pieces=count, line_id=line.id)
                    return

    def _price(self, basket: Basket, promotions: Iterable[Promotion]) -> PricedCart | None:
        """What the engine says; None when the search has taken all the pricings it may."""
        if not self._left:
            return None
        self._left -= 1
        return price(basket, promotions)

    def _with_pieces(self, line: Line, count: int) -> PricedCart | None:
        more = msgspec.structs.replace(line, quantity=line.quantity + count)
        return self._price(_with_line(self._basket, more), self._promotions.values())

    def _cheapest(self, promotion: Promotion) -> list[tuple[Line, int]]:
        """The lines in scope with what one more piece costs now, the cheapest first."""
        lines = [(line, self._costs[line.id]) for line in self._in_scope(promotion)]
        return sorted(lines, key=lambda entry: (entry[1], entry[0].id))

    def _step(
        self,
        entry: TraceEntry,
        after: PricedCart,
        *,
        spend_minor: int,
        pieces: int | None = None,
        line_id: str | None = None,
    ) -> NextStep:
        return NextStep(
            promotion_id=entry.promotion_id,
            name=entry.name,
            spend_minor=spend_minor,
            gain_minor=_cost(self._priced) + spend_minor - _cost(after),
            pieces=pieces,
            line_id=line_id,
        )

    def _tier(self, promotion: Promotion) -> int | None:
        """See `next_tier`; None too for a promotion whose lines are gone."""
        return next_tier(
            promotion, self._in_scope(promotion), self._entering(promotion), self._basket
        )

    def _entering(self, promotion: Promotion) -> Mapping[str, int]:
        """What each line in scope costs as the promotion's lane begins."""
        before = LANES[: LANES.index(promotion.lane)]
        scope = {line.id for line in self._in_scope(promotion)}
        return {
            line.line_id: line.list_minor
            - sum(one.amount_minor for one in line.allocations if one.lane in before)
            for line in self._priced.lines
            if line.line_id in scope
        }

    def _in_scope(self, promotion: Promotion) -> list[Line]:
        lines = [line for line in self._basket.lines if promotion.scope.holds(line)]
        return sorted(lines, key=lambda line: line.id)

    def _besides(self, promotion: Promotion) -> list[Promotion]:
        """All promotions; the extra amount is at the price that goods cost now, so that offers on
        single items leave it alone."""
        return [
            _without_extra(one) if one.lane is Lane.ITEM and one.id != promotion.id else one
            for one in self._promotions.values()
        ]


def _with_amount(basket: Basket, like: Line, amount: int) -> Basket:
    """The basket with one more piece, like a line of it, that costs so much."""
    return msgspec.structs.replace(basket, lines=(*basket.lines, like_line(like, amount)))


def _with_line(basket: Basket, changed: Line) -> Basket:
    lines = tuple(changed if line.id == changed.id else line for line in basket.lines)
    return msgspec.structs.replace(basket, lines=lines)


def _without_extra(promotion: Promotion) -> Promotion:
    replace, scope = msgspec.structs.replace, promotion.scope
    exclude = replace(scope.exclude, tag_ids=scope.exclude.tag_ids | {EXTRA})
    return replace(promotion, scope=replace(scope, exclude=exclude))


def _entry(priced: PricedCart, promotion_id: str) -> TraceEntry | None:
    return next((one for one in priced.trace if one.promotion_id == promotion_id), None)


def _granted(priced: PricedCart, promotion_id: str) -> int:
    entry = _entry(priced, promotion_id)
    return entry.amount_minor if entry else 0


def _shortfall(priced: PricedCart, promotion_id: str) -> int:
    """What a threshold still lacks; 0 when it is met, or when something else stands in the way."""
    entry = _entry(priced, promotion_id)
    if entry is None or entry.outcome is not Outcome.MISSED:
        return 0
    return entry.shortfall or 0


def _cost(priced: PricedCart) -> int:
    """What is to pay before added taxes, less what the gifts in it are worth."""
    gifts = sum(gift.list_minor for gift in priced.gift_lines)
    return priced.totals.subtotal_minor + priced.totals.shipping_minor - gifts


def _unit_costs(priced: PricedCart) -> Mapping[str, int]:
    """What one more piece of each line costs now: as much as its dearest one."""
    return {line.line_id: line.units[0].unit_minor for line in priced.lines}

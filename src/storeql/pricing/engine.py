"""`price`: the one function that every price in the shop comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from storeql.pricing.admission import exhausted, unmet
from storeql.pricing.basket import Basket
from storeql.pricing.campaigns import over_campaigns
from storeql.pricing.lane import LANES, Lane
from storeql.pricing.lanes import Candidate, Purse, run_lane
from storeql.pricing.ledger import Ledger
from storeql.pricing.matching import LineMasks
from storeql.pricing.nodes import Nodes
from storeql.pricing.offer import Offer
from storeql.pricing.priced import EarnedVouchers, LaneSummary, Outcome, PricedCart, TraceEntry
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import Missed, Vouchers
from storeql.pricing.trace import not_met

NODE_CAP = 1000
"""What one pricing may search; keeps large carts under 20 ms."""


def price(
    basket: Basket, promotions: Iterable[Promotion], *, node_cap: int = NODE_CAP
) -> PricedCart:
    """The basket with its price and the trace of every candidate.

    Pure and exact to the minor unit; the order of lines and of promotions changes nothing. A
    candidate is a promotion with a line in its scope, or one that a code was entered for; one
    that needs a code and has none is no candidate and leaves no trace. In a lane whose search
    takes more than `node_cap` nodes the answer is the best found, with its proven gap.

    Where promotions of a campaign would together exceed what is left of its budget, the last of
    them by (priority, id) are exhausted and the rest is priced again.
    """
    ordered = sorted(promotions, key=lambda promotion: (promotion.priority, promotion.id))
    short: dict[str, Missed] = {}
    while True:
        cart, trace = _price(basket, ordered, short, node_cap)
        over = over_campaigns(ordered, trace, basket) if basket.remaining else None
        if not over:
            return cart
        short |= over


def _price(
    basket: Basket, ordered: Sequence[Promotion], short: Mapping[str, Missed], node_cap: int
) -> tuple[PricedCart, Mapping[str, TraceEntry]]:
    """The price without the promotions that are `short`, and the trace by promotion id."""
    lines = sorted(basket.lines, key=lambda line: line.id)
    ledger = Ledger(basket, lines)
    trace: dict[str, TraceEntry] = {}
    admitted = _admit(ordered, basket, LineMasks(lines), trace, short)
    purse, summaries = Purse(Nodes(node_cap), Nodes(node_cap // 8)), []
    taken: dict[str, str] = {}
    earned: list[EarnedVouchers] = []
    for lane in LANES:
        if admitted[lane]:
            outcome = run_lane(ledger.view(lane), admitted[lane], taken, purse)
            ledger.book(lane, outcome.granted)
            summaries.append(outcome.summary)
            trace.update(outcome.trace)
            winners = [grant.offer for grant in outcome.granted.grants]
            for offer in (*winners, *outcome.earning):
                if offer.promotion.exclusion_group:
                    taken[offer.promotion.exclusion_group] = offer.promotion.id
            earned += _earned(outcome.earning)
    return _priced(basket, ledger, _told(ordered, trace), summaries, earned), trace


def _earned(earning: Iterable[Offer]) -> Iterator[EarnedVouchers]:
    for offer in earning:
        if isinstance(offer.answer, Vouchers):
            yield EarnedVouchers(
                promotion_id=offer.promotion.id,
                voucher_promotion_id=offer.answer.promotion_id,
                quantity=offer.answer.quantity,
                valid_days=offer.answer.valid_days,
            )


def _admit(
    ordered: Sequence[Promotion],
    basket: Basket,
    masks: LineMasks,
    trace: dict[str, TraceEntry],
    short: Mapping[str, Missed],
) -> Mapping[Lane, list[Candidate]]:
    """The candidates that may be asked, by lane; the others only leave a trace entry."""
    admitted: dict[Lane, list[Candidate]] = {lane: [] for lane in LANES}
    entered = {code.promotion_id for code in basket.codes}
    for promotion in ordered:
        coded = promotion.id in entered
        if promotion.needs_code and not coded:
            continue
        mask = masks.scope(promotion.scope)
        if not mask and not coded:
            continue
        if missed := unmet(promotion, basket, mask, masks):
            trace[promotion.id] = not_met(promotion, missed)
        elif used := short.get(promotion.id) or exhausted(promotion, basket):
            trace[promotion.id] = not_met(promotion, used, Outcome.EXHAUSTED)
        else:
            admitted[promotion.lane].append(Candidate(promotion, mask))
    return admitted


def _told(ordered: Sequence[Promotion], trace: Mapping[str, TraceEntry]) -> tuple[TraceEntry, ...]:
    found = [trace[promotion.id] for promotion in ordered if promotion.id in trace]
    return tuple(sorted(found, key=lambda entry: LANES.index(entry.lane)))


def _priced(
    basket: Basket,
    ledger: Ledger,
    trace: tuple[TraceEntry, ...],
    summaries: Sequence[LaneSummary],
    earned: Sequence[EarnedVouchers],
) -> PricedCart:
    known = {entry.promotion_id for entry in trace}
    lines, gifts, shipping = ledger.lines(), ledger.gift_lines(), ledger.shipping()
    return PricedCart(
        currency=basket.currency,
        exponent=basket.exponent,
        lines=lines,
        gift_lines=gifts,
        shipping=shipping,
        totals=ledger.totals(lines, gifts, shipping),
        trace=trace,
        lanes=tuple(summaries),
        unmatched_codes=tuple(c.code for c in basket.codes if c.promotion_id not in known),
        earned=tuple(earned),
    )

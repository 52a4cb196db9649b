"""One lane of one pricing: candidates become offers, offers a plan, the plan grants and a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from storeql.pricing.campaigns import CONDITION
from storeql.pricing.grant import Grant, Granted, grant_plan
from storeql.pricing.in_order import plan_in_order
from storeql.pricing.lane import Lane
from storeql.pricing.margins import UNKNOWN, Loss, losses, shipping_loss
from storeql.pricing.nodes import Nodes
from storeql.pricing.offer import Offer, TypeFailed, conflict, offered, shortage
from storeql.pricing.priced import LaneSummary, Outcome, TraceEntry
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import Missed, Vouchers
from storeql.pricing.shipping import best_shipping, shipping_in_order
from storeql.pricing.solve import solve_lane
from storeql.pricing.trace import entry, granted, lost, not_met, sold_out, worthless
from storeql.pricing.view import LaneView


class Candidate(NamedTuple):
    """A promotion that may be asked, with the lines in its scope as a mask of places."""

    promotion: Promotion
    mask: int


class LaneOutcome(NamedTuple):
    """What a lane granted, how it was solved, and the trace by promotion id."""

    granted: Granted
    summary: LaneSummary
    trace: Mapping[str, TraceEntry]
    earning: Sequence[Offer] = ()


class Purse(NamedTuple):
    """What a pricing may spend on finding answers, and on telling by how much others lost."""

    answers: Nodes
    margins: Nodes


class _Decided(NamedTuple):
    granted: Granted
    gap_minor: int | None
    losses: Mapping[Offer, Loss]


def run_lane(
    view: LaneView, candidates: Sequence[Candidate], taken: Mapping[str, str], purse: Purse
) -> LaneOutcome:
    """Solves a lane. `taken` names, by exclusion group, the promotion granted in a lane before.

    A promotion whose type fails, even in the middle of a search, is left out and the lane is
    solved again without it.
    """
    trace: dict[str, TraceEntry] = {}
    open_ = [c for c in candidates if not _shut_out(c.promotion, taken, trace)]
    asked = [offer for c in open_ if (offer := _offer(c, view, trace)) is not None]
    offers = [offer for offer in asked if not isinstance(offer.answer, Vouchers)]
    before = purse.answers.spent
    while True:
        try:
            decided = _decide(offers, view, purse)
            break
        except TypeFailed as failure:
            offers = [offer for offer in offers if offer is not failure.offer]
            _failed(failure.offer.promotion, failure.error, trace)
    _tell(offers, decided, trace)
    earning = _earning(asked, decided.granted, trace)
    saving, nodes = decided.granted.saving_minor, purse.answers.spent - before
    summary = LaneSummary(
        lane=view.lane, saving_minor=saving, gap_minor=decided.gap_minor, nodes=nodes
    )
    return LaneOutcome(decided.granted, summary, trace, earning)


def _earning(
    asked: Sequence[Offer], granted: Granted, trace: dict[str, TraceEntry]
) -> Sequence[Offer]:
    """The offers of vouchers that stand: they take no units, but keep to exclusion groups."""
    groups = {
        grant.offer.promotion.exclusion_group: grant.offer.promotion.id for grant in granted.grants
    }
    found = []
    for offer in sorted(asked, key=lambda offer: offer.rank):
        if not isinstance(offer.answer, Vouchers):
            continue
        promotion, group = offer.promotion, offer.promotion.exclusion_group
        if group is not None and group in groups:
            trace[promotion.id] = entry(promotion, Outcome.EXCLUDED, lost_to=(groups[group],))
            continue
        groups[group] = promotion.id
        trace[promotion.id] = entry(promotion, Outcome.APPLIED, vouchers=offer.answer.quantity)
        found.append(offer)
    return found


def _shut_out(promotion: Promotion, taken: Mapping[str, str], trace: dict[str, TraceEntry]) -> bool:
    winner = taken.get(promotion.exclusion_group) if promotion.exclusion_group else None
    if winner is None:
        return False
    trace[promotion.id] = entry(promotion, Outcome.EXCLUDED, lost_to=(winner,))
    return True


def _offer(candidate: Candidate, view: LaneView, trace: dict[str, TraceEntry]) -> Offer | None:
    """The offer of a candidate that can save something; of any other only the trace entry."""
    promotion = candidate.promotion
    if view.lane is Lane.SHIPPING and view.basket.delivery is None:
        trace[promotion.id] = not_met(promotion, Missed(condition="delivery", expected="chosen"))
        return None
    part = offered(promotion, view, candidate.mask)
    short = shortage(promotion, view, candidate.mask)
    if short and not part.mask:
        trace[promotion.id] = sold_out(promotion, short)
        return None
    try:
        offer = Offer(promotion, view, part, short)
    except TypeFailed as failure:
        _failed(promotion, failure.error, trace)
        return None
    if isinstance(offer.answer, Vouchers) and offer.answer.quantity:
        return offer
    if not offer.most_minor:
        trace[promotion.id] = worthless(offer)
        return None
    return None if _over_budget(offer, trace) else offer


def _over_budget(offer: Offer, trace: dict[str, TraceEntry]) -> bool:
    """True if what is left of a budget does not cover all that this cart could be granted."""
    left, needed = offer.view.basket.remaining.get(offer.promotion.id), offer.most_minor
    if left is None:
        return False
    for condition, budget in (
        ("budget_minor", left.budget_minor),
        (CONDITION, left.campaign_minor),
    ):
        if budget is not None and needed > budget:
            short = Missed(
                condition=condition, expected=needed, found=budget, shortfall=needed - budget
            )
            trace[offer.promotion.id] = not_met(offer.promotion, short, Outcome.EXHAUSTED)
            return True
    return False


def _failed(promotion: Promotion, error: str, trace: dict[str, TraceEntry]) -> None:
    trace[promotion.id] = entry(promotion, Outcome.FAILED, error=error)


def _decide(offers: Sequence[Offer], view: LaneView, purse: Purse) -> _Decided:
    in_order = view.lane in view.basket.in_order_lanes
    if view.lane is Lane.SHIPPING:
        return _decide_shipping(offers, view, purse, in_order=in_order)
    if in_order:
        return _Decided(grant_plan(plan_in_order(offers, view), view), None, {})
    answer = solve_lane(offers, view, purse.answers)
    result = grant_plan(answer.plan, view)
    winners = {grant.offer for grant in result.grants}
    losers = [offer for offer in offers if offer not in winners]
    return _Decided(result, answer.gap_minor, losses(answer, losers, purse.margins))


def _decide_shipping(
    offers: Sequence[Offer], view: LaneView, purse: Purse, *, in_order: bool
) -> _Decided:
    price = view.basket.delivery.price_minor if view.basket.delivery else 0
    if in_order:
        return _Decided(_grant_shipping(shipping_in_order(offers), price), None, {})
    if not offers:
        return _Decided(Granted([], {}), 0, {})
    best = best_shipping(offers, price, purse.answers)
    lossy = {
        offer: shipping_loss(offer, offers, best, price, purse.margins)
        for offer in offers
        if offer not in best.offers
    }
    return _Decided(_grant_shipping(best.offers, price), best.upper - best.value, lossy)


def _grant_shipping(offers: Sequence[Offer], price: int) -> Granted:
    grants = []
    for offer in offers:
        amount = min(price, offer.proposed_minor)
        price -= amount
        grants.append(Grant(offer, offer.proposed_minor, {0: amount}))
    return Granted(grants, {})


def _tell(offers: Sequence[Offer], decided: _Decided, trace: dict[str, TraceEntry]) -> None:
    winners = [grant.offer for grant in decided.granted.grants]
    for grant in decided.granted.grants:
        trace[grant.offer.promotion.id] = granted(grant)
    for offer in offers:
        if offer in winners:
            continue
        if not offer.saving_minor and not any(conflict(offer, winner) for winner in winners):
            trace[offer.promotion.id] = worthless(offer)
            continue
        loss = decided.losses.get(offer, UNKNOWN)
        trace[offer.promotion.id] = lost(offer, winners, loss)

"""A lane that goes in order: promotions by priority, each taking the units still free."""

from __future__ import annotations

from collections.abc import Sequence

from storeql.pricing.grant import Plan, Run
from storeql.pricing.matching import bits
from storeql.pricing.offer import Offer, shares_exclusion, stackable
from storeql.pricing.residual import unit_savings
from storeql.pricing.view import LaneView


def plan_in_order(offers: Sequence[Offer], view: LaneView) -> Plan:
    """The plan in which each promotion takes all the units it wants and may still have.

    A promotion that saves nothing on them takes none. Units given to another are free for one
    that stacks with all their holders.
    """
    plan: dict[int, list[Run]] = {}
    granted: list[Offer] = []
    for offer in sorted(offers, key=lambda offer: offer.rank):
        if any(shares_exclusion(offer.promotion, other.promotion) for other in granted):
            continue
        free = {place: count for place, count in _free(offer, plan, view).items() if count}
        if free and offer.accepts(free) and offer.ask(view.units(free), free)[2]:
            granted.append(offer)
            for place, count in free.items():
                plan[place] = _taken(plan.get(place, []), offer, count, view.pieces(place))
    return plan


def _free(offer: Offer, plan: dict[int, list[Run]], view: LaneView) -> dict[int, int]:
    savings = unit_savings(offer)
    free = {}
    for place in bits(offer.mask):
        if savings is not None and not savings.get(place):
            continue
        runs = plan.get(place, [])
        left = view.pieces(place) - sum(run.pieces for run in runs)
        shared = sum(run.pieces for run in runs if _may_join(offer, run))
        free[place] = min(offer.pieces[place], left + shared)
    return free


def _may_join(offer: Offer, run: Run) -> bool:
    return all(stackable(offer.promotion, other.promotion) for other in run.offers)


def _taken(runs: Sequence[Run], offer: Offer, count: int, pieces: int) -> list[Run]:
    left = pieces - sum(run.pieces for run in runs)
    after: list[Run] = []
    for run in [*runs, Run(left, ())]:
        taken = min(count, run.pieces) if _may_join(offer, run) else 0
        count -= taken
        after += [Run(taken, (*run.offers, offer)), Run(run.pieces - taken, run.offers)]
    return [run for run in after if run.pieces and run.offers]

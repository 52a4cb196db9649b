"""Enough for everyone: where each promotion can save its most at once, nothing has to be searched.

A cart that is large beside the thresholds of a shop is the ordinary case, not the lucky one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from storeql.pricing.grant import Run
from storeql.pricing.offer import Offer
from storeql.pricing.view import LaneView


def share_out(offers: Sequence[Offer], view: LaneView) -> dict[int, Sequence[Run]] | None:
    """Who gets which whole line so that all save their most; None if this way finds no such plan.

    The promotion with the fewest lines chooses first, and takes those that the fewest others want.
    No answer saves more, and none that saves as much goes without one of them. What is left over
    goes to the first that wants it.
    """
    if _exclude_each_other(offers):
        return None
    order = _by_demand(offers, view)
    owners: dict[int, Offer] = {}
    *others, last = sorted(offers, key=lambda offer: len(offer.pieces))
    for offer in (*others, last):
        pieces = offer.pieces
        free = [place for place in order if place in pieces and place not in owners]
        sums = list(accumulate([view.packs[place] for place in free], initial=0))
        if _saving(offer, sums) < offer.most_minor:
            return None
        taken = free if offer is last else free[: _least(offer, sums)]
        owners.update(dict.fromkeys(taken, offer))
    for offer in offers:
        for place in offer.pieces:
            owners.setdefault(place, offer)
    runs = {offer: (Run(1, (offer,)),) for offer in offers}
    return {place: runs[owners[place]] for place in sorted(owners)}


def _exclude_each_other(offers: Sequence[Offer]) -> bool:
    groups = [o.promotion.exclusion_group for o in offers if o.promotion.exclusion_group]
    return len(set(groups)) < len(groups)


def _by_demand(offers: Sequence[Offer], view: LaneView) -> list[int]:
    """The places of all lines that any of them wants: least wanted first, of those the dearest."""
    wanted: dict[int, int] = {}
    for offer in offers:
        for place in offer.pieces:
            wanted[place] = wanted.get(place, 0) + 1
    amounts = view.amounts
    return sorted(wanted, key=lambda place: (wanted[place], -amounts[place], place))


def _saving(offer: Offer, sums: Sequence[int]) -> int:
    """What it saves on all the lines that are still free for it."""
    everything = len(sums) > len(offer.pieces)
    return offer.saving_minor if everything else offer.saving(sums[-1])


def _least(offer: Offer, sums: Sequence[int]) -> int:
    """How many lines save its most, if they are packed in these sums, of none up to all."""
    low, high = 1, len(sums) - 1
    while low < high:
        middle = (low + high) // 2
        if offer.saving(sums[middle]) < offer.most_minor:
            low = middle + 1
        else:
            high = middle
    return low

"""Enough for everyone: where each promotion can save its most at once, nothing has to be searched.

A cart that is large beside the thresholds of a shop is the ordinary case, not the lucky one.
"""

from __future__ import annotations

from bisect import bisect_left
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
    free, packs = _by_demand(offers, view), view.packs
    owners: dict[int, Offer] = {}
    *others, last = sorted(offers, key=lambda offer: len(offer.pieces))
    for offer in (*others, last):
        pieces = offer.pieces
        mine = [place for place in free if place in pieces]
        sums = list(accumulate([packs[place] for place in mine], initial=0))
        if _saving(offer, sums) < offer.most_minor:
            return None
        taken = mine if offer is last else mine[: _least(offer, sums)]
        owners.update(dict.fromkeys(taken, offer))
        free = [place for place in free if place not in owners]
    for place in free:
        owners[place] = next(offer for offer in offers if place in offer.pieces)
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
    ranked = sorted([(count, -amounts[place], place) for place, count in wanted.items()])
    return [place for _, _, place in ranked]


def _saving(offer: Offer, sums: Sequence[int]) -> int:
    """What it saves on all the lines that are still free for it."""
    everything = len(sums) > len(offer.pieces)
    return offer.saving_minor if everything else offer.saving(sums[-1])


def _least(offer: Offer, sums: Sequence[int]) -> int:
    """How many lines save its most, if they are packed in these sums, of none up to all.

    So few that its ceiling leaves room for that are the right number already, more often than not.
    """
    most, high = offer.most_minor, len(sums) - 1
    low = bisect_left(sums, most, 1, high, key=offer.at_most)
    if offer.saving(sums[low]) == most:
        return low
    return bisect_left(sums, most, low, high, key=offer.saving)

"""What is left to buy while orders are being thought out, the popular things drawn most often."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random

from msgspec import Struct

KEPT = 8
MOST_DRAWS = 40


class Offer(Struct, frozen=True, kw_only=True):
    """A variant that can be bought; `pieces` is what there was of it at the start."""

    variant_id: int
    product_id: int
    pieces: int
    published_at: int
    is_abroad: bool
    popularity: float


class Shelf:
    """Offers with what is left of each; never sells the last few pieces, which gifts may need."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._offers = offers
        self._chances = list(accumulate(offer.popularity for offer in offers))
        self._left = {offer.variant_id: offer.pieces for offer in offers}

    def take(
        self, random: Random, quantity: int, *, at: int, abroad: bool, without: set[int]
    ) -> Offer | None:
        """An offer with so many pieces left, on sale at that instant, of no product of `without`.

        None when there is hardly anything of that kind.
        """
        for _ in range(MOST_DRAWS if self._offers else 0):
            offer = random.choices(self._offers, cum_weights=self._chances)[0]
            if offer.published_at > at or (abroad and not offer.is_abroad):
                continue
            if offer.product_id in without or self._left[offer.variant_id] < quantity + KEPT:
                continue
            self._left[offer.variant_id] -= quantity
            return offer
        return None

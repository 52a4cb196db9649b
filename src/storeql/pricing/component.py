"""A group of promotions that compete for the same lines, laid out for the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product
from typing import NamedTuple

from storeql.pricing.cliques import MOST, cliques, largest
from storeql.pricing.grant import Run
from storeql.pricing.matching import bits
from storeql.pricing.offer import Offer, shares_exclusion, stackable
from storeql.pricing.residual import Residual

MOST_MOVES = 256
"""A line whose pieces can be shared out in more ways is given away whole, and not proven."""

MOST_ALTERNATIVES = 1024
"""More ways to choose one promotion of each exclusion group are not looked at."""


class Move(NamedTuple):
    """One way to share out a line's pieces.

    `takes` adds packed pieces to promotions, by their seat; `value` is what the pieces that are
    left to promotions settled unit by unit save; `runs` is the same as a plan.
    """

    takes: tuple[tuple[int, int], ...]
    value: int
    runs: tuple[Run, ...]


class Row(NamedTuple):
    """A line with a choice, and its moves."""

    place: int
    moves: list[Move]


class Component:
    """Offers in (priority, id) order, each at its seat, and the lines they compete for.

    `start` holds the packed pieces that are no one else's, `base_minor` what settled pieces save
    elsewhere, `plan` the runs of the settled lines. `stacks` tells that a piece may go to several.
    """

    def __init__(
        self, offers: Sequence[Offer], places: int, residual: Residual, *, maximal: bool = True
    ) -> None:
        self.offers = sorted(offers, key=lambda offer: offer.rank)
        self.view = offers[0].view
        self.residual = residual
        self.maximal = maximal
        self.stacks = False
        self.complete = True
        self._apart = not any(
            stackable(one.promotion, other.promotion) for one, other in combinations(self.offers, 2)
        )
        self._masks = [offer.mask for offer in self.offers]
        self._whole = [(Run(1, (offer,)),) for offer in self.offers]
        self.start = [0] * len(offers)
        self.base_minor = 0
        self.plan: dict[int, tuple[Run, ...]] = {}
        self.rows: list[Row] = []
        for place in bits(places):
            self._add(place)
        amounts = self.view.amounts
        self.rows.sort(key=lambda row: (-amounts[row.place], row.place))

    def _add(self, place: int) -> None:
        bit = 1 << place
        seats = [seat for seat, mask in enumerate(self._masks) if mask & bit]
        if len(seats) == 1 and self._keeps_all(place, seats[0]):
            offer = self.offers[seats[0]]
            count = offer.pieces[place]
            self.start[seats[0]] += self.view.packs[place] * count
            self.plan[place] = (Run(count, (offer,)),)
            return
        moves = self._moves(place, seats)
        if len(moves) > 1:
            self.rows.append(Row(place, moves))
            return
        for seat, packed in moves[0].takes:
            self.start[seat] += packed
        self.base_minor += moves[0].value
        self.plan[place] = moves[0].runs

    def _keeps_all(self, place: int, seat: int) -> bool:
        """True if no one else wants the pieces that only this promotion searches for."""
        offer = self.offers[seat]
        if offer.choosy or self.residual.wants_any((place,)):
            return False
        return not self.stacks or offer.pieces[place] == self.view.pieces(place)

    def sums(self, chosen: Sequence[int]) -> tuple[list[int], int]:
        """What each seat holds, packed, and what settled pieces save under one move per row."""
        sums, total = self.start.copy(), self.base_minor
        for row, move in zip(self.rows, chosen, strict=True):
            takes, value, _ = row.moves[move]
            for seat, packed in takes:
                sums[seat] += packed
            total += value
        return sums, total

    def _moves(self, place: int, seats: Sequence[int]) -> list[Move]:
        if self._apart and seats and not self.view.by_unit:
            pack = self.view.packs[place]
            return [Move(((seat, pack),), 0, self._whole[seat]) for seat in seats]
        options = cliques(seats, self._together)
        if len(options) > len(seats):
            self.stacks = True
            self.complete &= len(options) < MOST
        pieces = self.view.pieces(place)
        if self.maximal:
            given = [self.offers[seat].pieces[place] for seat in seats]
            options = largest(options, [s for s, n in zip(seats, given, strict=True) if n < pieces])
        limits = [min(self.offers[seat].pieces[place] for seat in one) for one in options]
        spare = (
            bool(self.residual.layers(place))
            or any(self.offers[seat].choosy for seat in seats)
            or (self.stacks and min(limits, default=pieces) < pieces)
        )
        shares = list(islice(_shares(limits, pieces, spare=spare), MOST_MOVES + 1))
        if len(shares) > MOST_MOVES:
            self.complete = False
            shares = _undivided(limits, spare=spare)
        if self.stacks:
            shares = [share for share in shares if self._within_quotas(place, options, share)]
        return [self._move(place, options, share) for share in shares]

    def _within_quotas(
        self, place: int, options: Sequence[tuple[int, ...]], share: Sequence[int]
    ) -> bool:
        """False if a promotion got more pieces than it may have, in several sets together."""
        taken: dict[int, int] = {}
        for option, count in zip(options, share, strict=True):
            for seat in option:
                taken[seat] = taken.get(seat, 0) + count
        return all(count <= self.offers[seat].pieces[place] for seat, count in taken.items())

    def _together(self, one: int, other: int) -> bool:
        return stackable(self.offers[one].promotion, self.offers[other].promotion)

    def _move(self, place: int, options: Sequence[tuple[int, ...]], share: Sequence[int]) -> Move:
        pack, takes, runs = self.view.packs[place], dict[int, int](), []
        for option, count in zip(options, share, strict=True):
            if count:
                runs.append(Run(count, tuple(self.offers[seat] for seat in option)))
                for seat in option:
                    takes[seat] = takes.get(seat, 0) + pack * count
        left = self.view.pieces(place) - sum(share)
        runs += self.residual.runs(place, left)
        return Move(tuple(takes.items()), self.residual.value(place, left), tuple(runs))


def _shares(limits: Sequence[int], pieces: int, *, spare: bool) -> Iterator[tuple[int, ...]]:
    """Every way to share out pieces, none above its limit; all of them unless some may be spared.

    Fewer units never save more, so pieces only stay over when the limits leave them over.
    """
    if not limits:
        yield ()
        return
    most = min(limits[0], pieces)
    least = 0 if spare else max(0, min(most, pieces - sum(limits[1:])))
    for count in range(most, least - 1, -1):
        for rest in _shares(limits[1:], pieces - count, spare=spare):
            yield (count, *rest)


def _undivided(limits: Sequence[int], *, spare: bool) -> list[tuple[int, ...]]:
    whole = [
        tuple(limit if at == place else 0 for at in range(len(limits)))
        for place, limit in enumerate(limits)
    ]
    return [*whole, (0,) * len(limits)] if spare else whole


def components(offers: Sequence[Offer]) -> list[list[Offer]]:
    """The offers in groups that share neither lines nor exclusion groups with each other."""
    groups: list[list[Offer]] = []
    for offer in offers:
        near = [group for group in groups if any(_linked(offer, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([offer, *(other for group in near for other in group)])
    return [sorted(group, key=lambda offer: offer.rank) for group in groups]


def _linked(one: Offer, other: Offer) -> bool:
    return bool(one.mask & other.mask) or shares_exclusion(one.promotion, other.promotion)


def alternatives(offers: Sequence[Offer]) -> list[list[Offer]]:
    """The sets of offers that may be live together: one of each exclusion group, best first.

    At most `MOST_ALTERNATIVES` of them, built from the best of each group first.
    """
    groups: dict[object, list[Offer]] = {}
    for offer in offers:
        group = offer.promotion.exclusion_group
        groups.setdefault(offer if group is None else group, []).append(offer)
    for members in groups.values():
        members.sort(key=lambda offer: -offer.most_minor)
    choices = [list(chosen) for chosen in islice(product(*groups.values()), MOST_ALTERNATIVES)]
    return sorted(choices, key=lambda live: -sum(offer.most_minor for offer in live))

"""A basket as one lane finds it: what each line costs, what its floor leaves, in what pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from storeql.pricing.basket import Basket, Line
from storeql.pricing.lane import Lane
from storeql.pricing.matching import bits
from storeql.pricing.units import UnitLine, Units

FIELD = 64
"""Width of each sum in a packed selection; the last, open-ended field tells the pieces."""
MASK = (1 << FIELD) - 1
LIST_SHIFT, QUANTITY_SHIFT, ROOM_SHIFT, PIECES_SHIFT = FIELD, 2 * FIELD, 3 * FIELD, 4 * FIELD


class Part(NamedTuple):
    """Some pieces of a lane: the places of their lines as a mask, how many of each, as units."""

    mask: int
    pieces: Mapping[int, int]
    units: Units


class Sizes(NamedTuple):
    """The units of each line, and what they cost at list price: the same in every lane."""

    quantities: Sequence[int]
    listed: Sequence[int]


def sizes_of(lines: Sequence[Line]) -> Sizes:
    """The sizes of these lines, in their order."""
    quantities = [line.quantity for line in lines]
    return Sizes(quantities, [line.list_minor * line.quantity for line in lines])


class LaneView:
    """Lines in ascending id with their amounts and rooms at the lane's entry; places by line id.

    A piece is what a lane gives away undivided: a unit in ITEM, a whole line elsewhere. `room` is
    how far a line can still go down before its units reach their floors.

    The search adds pieces to selections and takes them away all the time, so a selection is one
    integer that holds all its sums side by side: amount, list amount, quantity, room, and how many
    pieces of each line. One addition keeps them all, and the integer is the key of its saving.
    """

    def __init__(
        self,
        basket: Basket,
        lane: Lane,
        lines: Sequence[Line],
        amounts: Sequence[int],
        rooms: Sequence[int],
        places: Mapping[str, int],
        sizes: Sizes | None = None,
    ) -> None:
        self.basket = basket
        self.lane = lane
        self.lines = lines
        self.amounts = amounts
        self.rooms = rooms
        self.by_unit = lane is Lane.ITEM
        self.places = places
        self.quantities, self.listed = sizes or sizes_of(lines)
        self._whole: list[UnitLine | None] = [None] * len(lines)
        self._parts: dict[int, Part] = {}
        self._packs: list[int] | None = None
        # In ITEM: where each line's count of pieces begins in a selection, and whose each bit is.
        self._starts: list[int] = []
        self._place_of_bit: list[int] = []

    def pieces(self, place: int) -> int:
        """How many pieces the line at this place comes in."""
        return self.lines[place].quantity if self.by_unit else 1

    def part(self, mask: int) -> Part:
        """All pieces of the lines of a mask; the same for all promotions with the same lines."""
        known = self._parts.get(mask)
        if known is None:
            known = self._parts[mask] = self._part(mask)
        return known

    def _part(self, mask: int) -> Part:
        places = bits(mask)
        counts = map(self.quantities.__getitem__, places) if self.by_unit else repeat(1)
        pieces = dict(zip(places, counts, strict=False))
        return Part(mask, pieces, self.units(pieces))

    def part_of(self, pieces: Mapping[int, int]) -> Part:
        """These pieces, by the line's place, ascending."""
        return Part(sum([1 << place for place in pieces]), pieces, self.units(pieces))

    def units(self, pieces: Mapping[int, int]) -> Units:
        """The units that a promotion is offered: pieces by the line's place, ascending."""
        lines, entries = self.lines, lambda: self._entries(pieces.items())
        if self.by_unit:
            listed = sum([lines[place].list_minor * count for place, count in pieces.items()])
            return Units(listed, listed, sum(pieces.values()), entries)
        return Units(
            sum(map(self.amounts.__getitem__, pieces)),
            sum(map(self.listed.__getitem__, pieces)),
            sum(map(self.quantities.__getitem__, pieces)),
            entries,
        )

    def room(self, pieces: Iterable[int]) -> int:
        """How far whole lines can go down together, by the line's place."""
        return sum(map(self.rooms.__getitem__, pieces))

    def piece_amount(self, place: int) -> int:
        """What one piece costs at the lane's entry."""
        return self.lines[place].list_minor if self.by_unit else self.amounts[place]

    def unit_room(self, place: int) -> int:
        """How far one unit can go down; ITEM lane."""
        line = self.lines[place]
        return max(0, line.list_minor - line.floor_minor)

    @property
    def packs(self) -> list[int]:
        """One piece of each line as a packed selection; multiply by a number of pieces and add."""
        if self._packs is None:
            self._packs = self._packed()
        return self._packs

    def unpacked(self, packed: int) -> Units:
        """The units of a packed selection."""

        def build() -> tuple[UnitLine, ...]:
            return self._entries(self.selected(packed).items())

        return Units(
            packed & MASK,
            packed >> LIST_SHIFT & MASK,
            packed >> QUANTITY_SHIFT & MASK,
            build,
        )

    def selected(self, packed: int) -> dict[int, int]:
        """The pieces of a packed selection, by the line's place, ascending."""
        left = packed >> PIECES_SHIFT
        if not self.by_unit:
            return dict.fromkeys(bits(left), 1)
        chosen, places, starts = {}, self._place_of_bit, self._starts
        while left:
            place = places[(left & -left).bit_length() - 1]
            until = starts[place + 1]
            chosen[place] = (left & (1 << until) - 1) >> starts[place]
            left = left >> until << until
        return chosen

    def _packed(self) -> list[int]:
        packs, offset = [], PIECES_SHIFT
        if not self.by_unit:
            rooms, sizes = self.rooms, zip(self.amounts, self.listed, self.quantities, strict=True)
            return [
                amount
                + (listed << LIST_SHIFT)
                + (units << QUANTITY_SHIFT)
                + (rooms[place] << ROOM_SHIFT)
                + (1 << offset + place)
                for place, (amount, listed, units) in enumerate(sizes)
            ]
        self._starts, self._place_of_bit = [0], list[int]()
        for place, line in enumerate(self.lines):
            sums = line.list_minor + (line.list_minor << LIST_SHIFT) + (1 << QUANTITY_SHIFT)
            packs.append(sums + (self.unit_room(place) << ROOM_SHIFT) + (1 << offset))
            offset += line.quantity.bit_length()
            self._starts.append(offset - PIECES_SHIFT)
            self._place_of_bit += [place] * line.quantity.bit_length()
        return packs

    def _entries(self, pieces: Iterable[tuple[int, int]]) -> tuple[UnitLine, ...]:
        whole, lines = self._whole, self.lines
        entries = []
        for place, count in pieces:
            line = lines[place]
            if self.by_unit and line.quantity != count:
                entries.append(UnitLine(line, count, line.list_minor * count))
                continue
            known = whole[place]
            if known is None:
                known = whole[place] = UnitLine(line, line.quantity, self.amounts[place])
            entries.append(known)
        return tuple(entries)

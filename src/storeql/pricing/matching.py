"""Which lines each promotion is about, for a whole basket at once, as bit masks."""

from __future__ import annotations

from collections.abc import Sequence

from storeql.pricing.basket import Line
from storeql.pricing.scope import Scope, Selection


def bits(mask: int) -> list[int]:
    """The positions of the ones in a mask, ascending."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


class LineMasks:
    """The lines of one basket, indexed by their catalogue ids; bit i is the line at place i.

    Each kind of id is indexed when a scope first names one, so that a basket under shop-wide
    promotions pays nothing.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._all = (1 << len(lines)) - 1
        self._by_attribute: dict[str, dict[str, int]] = {}

    def scope(self, scope: Scope) -> int:
        """The lines that `scope.holds`."""
        include = scope.include
        found = self._selection(include) if include.named else self._all
        if found and scope.exclude.named:
            found &= ~self._selection(scope.exclude)
        return found

    def quantity(self, mask: int) -> int:
        """The units of all the lines of a mask."""
        return sum(self._lines[place].quantity for place in bits(mask))

    def _selection(self, selection: Selection) -> int:
        found = 0
        for attribute, ids in selection.named:
            masks = self._masks(attribute)
            for known in ids if len(ids) < len(masks) else masks.keys() & ids:
                found |= masks.get(known, 0)
        return found

    def _masks(self, attribute: str) -> dict[str, int]:
        masks = self._by_attribute.get(attribute)
        if masks is None:
            masks = self._by_attribute[attribute] = self._index(attribute)
        return masks

    def _index(self, attribute: str) -> dict[str, int]:
        masks: dict[str, int] = {}
        for place, line in enumerate(self._lines):
            for known in _ids(line, attribute):
                masks[known] = masks.get(known, 0) | (1 << place)
        return masks


def _ids(line: Line, attribute: str) -> tuple[str, ...]:
    if attribute == "product_ids":
        return (line.product_id,)
    if attribute == "variant_ids":
        return (line.variant_id,)
    ids: tuple[str, ...] = getattr(line, attribute)
    return ids

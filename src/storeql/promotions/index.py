"""Finds the promotions that can touch a basket, by the catalogue ids of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storeql.pricing import Line, Promotion, Scope

Places = dict[str, list[int]]


class ScopeIndex:
    """Places of promotions in a list, by what their scopes include.

    A basket pays for its own ids, not for the promotions of the shop. Those without an `include`
    are about everything and always found.
    """

    def __init__(self, scopes: Iterable[tuple[int, Scope]]) -> None:
        self._everywhere: list[int] = []
        self._products: Places = {}
        self._variants: Places = {}
        self._categories: Places = {}
        self._collections: Places = {}
        self._tags: Places = {}
        for place, scope in scopes:
            self._add(place, scope)

    def find(self, lines: Sequence[Line]) -> set[int]:
        """The places of all promotions that include one of the lines."""
        found = set(self._everywhere) if lines else set()
        for ids, places in (
            ({line.product_id for line in lines}, self._products),
            ({line.variant_id for line in lines}, self._variants),
            ({known for line in lines for known in line.category_ids}, self._categories),
            ({known for line in lines for known in line.collection_ids}, self._collections),
            ({known for line in lines for known in line.tag_ids}, self._tags),
        ):
            if places:
                for known in places.keys() & ids:
                    found.update(places[known])
        return found

    def _add(self, place: int, scope: Scope) -> None:
        include = scope.include
        if not include.names_anything():
            self._everywhere.append(place)
        for ids, places in (
            (include.product_ids, self._products),
            (include.variant_ids, self._variants),
            (include.category_ids, self._categories),
            (include.collection_ids, self._collections),
            (include.tag_ids, self._tags),
        ):
            for known in ids:
                places.setdefault(known, []).append(place)


def touches(promotion: Promotion, lines: Sequence[Line]) -> bool:
    """True unless the promotion's exclusions take away every line its scope includes."""
    scope = promotion.scope
    if not scope.exclude.names_anything():
        return True
    return any(scope.holds(line) for line in lines)

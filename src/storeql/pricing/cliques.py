"""Sets of promotions that may share a piece: all of them, or only those that none can join."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

T = TypeVar("T")
MOST = 64
"""More sets than this for one line are not looked at."""


def cliques(members: Sequence[T], together: Callable[[T, T], bool]) -> list[tuple[T, ...]]:
    """Every non-empty set of which each two go together, members in their given order.

    Single members come first; of the others at most `MOST` in all.
    """
    found: list[tuple[T, ...]] = [(member,) for member in members]
    for known in found:
        if len(known) == len(members) or len(found) >= MOST:
            break
        start = members.index(known[-1]) + 1
        for member in members[start:]:
            if all(together(one, member) for one in known):
                found.append((*known, member))
    return found


def largest(found: Sequence[tuple[T, ...]], limited: Collection[T] = ()) -> list[tuple[T, ...]]:
    """The sets that are no part of another one, or only of such as have more `limited` members.

    Whoever is limited may not have all the pieces: the others of its set share the rest.
    """
    if len(found) < 2 or len(found[-1]) == 1:
        return list(found)
    as_sets = [frozenset(map(id, one)) for one in found]
    scarce = frozenset(map(id, limited))
    return [
        one
        for one, ids in zip(found, as_sets, strict=True)
        if not any(ids < other and not (other - ids) & scarce for other in as_sets)
    ]

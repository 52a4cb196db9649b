"""A component as its searches share it, so that explaining each loss does not start anew."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from storeql.pricing.bounds import Bounds
from storeql.pricing.component import Component
from storeql.pricing.covers import Covers
from storeql.pricing.first_answer import Greedy
from storeql.pricing.table import Table
from storeql.pricing.view import MASK


class Step(NamedTuple):
    """A move as the search takes it: its place among the row's moves, and (seat, packed, measure)
    for each promotion that gets something."""

    move: int
    value: int
    takes: tuple[tuple[int, int, int], ...]


class Layout:
    """A component with its numbers, made when a search asks and kept for all searches of it."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.bounds: Bounds | None = None
        self._steps: list[list[Step] | None] = [None] * len(component.rows)

    @cached_property
    def table(self) -> Table:
        """What each row can give each promotion."""
        return Table(self.component)

    @cached_property
    def greedy(self) -> Greedy:
        """What makes first answers."""
        return Greedy(self.table)

    @cached_property
    def covers(self) -> Covers:
        """The ways in which each promotion reaches its threshold."""
        return Covers(self.table)

    def steps(self, depth: int) -> list[Step]:
        """A row's moves as the search takes them, in the order of the moves."""
        steps = self._steps[depth]
        if steps is None:
            shifts = [promise.shift for promise in self.table.promises]
            steps = self._steps[depth] = [
                Step(index, move.value, tuple((s, p, p >> shifts[s] & MASK) for s, p in move.takes))
                for index, move in enumerate(self.component.rows[depth].moves)
            ]
        return steps

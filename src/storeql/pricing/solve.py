"""The best assignment of a lane: simple lines at once, contested ones component by component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from storeql.pricing.component import Component, alternatives, components
from storeql.pricing.every_choice import best_of_all, is_small
from storeql.pricing.grant import Run, grant_plan
from storeql.pricing.layout import Layout
from storeql.pricing.nodes import Nodes
from storeql.pricing.offer import Offer
from storeql.pricing.plenty import share_out
from storeql.pricing.residual import Residual, split
from storeql.pricing.search import Found, Search
from storeql.pricing.view import LaneView


class Solved(NamedTuple):
    """The plan of one group of offers, what it saves, and what no plan can exceed."""

    plan: Mapping[int, Sequence[Run]]
    value: int
    upper: int


NOTHING = Solved({}, -1, -1)


class Group:
    """Offers that compete with each other, and all the lines that any of them wants."""

    def __init__(self, offers: list[Offer], residual: Residual) -> None:
        self.offers = offers
        self.residual = residual
        self.places = 0
        for offer in offers:
            self.places |= offer.mask
        self._layouts: dict[tuple[bool, tuple[Offer, ...]], Layout] = {}

    def layout(self, live: Sequence[Offer], *, maximal: bool = True) -> Layout:
        """The group's lines laid out for a search among these of its offers, built once."""
        key = (maximal, tuple(live))
        if key not in self._layouts:
            component = Component(live, self.places, self.residual, maximal=maximal)
            self._layouts[key] = Layout(component)
        return self._layouts[key]


class LaneAnswer(NamedTuple):
    """The plan of a whole lane with its proven gap.

    `groups` are the competitions with their answers; `residual` tells the lines that were settled
    unit by unit, `simple` by which promotions.
    """

    plan: dict[int, Sequence[Run]]
    gap_minor: int
    groups: list[tuple[Group, Solved]]
    residual: Residual
    simple: dict[Offer, dict[int, int]]


def solve_lane(offers: Sequence[Offer], view: LaneView, nodes: Nodes) -> LaneAnswer:
    """The assignment that saves most in a lane, or the best found before the nodes ran out."""
    searched, simple = split(offers) if view.by_unit else (list(offers), {})
    residual = Residual(simple, view)
    plan: dict[int, Sequence[Run]] = {}
    gap, groups = 0, []
    for members in components(searched):
        group = Group(members, residual)
        solved = solve_group(group, nodes)
        plan.update(solved.plan)
        gap += solved.upper - solved.value
        groups.append((group, solved))
    for place in residual.places:
        if place not in plan:
            plan[place] = residual.runs(place, view.pieces(place))
    return LaneAnswer(plan, gap, groups, residual, simple)


def solve_group(group: Group, nodes: Nodes, forced: Offer | None = None) -> Solved:
    """The best plan for a group; with `forced`, the best in which that promotion is granted."""
    if forced is None and (solved := _at_once(group)) is not None:
        return solved
    best = NOTHING
    for live in alternatives(group.offers):
        if forced is None or forced in live:
            best = _better(best, _solve_live(live, group, nodes, best, forced))
    return best


def _at_once(group: Group) -> Solved | None:
    """The answer of a group in which no promotion is in another's way; None if that is not so."""
    if _uncontested(group):
        return _alone(group.offers[0])
    view = group.offers[0].view
    plan = None if view.by_unit else share_out(group.offers, view)
    if plan is None:
        return None
    most = sum(offer.most_minor for offer in group.offers)
    return Solved(plan, most, most)


def _uncontested(group: Group) -> bool:
    offer = group.offers[0]
    return (
        len(group.offers) == 1
        and offer.saving_minor == offer.most_minor
        and not group.residual.wants_any(offer.pieces)
    )


def _alone(offer: Offer) -> Solved:
    plan = {place: (Run(count, (offer,)),) for place, count in offer.pieces.items()}
    return Solved(plan, offer.saving_minor, offer.saving_minor)


def _better(one: Solved, other: Solved) -> Solved:
    upper = max(one.upper, other.upper)
    return (other if other.value > one.value else one)._replace(upper=upper)


def _solve_live(
    live: Sequence[Offer], group: Group, nodes: Nodes, best: Solved, forced: Offer | None
) -> Solved:
    layout = group.layout(live)
    component = layout.component
    seat = component.offers.index(forced) if forced else None
    if is_small(component):
        return _solved(component, best_of_all(component, nodes, seat))
    search = Search(layout, nodes, forced=seat, floor=best.value)
    found = search.run()
    relaxed = _solved(component, found)
    if relaxed.value < 0:
        return relaxed
    if (
        not component.stacks
        or grant_plan(relaxed.plan, group.offers[0].view).saving_minor == relaxed.value
    ):
        return relaxed
    return _solve_stacked(live, group, nodes, relaxed, seat)


def _solve_stacked(
    live: Sequence[Offer], group: Group, nodes: Nodes, relaxed: Solved, seat: int | None
) -> Solved:
    """Where stacked promotions meet a floor together, a piece may be better with fewer of them.

    Then each full choice is granted for real, and every set of promotions is a move.
    """
    layout = group.layout(live, maximal=False)
    component = layout.component
    view = component.view

    def leaf(chosen: Sequence[int]) -> int:
        return grant_plan(_plan(component, chosen), view).saving_minor

    search = Search(layout, nodes, forced=seat, leaf=leaf)
    found = search.run()
    solved = _solved(component, found) if found.value >= 0 else NOTHING
    real = grant_plan(relaxed.plan, view).saving_minor
    if real > solved.value:
        solved = Solved(relaxed.plan, real, max(real, solved.upper))
    return solved._replace(upper=min(max(solved.value, found.upper), relaxed.upper))


def _solved(component: Component, found: Found) -> Solved:
    if found.value < 0:
        return NOTHING._replace(upper=found.upper)
    return Solved(_plan(component, found.chosen), found.value, found.upper)


def _plan(component: Component, chosen: Sequence[int]) -> dict[int, Sequence[Run]]:
    plan: dict[int, Sequence[Run]] = dict(component.plan)
    for row, move in zip(component.rows, chosen, strict=True):
        plan[row.place] = row.moves[move].runs
    return plan

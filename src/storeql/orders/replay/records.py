"""What a simulation counts, and what reads of it return."""

from __future__ import annotations

from msgspec import Struct

from storeql.jobs import Job


class Sums(Struct, kw_only=True):
    """Totals over baskets, before and after, in minor units of the simulation's currency.

    `discount` is what came off the lines, gifts and delivery; `margin` is what is left of the net
    amounts after tax and cost, over everything whose cost is known.
    """

    orders: int = 0
    revenue_before_minor: int = 0
    revenue_after_minor: int = 0
    discount_before_minor: int = 0
    discount_after_minor: int = 0
    margin_before_minor: int = 0
    margin_after_minor: int = 0


class Rival(Struct, kw_only=True):
    """Another promotion: what it granted before and after, over the orders where that differs."""

    promotion_id: int
    name: str
    orders: int = 0
    granted_before_minor: int = 0
    granted_after_minor: int = 0

    @property
    def gain_minor(self) -> int:
        """Positive for a winner, negative for a loser."""
        return self.granted_after_minor - self.granted_before_minor


class CategorySums(Struct, frozen=True, kw_only=True):
    """The lines of one category; a line counts in each of its categories."""

    category_id: int
    name: str
    sums: Sums


class TierSums(Struct, frozen=True, kw_only=True):
    """The orders of one member tier; empty for customers without one and for guests."""

    tier: str
    sums: Sums


class FunderCost(Struct, frozen=True, kw_only=True):
    """What one funder pays for the promotion."""

    funder: str
    amount_minor: int


class SampleOrder(Struct, frozen=True, kw_only=True):
    """One order whose price changes; `granted_minor` is what the promotion gives in it."""

    number: str
    placed_at: int
    before_minor: int
    after_minor: int
    granted_minor: int


class CartSums(Struct, kw_only=True):
    """The open carts: how many were looked at, and for how many the total changes which way."""

    carts: int = 0
    touched: int = 0
    cheaper: int = 0
    dearer: int = 0
    total_before_minor: int = 0
    total_after_minor: int = 0


class SimulationResult(Struct, frozen=True, kw_only=True):
    """What came of a simulation; `skipped` orders hold a promotion whose kind is gone.

    `touched` orders are those in which the promotion grants something. `unknown_costs` counts
    pieces that are in no margin, since nobody knows what they cost.
    """

    all: Sums
    touched: int
    customers: int
    changed: int
    skipped: int
    unknown_costs: int
    granted_minor: int
    funders: tuple[FunderCost, ...]
    categories: tuple[CategorySums, ...]
    tiers: tuple[TierSums, ...]
    rivals: tuple[Rival, ...]
    samples: tuple[SampleOrder, ...]
    carts: CartSums


class Simulation(Struct, frozen=True, kw_only=True):
    """A simulation as it was asked for, its job, and what came of it once that is done."""

    id: int
    promotion_id: int
    promotion_version: int
    replaces_id: int | None
    currency: str
    from_at: int
    to_at: int
    created_by: str
    created_at: int
    job: Job | None
    result: SimulationResult | None

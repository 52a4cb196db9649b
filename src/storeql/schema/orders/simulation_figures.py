"""The figures of a simulation: totals, funders, categories, tiers, rivals, samples, open carts."""

from collections.abc import Sequence
from typing import Any

import strawberry
from msgspec import Struct

from storeql.schema.fields import pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money
from storeql.schema.scalars import DateTime


class Told(Struct, frozen=True):
    """A part of a result with the currency of its amounts."""

    value: Any
    currency: str


def _shown(kind: str) -> Any:
    return strawberry.type(description=kind)


@_shown("Totals before and after, over orders or over the lines of a category.")
class SimulationSums:
    """Totals."""

    @pure("How many orders.")
    def orders(self: Told) -> int:
        return int(self.value.orders)

    @pure("What buyers paid; of a category, its lines after discounts.")
    def revenue_before(self: Told) -> Money:
        return money(self.value.revenue_before_minor, self.currency)

    @pure("What buyers would have paid.")
    def revenue_after(self: Told) -> Money:
        return money(self.value.revenue_after_minor, self.currency)

    @pure("What came off lines, gifts and delivery; of a category, off its lines.")
    def discount_before(self: Told) -> Money:
        return money(self.value.discount_before_minor, self.currency)

    @pure("What would have come off.")
    def discount_after(self: Told) -> Money:
        return money(self.value.discount_after_minor, self.currency)

    @pure("What was left after tax and cost, of everything whose cost is known.")
    def margin_before(self: Told) -> Money:
        return money(self.value.margin_before_minor, self.currency)

    @pure("What would have been left.")
    def margin_after(self: Told) -> Money:
        return money(self.value.margin_after_minor, self.currency)


@_shown("What one funder would pay for the promotion.")
class SimulationFunder:
    """A funder's cost."""

    @pure("Who pays, such as shop, platform or a supplier.")
    def name(self: Told) -> str:
        return str(self.value.funder)

    @pure("How much.")
    def amount(self: Told) -> Money:
        return money(self.value.amount_minor, self.currency)


@_shown("The lines of one category; a line counts in each of its categories.")
class SimulationCategory:
    """A category's totals."""

    @pure("The category.")
    def category_id(self: Told) -> strawberry.ID:
        return opaque_id("Category", self.value.category_id)

    @pure("Its name; empty once it is gone.")
    def name(self: Told) -> str:
        return str(self.value.name)

    @pure("Its totals.")
    def sums(self: Told) -> SimulationSums:
        return Told(self.value.sums, self.currency)  # type: ignore[return-value]


@_shown("The orders of one member tier.")
class SimulationTier:
    """A tier's totals."""

    @pure("The tier; null for customers without one, and for guests.")
    def tier(self: Told) -> str | None:
        return self.value.tier or None

    @pure("Its totals.")
    def sums(self: Told) -> SimulationSums:
        return Told(self.value.sums, self.currency)  # type: ignore[return-value]


@_shown("Another promotion that grants more, or less, because of this one.")
class SimulationRival:
    """A winner or a loser."""

    @pure("The promotion.")
    def promotion_id(self: Told) -> strawberry.ID:
        return opaque_id("Promotion", self.value.promotion_id)

    @pure("Its name in the orders.")
    def name(self: Told) -> str:
        return str(self.value.name)

    @pure("In how many orders what it grants differs.")
    def orders(self: Told) -> int:
        return int(self.value.orders)

    @pure("What it granted in those.")
    def granted_before(self: Told) -> Money:
        return money(self.value.granted_before_minor, self.currency)

    @pure("What it would have granted in those.")
    def granted_after(self: Told) -> Money:
        return money(self.value.granted_after_minor, self.currency)


@_shown("One order whose price changes.")
class SimulationOrder:
    """A sample."""

    @pure("The order's number.")
    def number(self: Told) -> str:
        return str(self.value.number)

    @pure("When it was placed.")
    def placed_at(self: Told) -> DateTime:
        return DateTime(self.value.placed_at)

    @pure("What it cost.")
    def before(self: Told) -> Money:
        return money(self.value.before_minor, self.currency)

    @pure("What it would have cost.")
    def after(self: Told) -> Money:
        return money(self.value.after_minor, self.currency)

    @pure("What the promotion would have granted in it, gifts at their price.")
    def granted(self: Told) -> Money:
        return money(self.value.granted_minor, self.currency)


@_shown("The carts that are open, changed within a month: as they are priced now, and with it.")
class SimulationCarts:
    """The effect on open carts."""

    @pure("How many carts.")
    def carts(self: Told) -> int:
        return int(self.value.carts)

    @pure("In how many the promotion grants something.")
    def touched(self: Told) -> int:
        return int(self.value.touched)

    @pure("How many would cost less.")
    def cheaper(self: Told) -> int:
        return int(self.value.cheaper)

    @pure("How many would cost more.")
    def dearer(self: Told) -> int:
        return int(self.value.dearer)

    @pure("What they cost together.")
    def total_before(self: Told) -> Money:
        return money(self.value.total_before_minor, self.currency)

    @pure("What they would cost together.")
    def total_after(self: Told) -> Money:
        return money(self.value.total_after_minor, self.currency)


@_shown("What a promotion would have done.")
class PromotionSimulationResult:
    """A simulation's figures."""

    @pure("All orders of the period.")
    def all(self: Told) -> SimulationSums:
        return Told(self.value.all, self.currency)  # type: ignore[return-value]

    @pure("In how many orders it grants something.")
    def touched_orders(self: Told) -> int:
        return int(self.value.touched)

    @pure("How many customers those orders are of, guests left out.")
    def touched_customers(self: Told) -> int:
        return int(self.value.customers)

    @pure("How many orders cost another amount.")
    def changed_orders(self: Told) -> int:
        return int(self.value.changed)

    @pure("Orders left out, since the plugin of a promotion that priced them is gone.")
    def skipped_orders(self: Told) -> int:
        return int(self.value.skipped)

    @pure("Pieces that are in no margin, since their cost is not known.")
    def pieces_without_cost(self: Told) -> int:
        return int(self.value.unknown_costs)

    @pure("What it grants in all, gifts at their price.")
    def granted(self: Told) -> Money:
        return money(self.value.granted_minor, self.currency)

    @pure("Who pays for that.")
    def funders(self: Told) -> list[SimulationFunder]:
        return _each(self.value.funders, self.currency)

    @pure("The 50 categories in which most money moves.")
    def categories(self: Told) -> list[SimulationCategory]:
        return _each(self.value.categories, self.currency)

    @pure("By member tier.")
    def tiers(self: Told) -> list[SimulationTier]:
        return _each(self.value.tiers, self.currency)

    @pure("Other promotions that grant more, the most first.")
    def winners(self: Told) -> list[SimulationRival]:
        return _each([one for one in self.value.rivals if one.gain_minor > 0], self.currency)

    @pure("Other promotions that grant less, the most first.")
    def losers(self: Told) -> list[SimulationRival]:
        return _each([one for one in self.value.rivals if one.gain_minor < 0], self.currency)

    @pure("The 20 orders whose price changes most.")
    def sample_orders(self: Told) -> list[SimulationOrder]:
        return _each(self.value.samples, self.currency)

    @pure("What it does to the carts that are open now.")
    def open_carts(self: Told) -> SimulationCarts:
        return Told(self.value.carts, self.currency)  # type: ignore[return-value]


def _each(values: Sequence[Any], currency: str) -> list[Any]:
    return [Told(value, currency) for value in values]

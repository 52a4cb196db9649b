"""Adds up what a trial changes, order by order: sums, funders, categories, tiers, rivals."""

from __future__ import annotations

from msgspec import Struct

from storeql.orders.replay.records import CartSums, Rival, SampleOrder, Sums
from storeql.orders.replay.trial import Trial, Used, granted_by, grants
from storeql.pricing import Allocation, Basket, Line, PricedCart, PricedLine

SAMPLES = 20


class PastOrder(Struct, frozen=True, kw_only=True):
    """An order as it was placed."""

    id: int
    number: str
    channel_id: int
    customer_id: int | None
    stacking_version: int
    placed_at: int
    basket: Basket
    priced: PricedCart


class Tally(Struct, kw_only=True):
    """The running figures; kept as JSON between steps. Keys of `categories` are row numbers."""

    used: Used
    all: Sums
    carts: CartSums
    touched: int = 0
    changed: int = 0
    skipped: int = 0
    unknown_costs: int = 0
    granted_minor: int = 0
    funders: dict[str, int] = {}
    categories: dict[str, Sums] = {}
    tiers: dict[str, Sums] = {}
    rivals: dict[str, Rival] = {}
    samples: list[SampleOrder] = []


def new_tally() -> Tally:
    """Figures of nothing yet."""
    return Tally(used=Used(), all=Sums(), carts=CartSums())


def add_order(tally: Tally, trial: Trial, past: PastOrder, after: PricedCart) -> int:
    """Counts one order; returns what the trial grants in it."""
    before, granted = past.priced, granted_by(after, trial.promotion.id)
    _add_sums(tally, past, after)
    tally.touched += grants(after, trial.promotion.id)
    if granted:
        tally.granted_minor += granted
        for allocation in _allocations(after):
            if allocation.promotion_id == trial.promotion.id:
                for part in allocation.funding:
                    paid = tally.funders.get(part.funder, 0)
                    tally.funders[part.funder] = paid + part.amount_minor
    if after is not before:
        _add_rivals(tally, trial, before, after)
    if granted or after.totals.total_minor != before.totals.total_minor:
        _sample(tally, past, after, granted)
    tally.changed += after.totals.total_minor != before.totals.total_minor
    return granted


def add_cart(tally: Tally, trial: Trial, before: PricedCart, after: PricedCart) -> None:
    """Counts one open cart."""
    carts, was, now = tally.carts, before.totals.total_minor, after.totals.total_minor
    carts.carts += 1
    carts.touched += grants(after, trial.promotion.id)
    carts.cheaper += now < was
    carts.dearer += now > was
    carts.total_before_minor += was
    carts.total_after_minor += now


def _add_sums(tally: Tally, past: PastOrder, after: PricedCart) -> None:
    basket, before = past.basket, past.priced
    was, unknown = _margin(basket, before)
    now = was if after is before else _margin(basket, after)[0]
    tally.unknown_costs += unknown
    tier = tally.tiers.setdefault(basket.buyer.tier or "", Sums())
    for sums in (tally.all, tier):
        sums.orders += 1
        sums.revenue_before_minor += before.totals.total_minor
        sums.revenue_after_minor += after.totals.total_minor
        sums.discount_before_minor += _discount(before)
        sums.discount_after_minor += _discount(after)
        sums.margin_before_minor += was
        sums.margin_after_minor += now
    _add_categories(tally, basket, before, after)


def _add_categories(tally: Tally, basket: Basket, before: PricedCart, after: PricedCart) -> None:
    met: set[str] = set()
    for line, was, now in zip(basket.lines, before.lines, after.lines, strict=True):
        for key in line.category_ids:
            sums = tally.categories.setdefault(key, Sums())
            sums.orders += key not in met
            met.add(key)
            sums.revenue_before_minor += was.net_minor
            sums.revenue_after_minor += now.net_minor
            sums.discount_before_minor += was.list_minor - was.net_minor
            sums.discount_after_minor += now.list_minor - now.net_minor
            sums.margin_before_minor += _line_margin(basket, line, was) or 0
            sums.margin_after_minor += _line_margin(basket, line, now) or 0


def _add_rivals(tally: Tally, trial: Trial, before: PricedCart, after: PricedCart) -> None:
    was = {entry.promotion_id: entry.amount_minor for entry in before.trace}
    now = {entry.promotion_id: entry.amount_minor for entry in after.trace}
    names = {entry.promotion_id: entry.name for entry in before.trace}
    for key, name in names.items():
        if key == trial.promotion.id or was[key] == now.get(key, 0):
            continue
        rival = tally.rivals.setdefault(key, Rival(promotion_id=int(key), name=name))
        rival.orders += 1
        rival.granted_before_minor += was[key]
        rival.granted_after_minor += now.get(key, 0)


def _sample(tally: Tally, past: PastOrder, after: PricedCart, granted: int) -> None:
    """Keeps the orders whose total changes most, the earlier one of two alike."""
    tally.samples.append(
        SampleOrder(
            number=past.number,
            placed_at=past.placed_at,
            before_minor=past.priced.totals.total_minor,
            after_minor=after.totals.total_minor,
            granted_minor=granted,
        )
    )
    tally.samples.sort(key=lambda one: -abs(one.after_minor - one.before_minor))
    del tally.samples[SAMPLES:]


def _margin(basket: Basket, priced: PricedCart) -> tuple[int, int]:
    """What is left after tax and cost, delivery included, and pieces whose cost is unknown."""
    margin, unknown = 0, 0
    for line, answer in zip(basket.lines, priced.lines, strict=True):
        earned = _line_margin(basket, line, answer)
        if earned is None:
            unknown += line.quantity
        else:
            margin += earned
    for gift in priced.gift_lines:
        if gift.cost_minor is None:
            unknown += gift.quantity
        else:
            margin += gift.net_minor - _tax(basket, gift.tax_minor) - gift.cost_minor
    if priced.shipping is not None:
        margin += priced.shipping.net_minor - _tax(basket, priced.shipping.tax_minor)
    return margin, unknown


def _line_margin(basket: Basket, line: Line, priced: PricedLine) -> int | None:
    if line.cost_minor is None:
        return None
    return priced.net_minor - _tax(basket, priced.tax_minor) - line.cost_minor * line.quantity


def _tax(basket: Basket, tax_minor: int) -> int:
    return tax_minor if basket.prices_include_tax else 0


def _discount(priced: PricedCart) -> int:
    totals = priced.totals
    return totals.discount_minor + totals.gift_minor + totals.shipping_discount_minor


def _allocations(priced: PricedCart) -> list[Allocation]:
    found = [allocation for line in priced.lines for allocation in line.allocations]
    found += [gift.allocation for gift in priced.gift_lines]
    return found if priced.shipping is None else [*found, *priced.shipping.allocations]

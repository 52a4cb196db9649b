"""What holds for every cart, whatever the promotions."""

from __future__ import annotations

import random

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeql.pricing import (
    Basket,
    Delivery,
    Lane,
    PricedCart,
    Promotion,
    price,
)
from tests.pricing.builders import basket, line, promotion
from tests.pricing.sample_kinds import (
    DELIVERY,
    PERCENT,
    THRESHOLD,
    VOUCHER,
    Amount,
    Percent,
    Threshold,
)
from tests.pricing.test_best_assignment import (
    random_basket,
    unit_promotion,
    whole_line_promotion,
)

quick = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def random_case(seed: int) -> tuple[Basket, list[Promotion]]:
    """A basket with promotions in all four lanes, some of which stack."""
    dice = random.Random(seed)
    plain = random_basket(dice, 6, 4)
    delivery = Delivery(method="post", price_minor=dice.choice([0, 30, 99]), tax_basis_points=600)
    in_order = tuple(lane for lane in Lane if dice.random() < 0.2)
    taxed = dice.random() < 0.5
    case = msgspec.structs.replace(
        plain,
        lines=tuple(msgspec.structs.replace(one, tax_basis_points=1300) for one in plain.lines),
        delivery=delivery,
        in_order_lanes=in_order,
        prices_include_tax=taxed,
    )
    promotions = [unit_promotion(dice, f"i{n}", case) for n in range(dice.randint(0, 3))]
    promotions += [whole_line_promotion(dice, f"o{n}", case) for n in range(dice.randint(0, 4))]
    promotions += [
        promotion(f"v{n}", VOUCHER, Threshold(dice.choice([0, 50]), dice.choice([9, 70])))
        for n in range(dice.randint(0, 2))
    ]
    promotions += [promotion("d", DELIVERY, Amount(dice.choice([5, 60])))]
    groups = {"stackable_with": ("a", "b"), "stacking_group": "a"}
    stacked = [
        msgspec.structs.replace(one, **groups) if dice.random() < 0.4 else one for one in promotions
    ]
    dice.shuffle(stacked)
    return case, stacked


cases = st.integers(0, 10**9).map(random_case)


@quick
@given(cases)
def test_the_parts_sum_to_the_whole(case: tuple[Basket, list[Promotion]]) -> None:
    cart = price(*case)
    for priced in cart.lines:
        granted = sum(a.amount_minor for a in priced.allocations)
        assert priced.list_minor - granted == priced.net_minor
        assert sum(unit.quantity for unit in priced.units) == priced.quantity
        after_item = priced.list_minor - sum(
            a.amount_minor for a in priced.allocations if a.lane is Lane.ITEM
        )
        assert sum(unit.quantity * unit.unit_minor for unit in priced.units) == after_item
    totals = cart.totals
    gifts = sum(gift.net_minor for gift in cart.gift_lines)
    assert sum(priced.net_minor for priced in cart.lines) + gifts == totals.subtotal_minor
    assert totals.list_minor - totals.discount_minor + gifts == totals.subtotal_minor
    on_top = 0 if case[0].prices_include_tax else totals.tax_minor
    assert totals.subtotal_minor + totals.shipping_minor + on_top == totals.total_minor


@quick
@given(cases)
def test_the_trace_adds_up_to_what_was_granted(case: tuple[Basket, list[Promotion]]) -> None:
    cart = price(*case)
    granted: dict[str, int] = {}
    shipping = cart.shipping.allocations if cart.shipping else ()
    gifts = [gift.allocation for gift in cart.gift_lines]
    for allocation in [*(a for one in cart.lines for a in one.allocations), *gifts, *shipping]:
        known = granted.get(allocation.promotion_id, 0)
        granted[allocation.promotion_id] = known + allocation.amount_minor
        assert sum(part.amount_minor for part in allocation.funding) == allocation.amount_minor
        assert allocation.amount_minor > 0
    told = {entry.promotion_id: entry.amount_minor for entry in cart.trace if entry.amount_minor}
    assert told == granted
    assert len({entry.promotion_id for entry in cart.trace}) == len(cart.trace)
    assert sum(lane.saving_minor for lane in cart.lanes) == sum(granted.values())


@quick
@given(cases)
def test_no_unit_goes_below_its_floor_and_nothing_below_zero(
    case: tuple[Basket, list[Promotion]],
) -> None:
    floors = {one.id: min(one.floor_minor, one.list_minor) for one in case[0].lines}
    cart = price(*case)
    for priced in cart.lines:
        assert priced.net_minor >= floors[priced.line_id] * priced.quantity
        assert all(unit.unit_minor >= floors[priced.line_id] for unit in priced.units)
    assert cart.totals.shipping_minor >= 0


@quick
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_promotions_changes_nothing(
    case: tuple[Basket, list[Promotion]], dice: random.Random
) -> None:
    basket_, promotions = case
    lines, shuffled = list(basket_.lines), list(promotions)
    dice.shuffle(lines)
    dice.shuffle(shuffled)
    one = price(basket_, promotions)
    other = price(msgspec.structs.replace(basket_, lines=tuple(lines)), shuffled)
    assert by_line(one) == by_line(other)
    assert (one.totals, one.trace, one.gift_lines) == (other.totals, other.trace, other.gift_lines)


def by_line(cart: PricedCart) -> dict[str, object]:
    return {priced.line_id: priced for priced in cart.lines}


@quick
@given(cases)
def test_a_replay_from_the_stored_basket_gives_the_stored_price(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket_, promotions = case
    cart = price(basket_, promotions)
    stored = msgspec.json.decode(msgspec.json.encode(basket_), type=Basket)
    assert stored == basket_
    assert price(stored, promotions) == cart
    assert msgspec.json.decode(msgspec.json.encode(cart), type=PricedCart) == cart


@quick
@given(cases)
def test_a_line_outside_every_scope_changes_nothing_for_the_others(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket_, promotions = case
    inside = [one for one in promotions if one.scope.include.variant_ids]
    wider = msgspec.structs.replace(basket_, lines=(*basket_.lines, line("zz", 77, 2)))
    before, after = by_line(price(basket_, inside)), by_line(price(wider, inside))
    after.pop("zz")
    assert before == after


@quick
@given(cases, st.integers(0, 12))
def test_a_search_cut_short_tells_a_gap_that_is_true(
    case: tuple[Basket, list[Promotion]], node_cap: int
) -> None:
    basket_ = msgspec.structs.replace(case[0], in_order_lanes=())
    orders = [one for one in case[1] if one.lane is Lane.ORDER]
    (cut,) = price(basket_, orders, node_cap=node_cap).lanes or [None]
    (full,) = price(basket_, orders, node_cap=10**6).lanes or [None]
    if cut is None or full is None:
        return
    assert full.gap_minor == 0
    assert cut.gap_minor is not None
    assert cut.saving_minor <= full.saving_minor <= cut.saving_minor + cut.gap_minor


def test_an_empty_basket_costs_nothing() -> None:
    everything = [
        promotion("p", PERCENT, Percent(1000)),
        promotion("q", THRESHOLD, Threshold(0, 50)),
        promotion("d", DELIVERY, Amount(5)),
    ]
    cart = price(basket(delivery=Delivery(method="post", price_minor=30)), everything)
    assert (cart.totals.total_minor, cart.trace) == (30, ())

"""In a lane the engine saves exactly what the best of all assignments saves."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from storeql.pricing import (
    Basket,
    Delivery,
    GiftItem,
    Lane,
    Line,
    Outcome,
    PricedCart,
    Promotion,
    Remaining,
    price,
)
from tests.pricing.brute_force import (
    best_by_unit,
    best_saving,
    best_stacked_saving,
    together,
)
from tests.pricing.builders import basket, line, promotion
from tests.pricing.sample_kinds import (
    DELIVERY,
    GIFT,
    NTH,
    PERCENT,
    PLAIN_THRESHOLD,
    SEVERAL,
    SPECIAL_PRICE,
    SPEND_PERCENT,
    THRESHOLD,
    Amount,
    Gift,
    Nth,
    Percent,
    Several,
    SpecialPrice,
    SpendPercent,
    Threshold,
    kind,
    threshold,
)

MUG = GiftItem(variant_id="mug", product_id="mug", name="Mug", price_minor=35)
WHOLE = kind("whole", Lane.ORDER, Threshold, threshold, all_or_nothing=True)


def random_basket(dice: random.Random, most_lines: int, most_units: int) -> Basket:
    lines: list[Line] = []
    for place in range(dice.randint(1, most_lines)):
        list_minor = dice.choice([0, 7, 10, 25, 33, 50, 99, 100, 149])
        floor = dice.choice([0, 0, 0, list_minor // 2, list_minor + 5])
        quantity = dice.randint(1, most_units)
        lines.append(line(f"l{place}", list_minor, quantity, floor_minor=floor))
    dice.shuffle(lines)
    return basket(*lines, gifts={"mug": MUG})


def common(dice: random.Random, basket_: Basket) -> dict[str, Any]:
    ids = sorted(one.id for one in basket_.lines)
    on = [i for i in ids if dice.random() < 0.7] or ids[:1]
    group = dice.choice([None, None, None, "x", "y"])
    return {"on": on, "exclusion_group": group, "priority": dice.choice([1, 2])}


def whole_line_promotion(dice: random.Random, name: str, basket_: Basket) -> Promotion:
    more = common(dice, basket_)
    at, off = dice.choice([0, 30, 60, 100, 150]), dice.choice([5, 11, 20, 50, 90])
    match dice.randrange(6):
        case 0:
            return promotion(
                name, SPEND_PERCENT, SpendPercent(at, dice.choice([500, 1250])), **more
            )
        case 1:
            return promotion(name, GIFT, Gift(at, "mug", dice.choice([1, 2])), **more)
        case 2:
            return promotion(name, WHOLE, Threshold(at, off), **more)
        case 3:
            return promotion(name, PLAIN_THRESHOLD, Threshold(at, off), **more)
        case 4:
            rule = Threshold(at, off, on_list=True, times=dice.choice([1, 3]))
            return promotion(name, THRESHOLD, rule, **more)
    return promotion(name, THRESHOLD, Threshold(at, off, times=dice.choice([1, 2])), **more)


def unit_promotion(dice: random.Random, name: str, basket_: Basket) -> Promotion:
    more = common(dice, basket_)
    match dice.randrange(4):
        case 0:
            return promotion(name, PERCENT, Percent(dice.choice([500, 1000, 3333])), **more)
        case 1:
            return promotion(name, SPECIAL_PRICE, SpecialPrice(dice.choice([9, 40, 80])), **more)
        case 2:
            return promotion(name, NTH, Nth(2, dice.choice([5000, 10_000])), **more)
    return promotion(name, SEVERAL, Several(dice.choice([2, 3]), dice.choice([50, 99])), **more)


def lane_saving(cart: PricedCart, lane: Lane) -> int:
    on_lines = sum(
        a.amount_minor for priced in cart.lines for a in priced.allocations if a.lane is lane
    )
    return on_lines + sum(
        g.allocation.amount_minor for g in cart.gift_lines if g.allocation.lane is lane
    )


def check(basket_: Basket, promotions: Sequence[Promotion], lane: Lane, best: int) -> None:
    cart = price(basket_, promotions, node_cap=100_000)
    (summary,) = cart.lanes or [None]
    assert lane_saving(cart, lane) == best, (basket_, promotions)
    if summary is not None:
        assert summary.saving_minor == best
        assert summary.gap_minor == 0


@pytest.mark.parametrize("seed", range(10))
def test_whole_lines_go_to_the_assignment_that_saves_most(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(150):
        basket_ = random_basket(dice, 5, 3)
        count = dice.randint(1, 4)
        promotions = [whole_line_promotion(dice, f"p{i}", basket_) for i in range(count)]
        check(basket_, promotions, Lane.ORDER, best_saving(basket_, promotions, Lane.ORDER))


@pytest.mark.parametrize("seed", range(10))
def test_units_go_to_the_assignment_that_saves_most(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(80):
        basket_ = random_basket(dice, 3, 2)
        count = dice.randint(1, 3)
        promotions = [unit_promotion(dice, f"p{i}", basket_) for i in range(count)]
        check(basket_, promotions, Lane.ITEM, best_saving(basket_, promotions, Lane.ITEM))


@pytest.mark.parametrize("seed", range(8))
def test_stacked_promotions_save_the_most_that_floors_leave(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        basket_ = random_basket(dice, 4, 2)
        promotions = []
        for i in range(dice.randint(2, 3)):
            stack = {
                "stacking_group": dice.choice("abc"),
                "stackable_with": tuple(dice.sample("abc", dice.randint(1, 3))),
            }
            more = common(dice, basket_) | {"exclusion_group": None} | stack
            rule = Threshold(dice.choice([0, 30, 100]), dice.choice([11, 50, 90, 160]))
            promotions.append(promotion(f"p{i}", THRESHOLD, rule, **more))
        check(basket_, promotions, Lane.ORDER, best_stacked_saving(basket_, promotions))


@pytest.mark.parametrize("seed", range(4))
def test_stacked_unit_prices_save_the_most_that_each_unit_can(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        basket_ = random_basket(dice, 3, 2)
        promotions = []
        for i in range(dice.randint(2, 4)):
            more = common(dice, basket_) | {
                "exclusion_group": None,
                "stacking_group": dice.choice("ab"),
                "stackable_with": tuple(dice.sample("ab", dice.randint(0, 2))),
            }
            one = promotion(f"p{i}", PERCENT, Percent(dice.choice([1000, 3333])), **more)
            if dice.random() < 0.4:
                one = promotion(f"p{i}", SPECIAL_PRICE, SpecialPrice(dice.choice([9, 60])), **more)
            promotions.append(one)
        check(basket_, promotions, Lane.ITEM, best_by_unit(basket_, promotions))


@pytest.mark.parametrize("seed", range(4))
def test_stacked_unit_prices_share_what_their_quotas_leave(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(50):
        basket_ = random_basket(dice, 3, 3)
        promotions = []
        for i in range(dice.randint(2, 3)):
            more = common(dice, basket_) | {
                "exclusion_group": None,
                "stacking_group": dice.choice("abc"),
                "stackable_with": tuple(dice.sample("abc", dice.randint(1, 3))),
            }
            promotions.append(
                promotion(f"p{i}", PERCENT, Percent(dice.choice([1000, 3333])), **more)
            )
        quotas = {
            one.id: Remaining(
                quota={each.variant_id: dice.choice([0, 1, 2]) for each in basket_.lines}
            )
            for one in promotions
            if dice.random() < 0.6
        }
        case = replace(basket_, remaining=quotas)
        check(case, promotions, Lane.ITEM, best_by_unit(case, promotions))


@pytest.mark.parametrize("seed", range(4))
def test_delivery_discounts_save_together_the_most_that_may_share_it(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(60):
        cart = basket(
            line("a", 100), delivery=Delivery(method="post", price_minor=dice.choice([0, 70, 150]))
        )
        promotions, off = [], {}
        for i in range(dice.randint(1, 5)):
            more = {
                "priority": dice.choice([1, 2]),
                "stacking_group": dice.choice("ab"),
                "stackable_with": tuple(dice.sample("ab", dice.randint(0, 2))),
            }
            off[f"p{i}"] = dice.choice([20, 50])
            promotions.append(promotion(f"p{i}", DELIVERY, Amount(off[f"p{i}"]), **more))
        priced = price(cart, promotions, node_cap=100_000)
        assert priced.shipping is not None
        most = cart.delivery.price_minor if cart.delivery else 0
        sums = {
            chosen: min(most, sum(off[one.id] for one in chosen)) for chosen in together(promotions)
        }
        best = max(sums.values())
        assert priced.totals.shipping_discount_minor == best
        if not best:
            continue
        first = min(
            sorted((one.priority, one.id) for one in chosen)
            for chosen, saved in sums.items()
            if saved == best
        )
        granted = [one.promotion_id for one in priced.shipping.allocations]
        assert granted == [name for _, name in first][: len(granted)]
        for entry in priced.trace:
            if entry.outcome is Outcome.LOST:
                having = [s for c, s in sums.items() if entry.promotion_id in {o.id for o in c}]
                assert entry.lost_by_minor == best - max(having)

"""The margin guard: which floor holds for a line, and that no stack of promotions breaks it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeql.catalog.prices.floors import Basis, FloorRule, floor_of
from storeql.catalog.prices.tables import price_floors
from storeql.db import Database
from storeql.errors import Rejected
from storeql.pricing import Line, Outcome, price
from storeql.promotions.floors.save import FloorInput, remove_floors, set_floor
from storeql.promotions.limits.remaining import Asked, remaining_for
from tests.pricing.builders import basket, promotion
from tests.pricing.builders import line as plain_line
from tests.pricing.sample_kinds import PERCENT, THRESHOLD, Percent, Threshold
from tests.promotions.shop import NOW, PHONE, line, open_shop, rows

COST = 10_000
PLACES: list[dict[str, Any]] = [
    {},
    {"channel_id": 1},
    {"category_id": 1, "depth": 1},
    {"category_id": 1, "depth": 1, "channel_id": 1},
    {"category_id": 2, "depth": 2},
    {"category_id": 2, "depth": 2, "channel_id": 1},
    {"product_id": PHONE},
    {"product_id": PHONE, "channel_id": 1},
]


def phone(**more: Any) -> Line:
    return line(PHONE, **{"cost_minor": COST, "category_ids": ("1", "2"), **more})


def put(database: Database, version: int | None = None, **given: Any) -> int:
    wanted = FloorInput(**given)
    return database.write(lambda c: set_floor(c, wanted, expected_version=version, now=NOW))


def errors(work: Any) -> set[tuple[str, str]]:
    with pytest.raises(Rejected) as refused:
        work()
    return {(".".join(one.field or ()), one.code) for one in refused.value.problems}


@pytest.mark.parametrize("most", range(1, len(PLACES) + 1))
def test_the_most_specific_floor_holds(most: int) -> None:
    rules = [
        FloorRule(basis=Basis.PRICE, price_minor=100 + place, **where)
        for place, where in enumerate(PLACES[:most])
    ]
    assert floor_of(phone(), reversed(rules)) == 100 + most - 1


def test_floors_about_other_things_do_not_hold() -> None:
    rules = [
        FloorRule(basis=Basis.PRICE, price_minor=1, product_id=99),
        FloorRule(basis=Basis.PRICE, price_minor=1, category_id=99, depth=1),
    ]
    assert floor_of(phone(), rules) == 0


@pytest.mark.parametrize(
    ("cost", "margin", "floor"),
    [(10_000, 0, 10_000), (10_000, 1_000, 11_000), (999, 1_000, 1_099), (1, 1, 2), (0, 500, 0)],
)
def test_a_margin_on_the_cost_is_rounded_up(cost: int, margin: int, floor: int) -> None:
    rule = FloorRule(basis=Basis.COST, margin_basis_points=margin)
    assert floor_of(phone(cost_minor=cost), [rule]) == floor


def test_a_floor_by_cost_is_passed_over_where_the_cost_is_not_known() -> None:
    rules = [
        FloorRule(basis=Basis.COST, product_id=PHONE),
        FloorRule(basis=Basis.PRICE, price_minor=700),
    ]
    assert floor_of(phone(), rules) == COST
    assert floor_of(phone(cost_minor=None), rules) == 700


def test_of_two_categories_as_deep_the_higher_floor_holds() -> None:
    rules = [
        FloorRule(basis=Basis.PRICE, price_minor=500, category_id=1, depth=1),
        FloorRule(basis=Basis.COST, category_id=2, depth=1),
    ]
    assert floor_of(phone(), rules) == COST


def test_floors_are_set_read_changed_and_removed(database: Database) -> None:
    open_shop(database)
    shop = put(database, margin_percent="12.5")
    put(database, price="250", product_id=PHONE, channel_id=1)
    category = put(database, category_id=1)

    def read(**more: Any) -> dict[str, int]:
        with database.reading() as connection:
            asked = Asked(
                limited=(),
                giving=(),
                with_quotas=(),
                lines=[phone(**more)],
                channel_id=1,
                now=NOW,
                with_floors=True,
            )
            return dict(remaining_for(connection, asked, customer_id=None).floors)

    assert read() == {str(PHONE): 25_000}
    assert read(product_id="2") == {str(PHONE): COST}
    assert put(database, 1, category_id=1, margin_percent="1") == category
    assert read(product_id="2") == {str(PHONE): 10_100}
    database.write(lambda c: remove_floors(c, [category]))
    assert read(product_id="2") == {str(PHONE): 11_250}
    assert shop in {row[0] for row in rows(database, price_floors, "id")}


def test_everything_wrong_with_a_floor_is_told_at_its_field(database: Database) -> None:
    open_shop(database)
    put(database)

    assert errors(lambda: put(database, price="1", product_id=99, category_id=99)) == {
        ("categoryId", "ONE_PLACE"),
        ("productId", "NOT_FOUND"),
        ("categoryId", "NOT_FOUND"),
        ("channelId", "REQUIRED"),
    }
    assert errors(lambda: put(database, price="1.001", channel_id=1)) == {
        ("rule.price", "TOO_PRECISE")
    }
    assert errors(lambda: put(database, margin_percent="-1", channel_id=9)) == {
        ("rule.cost", "OUT_OF_RANGE"),
        ("channelId", "NOT_FOUND"),
    }
    assert errors(lambda: put(database, 7)) == {("expectedVersion", "STALE_VERSION")}
    gone = errors(lambda: database.write(lambda c: remove_floors(c, [1, 99])))
    assert gone == {("ids.1", "NOT_FOUND")}
    assert len(rows(database, price_floors, "id")) == 1


@given(
    floors=st.lists(st.integers(0, 130), min_size=3, max_size=3),
    percent=st.integers(0, 10_000),
    off=st.integers(0, 500),
)
def test_no_stack_of_promotions_breaks_a_floor(floors: list[int], percent: int, off: int) -> None:
    stack = {"stacking_group": "s", "stackable_with": ("s",)}
    lines = [
        plain_line(key, 100, 2, floor_minor=floor) for key, floor in zip("abc", floors, strict=True)
    ]
    cart = price(
        basket(*lines),
        [
            promotion("item", PERCENT, Percent(percent), **stack),
            promotion("again", PERCENT, Percent(percent), **stack),
            promotion("order", THRESHOLD, Threshold(0, off)),
        ],
    )
    for priced, floor in zip(cart.lines, floors, strict=True):
        assert priced.net_minor >= min(floor, 100) * 2
        assert min(unit.unit_minor for unit in priced.units) >= min(floor, 100)
    order = next((one for one in cart.trace if one.promotion_id == "order"), None)
    if order is not None and order.outcome is Outcome.CLAMPED:
        kept = [min(floor, 100) * 2 for floor in floors]
        left = sum(one.net_minor for one in cart.lines) - sum(kept)
        assert left == 0  # the excess went to every unit that had room before any was forfeited

"""What discounts cost: by who pays, promotion and campaign, equal to the orders to the cent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from storeql.carts.price_cart import PriceDesk
from storeql.db import Database, statement
from storeql.errors import BadInput
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.promotion_watch.discount_costs import (
    CostDimension,
    DiscountCost,
    DiscountCosts,
    Period,
    discount_costs,
)
from storeql.orders.tables import discount_allocations
from storeql.promotions.tables import campaigns, promotions
from tests.carts.shop import (
    BOOK,
    CUP,
    CUSTOMER,
    NOW,
    TEA,
    add_promotion,
    change_rows,
    insert_rows,
    open_shop,
    ready_cart,
)
from tests.orders.test_statements import statements

FUNDER, PROMOTION, CAMPAIGN = CostDimension
DAY = 86_400_000
ALL = Period(NOW, NOW + DAY)
THIRDS = {
    "funders": [
        {"funder": "shop", "basis_points": 3_334},
        {"funder": "platform", "basis_points": 3_333},
        {"funder": "supplier", "basis_points": 3_333},
    ]
}


@pytest.fixture
def shop(database: Database) -> PriceDesk:
    """5 % paid by three, of a campaign, and a gift that a supplier pays."""
    desk = open_shop(database)
    insert_rows(
        database,
        campaigns,
        {"id": 1, "name": "Autumn", "currency": "CNY", "created_at": NOW, "updated_at": NOW},
    )
    percentage = {"percent_off_basis_points": 500}
    add_promotion(database, 1, "PERCENTAGE", percentage, terms=THIRDS, campaign_id=1)
    gift = {"gifts": [str(BOOK)], "from_minor": 10_000}
    supplier = {"funders": [{"funder": "supplier"}]}
    add_promotion(database, 2, "GIFT_WITH_PURCHASE", gift, gifts={BOOK: 50}, terms=supplier)
    return desk


def order(
    database: Database, desk: PriceDesk, total: int, key: str, *, now: int = NOW, **lines: int
) -> int:
    wanted = {{"tea": TEA, "cup": CUP}[name]: count for name, count in lines.items()}
    wish = OrderWish(
        cart_token=ready_cart(database, wanted, actor=CUSTOMER).token,
        confirmed_minor=total,
        currency="CNY",
        idempotency_key=key,
    )
    return checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=now)


def costs(
    database: Database, *by: CostDimension, period: Period = ALL, **more: Any
) -> DiscountCosts:
    with database.reading() as connection:
        return discount_costs(connection, period, by=by, **more)


def told(
    found: DiscountCosts, key: Callable[[DiscountCost], Any]
) -> dict[Any, tuple[int, int, int]]:
    return {
        key(row): (row.order_count, row.granted_minor, row.given_back_minor) for row in found.rows
    }


def three_orders(database: Database, desk: PriceDesk) -> None:
    """1: 5 % of 25.00 is 1.25. 2: 5 % of 125.00 is 6.25, with a book at 40.00. 3 like 1, undone."""
    order(database, desk, 3_375, "a", tea=1)
    order(database, desk, 12_875, "b", tea=1, cup=1)
    undone = order(database, desk, 3_375, "c", tea=1)
    wish = CancelWish(order_id=undone, idempotency_key="c")
    cancel_order(database.write, wish, actor=CUSTOMER, hooks=desk.hooks, now=NOW)


def test_costs_are_told_by_who_pays(database: Database, shop: PriceDesk) -> None:
    three_orders(database, shop)

    found = costs(database, FUNDER)

    # 1.25 in thirds is 0.42 + 0.42 + 0.41; 6.25 falls on two lines: 1.25 and 5.00.
    assert told(found, lambda row: row.funder) == {
        "shop": (3, 42 + 42 + 167 + 42, 42),
        "platform": (3, 42 + 42 + 167 + 42, 42),
        "supplier": (3, 41 + 41 + 166 + 4_000 + 41, 41),
    }
    (total,) = found.totals
    assert (total.currency, total.granted_minor, total.given_back_minor) == ("CNY", 4_875, 125)


def test_costs_are_told_by_promotion_and_campaign(database: Database, shop: PriceDesk) -> None:
    three_orders(database, shop)
    change_rows(database, promotions, promotions.c.id == 1, campaign_id=None)

    found = told(
        costs(database, PROMOTION, CAMPAIGN),
        lambda row: (row.promotion_id, row.promotion_name, row.campaign_id, row.campaign_name),
    )

    assert found == {
        (1, "Promotion 1", 1, "Autumn"): (3, 875, 125),
        (2, "Promotion 2", None, None): (1, 4_000, 0),
    }
    assert told(costs(database), lambda row: row.currency) == {"CNY": (3, 4_875, 125)}


@pytest.mark.parametrize("by", [(), (FUNDER,), (PROMOTION,), (CAMPAIGN,), tuple(CostDimension)])
def test_however_told_apart_they_sum_to_the_orders(
    database: Database, shop: PriceDesk, by: tuple[CostDimension, ...]
) -> None:
    three_orders(database, shop)
    with database.reading() as connection:
        held = connection.scalar(statement(select(func.sum(discount_allocations.c.amount_minor))))

    found = costs(database, *by)

    assert sum(row.granted_minor for row in found.rows) == int(held)
    assert found.totals[0].granted_minor == int(held)
    assert found.row_count == len(found.rows)
    cut = costs(database, *by, first=1)
    assert (list(cut.rows), cut.totals) == (list(found.rows[:1]), found.totals)


def test_a_period_holds_its_start_and_not_its_end(database: Database, shop: PriceDesk) -> None:
    order(database, shop, 3_375, "a", tea=1)
    order(database, shop, 3_375, "b", tea=1, now=NOW + 10)

    def granted(period: Period) -> list[int]:
        return [row.granted_minor for row in costs(database, PROMOTION, period=period).rows]

    assert granted(Period(NOW, NOW + 10)) == [125]
    assert granted(Period(NOW, NOW + 11)) == [250]
    assert granted(Period(NOW + 11, NOW + DAY)) == []
    assert granted(Period(NOW, NOW + DAY, channel_id=1)) == [250]
    assert granted(Period(NOW, NOW + DAY, channel_id=2)) == []


@pytest.mark.parametrize("orders", [1, 4])
def test_they_take_one_statement(database: Database, shop: PriceDesk, orders: int) -> None:
    for number in range(orders):
        order(database, shop, 3_375, str(number), tea=1)

    assert statements(database, lambda: costs(database, *CostDimension)) == 1


def test_a_period_or_number_out_of_bounds_is_refused(database: Database) -> None:
    for wrong in (Period(2, 2), Period(2, 1), Period(0, 401 * DAY)):
        with pytest.raises(BadInput):
            costs(database, period=wrong)
    for first in (0, 1001):
        with pytest.raises(BadInput):
            costs(database, first=first)

"""Loyalty points, a plugin with a table of its own: earned once, taken back once, told to nobody
else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from storeql_loyalty_points import storeql_migrations
from storeql_loyalty_points.points import OrderPoints, earn, earned_by, points_of, take_back

from storeql.db import Database
from storeql.db.revisions import check_schema
from storeql.errors import SettingsError
from storeql.hooks import OrderSnapshot, load_hooks
from storeql.testing import migration_differences
from tests.scenarios.shopping import Shopper, open_small_shop

POINTS = "{ loyaltyPoints { balance orders { orderNumber points takenBackAt } } }"
CANCEL = """
  mutation ($input: OrderCancelInput!) {
    orderCancel(input: $input) { order { state } userErrors { code } }
  }"""
AT = datetime(2026, 11, 11, tzinfo=UTC)


def an_order(number: int = 1, *, customer: str = "7", total_minor: int = 160_99) -> OrderSnapshot:
    """An order with 10.00 for the delivery."""
    return OrderSnapshot(
        id=str(number),
        number=f"S{number}",
        channel="web",
        currency="CNY",
        exponent=2,
        state="PENDING_PAYMENT",
        placed_at=AT,
        email="li@example.cn",
        customer_id=customer,
        list_minor=total_minor,
        discount_minor=0,
        shipping_minor=10_00,
        tax_minor=0,
        total_minor=total_minor,
    )


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shopper]:
    """The small shop and a customer in it."""
    with open_small_shop(database_url, str(tmp_path / "media")) as (door, _):
        yield Shopper(door, door.customer())


def test_order_earns_a_point_per_yuan_of_goods_until_it_is_cancelled(shop: Shopper) -> None:
    shop.ready()
    order = shop.place("160.00", "k1")["order"]  # goods for 150.00, delivery for 10.00
    shop.place("160.00", "k1")  # the same again: it is the same order
    earned = shop.door.ask(POINTS, shop.session)
    shop.door.ask(CANCEL, shop.session, input={"orderId": order["id"], "idempotencyKey": "c1"})
    taken_back = shop.door.ask(POINTS, shop.session)

    number = order["number"]
    assert earned == {
        "balance": 150,
        "orders": [{"orderNumber": number, "points": 150, "takenBackAt": None}],
    }
    assert (taken_back["balance"], taken_back["orders"][0]["points"]) == (0, 0)
    assert taken_back["orders"][0]["takenBackAt"] is not None


def test_guests_have_no_points_and_see_nobodys(shop: Shopper) -> None:
    shop.ready()
    shop.place("160.00", "k1")
    guest = Shopper(shop.door)
    guest.ready()
    assert guest.place("160.00", "k2")["userErrors"] == []

    assert shop.door.refusal(POINTS) == "UNAUTHENTICATED"
    assert shop.door.ask(POINTS, shop.door.customer("han@example.cn"))["balance"] == 0


@pytest.mark.parametrize("first", [0, 101])
def test_list_of_orders_is_bounded(shop: Shopper, first: int) -> None:
    asked = f"{{ loyaltyPoints(first: {first}) {{ balance }} }}"
    assert shop.door.refusal(asked, shop.session) == "BAD_USER_INPUT"


def test_points_are_whole_units_of_what_was_paid_for_goods() -> None:
    assert earned_by(an_order(total_minor=160_99)) == 150
    assert earned_by(an_order(total_minor=10_00)) == 0


def test_whatever_is_told_twice_or_in_another_order_counts_once(database: Database) -> None:
    one, other = an_order(1), an_order(2)
    database.write(lambda c: [earn(c, one), earn(c, one)])
    database.write(lambda c: [take_back(c, other, at=AT), earn(c, other)])
    with database.reading() as connection:
        found = points_of(connection, 7, first=1, with_orders=True)
        nobody = points_of(connection, 8, first=1, with_orders=True)
    assert found.balance == 150
    assert found.orders == [
        OrderPoints(
            order_number="S2",
            points=0,
            placed_at=round(AT.timestamp() * 1000),
            taken_back_at=round(AT.timestamp() * 1000),
        )
    ]
    assert (nobody.balance, nobody.orders) == (0, [])


def test_migrations_make_the_table_that_the_code_declares(database: Database) -> None:
    assert migration_differences(database.url, "loyalty-points", storeql_migrations()) == []


def test_shop_is_not_served_before_the_tables_of_its_plugins_are_there(database: Database) -> None:
    [history] = load_hooks().histories
    check_schema(database, history)
    database.write(lambda c: c.text("DELETE FROM alembic_version_loyalty_points"))
    with pytest.raises(SettingsError) as refused:
        check_schema(database, history)
    database.write(lambda c: c.text("INSERT INTO alembic_version_loyalty_points VALUES ('0009')"))
    with pytest.raises(SettingsError) as newer:
        check_schema(database, history)
    database.write(
        lambda c: c.text("UPDATE alembic_version_loyalty_points SET version_num = '0001'")
    )

    assert refused.value.message == (
        "The database, in the tables of the plugin loyalty-points, has nothing yet: run "
        "`storeql migrate` first."
    )
    assert "at schema 0009, which this version of loyalty-points does not know" in (
        newer.value.message
    )

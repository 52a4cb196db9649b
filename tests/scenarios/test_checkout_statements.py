"""A whole checkout through HTTP stays within its statements.

BEGIN and COMMIT are left out; notices are told apart from the transactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.prices.tables import price_floors
from storeql.db import Database
from storeql.db.connection import Connection
from storeql.promotions.tables import campaigns, variant_quotas
from tests.carts.shop import CUP, NOW, TEA, add_promotion, insert_rows
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import ADDRESS, delivery, open_small_shop, variant

CREATE = "mutation { cartCreate(input: {}) { cart { token } userErrors { code } } }"
ADD = """
  mutation ($input: CartLinesAddInput!) {
    cartLinesAdd(input: $input) {
      cart { lines { id quantity } price { total { amount } } } userErrors { code }
    }
  }"""
DETAILS = """
  mutation ($input: CartCheckoutUpdateInput!) {
    cartCheckoutUpdate(input: $input) {
      cart { price { total { amount currency } trace { message { en } } } } userErrors { code }
    }
  }"""
PLACE = """
  mutation ($input: OrderPlaceInput!) {
    orderPlace(input: $input) {
      order { number state total { amount } } payment { status } userErrors { code }
    }
  }"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    # What plugins do after an order is theirs: these are the shop's own statements.
    listeners = ("loyalty-points",)
    with open_small_shop(database_url, str(tmp_path), plugins_disabled=listeners) as opened:
        yield opened


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of every statement that the process runs."""
    seen: list[str] = []
    noted = Connection._note

    def note(connection: Connection, sql: str) -> None:
        seen.append(sql)
        noted(connection, sql)

    monkeypatch.setattr(Connection, "_note", note)
    return seen


@pytest.mark.parametrize("who", ["guest", "customer"])
@pytest.mark.parametrize("payment", ["cash_on_delivery", "fake_card"])
def test_a_checkout_from_empty_cart_to_placed_order_takes_at_most_40(
    shop: tuple[Door, Database], statements: list[str], who: str, payment: str
) -> None:
    door, database = shop
    tiers = [{"from_minor": 5_000, "off_minor": 500}]
    add_promotion(database, 1, "SPEND_THRESHOLD", {"tiers": tiers}, usage_limit=100)
    session = door.customer() if who == "customer" else ""
    _check_out(door, session, payment, "k0")
    statements.clear()

    payload = _check_out(door, session, payment, "k1")

    assert payload["order"]["state"] == "AWAITING_FULFILMENT"
    assert payload["order"]["total"] == {"amount": "155.00"}
    assert len(statements) <= 40, statements
    assert not any("pg_notify" in sql for sql in statements)


@pytest.mark.parametrize("payment", ["cash_on_delivery", "fake_card"])
def test_so_it_does_with_a_limit_of_every_sort_and_floors(
    shop: tuple[Door, Database], statements: list[str], payment: str
) -> None:
    door, database = shop
    times = {"created_at": NOW, "updated_at": NOW}
    budget = {"name": "Autumn", "currency": "CNY", "budget_minor": 90_000}
    insert_rows(database, campaigns, {"id": 1, **budget, **times})
    limits = {"usage_limit": 100, "budget_minor": 90_000, "campaign_id": 1}
    off = {"percent_off_basis_points": 1_000}
    add_promotion(database, 1, "PERCENTAGE", off, customer_limit=9, **limits)
    for key in (TEA, CUP):
        quota = {"promotion_id": 1, "variant_id": key, "quantity": 50}
        insert_rows(database, variant_quotas, quota)
    floor = {"place": "shop/all", "basis": "COST", "updated_at": NOW}
    insert_rows(database, price_floors, floor)
    session = door.customer()
    _check_out(door, session, payment, "k0")
    statements.clear()

    payload = _check_out(door, session, payment, "k1")

    assert payload["order"]["total"] == {"amount": "145.00"}
    assert len(statements) <= {"cash_on_delivery": 40, "fake_card": 44}[payment], statements


def _check_out(door: Door, session: str, payment: str, key: str) -> dict[str, Any]:
    """As a front end does: an empty cart, lines, everything else, the price, and the order."""
    token = door.ask(CREATE, session)["cart"]["token"]
    lines = [
        {"variantId": variant(TEA), "quantity": 2},
        {"variantId": variant(CUP), "quantity": 1},
    ]
    door.ask(ADD, session, input={"token": token, "lines": lines})
    details = {
        "email": "buyer@example.cn",
        "address": ADDRESS,
        "deliveryMethodId": delivery(1),
        "paymentMethod": payment,
    }
    cart = door.ask(DETAILS, session, input={"token": token, **details})["cart"]
    wish = {
        "cartToken": token,
        "confirmedTotal": cart["price"]["total"],
        "idempotencyKey": key,
        "paymentToken": "tok_success",
    }
    payload: dict[str, Any] = door.ask(PLACE, session, input=wish)
    return payload

"""The points of a customer in a shop, from the order that earns them to the one taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storeql_loyalty_points import storeql_migrations

from storeql.testing import RunningShop, a_shop, migration_differences

REGISTER = """
  mutation ($input: CustomerRegisterInput!) { customerRegister(input: $input) { token } }"""
CART = """
  mutation ($input: CartCreateInput!) {
    cartCreate(input: $input) { cart { token price { total { amount currency } } } }
  }"""
PLACE = """
  mutation ($input: OrderPlaceInput!) {
    orderPlace(input: $input) { order { id number } userErrors { code message } }
  }"""
CANCEL = """
  mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { code } } }"""
POINTS = "{ loyaltyPoints { balance orders { orderNumber points } } }"
ADDRESS = {
    "name": "李雷",
    "phone": "138 0000 1234",
    "country": "CN",
    "region": "上海",
    "city": "上海",
    "street": "南京路 1 号",
}


def ordered(shop: RunningShop, token: str, pieces: int, key: str) -> dict[str, Any]:
    """An order of so many pieces of tea at 29.90, delivered for 10.00."""
    tea = shop.sell("Green tea", price_minor=29_90)
    cart = {
        "lines": [{"variantId": tea.variant_id, "quantity": pieces}],
        "address": ADDRESS,
        "deliveryMethodId": shop.deliver(f"Post {key}", price_minor=10_00),
        "paymentMethod": "cash_on_delivery",
    }
    opened = shop.graphql(CART, {"input": cart}, token=token)["cartCreate"]["cart"]
    wish = {
        "cartToken": opened["token"],
        "confirmedTotal": opened["price"]["total"],
        "idempotencyKey": key,
    }
    placed = shop.graphql(PLACE, {"input": wish}, token=token)["orderPlace"]
    assert placed["userErrors"] == []
    order: dict[str, Any] = placed["order"]
    return order


def test_points_add_up_over_orders_and_leave_with_a_cancelled_one(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        person = {"email": "li@example.cn", "password": "correct horse"}
        token = shop.graphql(REGISTER, {"input": person})["customerRegister"]["token"]
        first, second = ordered(shop, token, 2, "a"), ordered(shop, token, 1, "b")
        both = shop.graphql(POINTS, token=token)["loyaltyPoints"]
        shop.graphql(
            CANCEL, {"input": {"orderId": first["id"], "idempotencyKey": "c"}}, token=token
        )
        left = shop.graphql(POINTS, token=token)["loyaltyPoints"]

    # 2 x 29.90 = 59.80 earns 59, 29.90 earns 29
    assert both == {
        "balance": 88,
        "orders": [
            {"orderNumber": second["number"], "points": 29},
            {"orderNumber": first["number"], "points": 59},
        ],
    }
    assert left["balance"] == 29


def test_migrations_make_the_table_that_the_code_declares(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.sqlite"
    assert migration_differences(url, "loyalty-points", storeql_migrations()) == []

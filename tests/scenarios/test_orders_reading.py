"""Who sees which orders, and how staff find them; through HTTP on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.orders.tables import orders
from storeql.schema.ids import opaque_id
from tests.carts.shop import change_rows
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import ADDRESS, ORDER, Shopper, delivery, open_small_shop, variant

PLACED_AT = "query ($number: String) { order(number: $number) { placedAt } }"
LIST = """
  query ($filter: OrderFilterInput, $sort: OrderSortInput, $first: Int, $after: String) {
    orders(filter: $filter, sort: $sort, first: $first, after: $after) {
      nodes { number total { amount } state name customer { email }
        lines { sku quantity } }
      pageInfo { hasNextPage endCursor } totalCount
    }
  }"""
MINE = "{ myOrders { nodes { number total { amount } lines { sku } } totalCount } }"
ONE = f"""
  query ($id: ID, $number: String, $cart: String! = "") {{
    order(id: $id, number: $number, cartToken: $cart) {{ {ORDER} }}
  }}"""
CANCEL = """
  mutation ($input: OrderCancelInput!) {
    orderCancel(input: $input) { order { state } userErrors { code } }
  }"""
MARK_PAID = """
  mutation ($input: OrderMarkPaidInput!) {
    orderMarkPaid(input: $input) {
      order { state payments { status message } } userErrors { code }
    }
  }"""
HOLD = """
  mutation ($input: OrderHoldInput!) {
    orderHold(input: $input) { order { state } userErrors { code } }
  }"""
RELEASE = HOLD.replace("orderHold", "orderRelease").replace("OrderHold", "OrderRelease")
LOG = "query ($id: ID) { order(id: $id) { events { kind actor data stateAfter } } }"


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "clerk@example.cn", "orders")
        hired(opened[1], "editor@example.cn", "catalogue")
        yield opened


def order_of(
    door: Door,
    session: str = "",
    *,
    tea: int = 1,
    name: str = "李雷",
    payment: str = "cash_on_delivery",
) -> tuple[Shopper, dict[str, Any]]:
    """An order of so many teas at 25.00, delivered for 10.00."""
    shopper = Shopper(door, session)
    shopper.create(
        lines=[{"variantId": variant(1), "quantity": tea}],
        email="buyer@example.cn",
        address={**ADDRESS, "name": name},
        deliveryMethodId=delivery(1),
        paymentMethod=payment,
    )
    payload = shopper.place(f"{25 * tea + 10}.00", shopper.token)
    assert payload["userErrors"] == []
    return shopper, payload["order"]


def numbers(page: dict[str, Any]) -> list[str]:
    return [node["number"] for node in page["nodes"]]


def test_customers_see_their_own_orders_and_nobody_else_s(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    li, han = door.customer("li@example.cn"), door.customer("han@example.cn")
    _, order = order_of(door, li)

    assert numbers(door.ask(MINE, li)) == [order["number"]]
    assert numbers(door.ask(MINE, han)) == []
    assert door.ask(ONE, li, number=order["number"])["id"] == order["id"]
    for session in (han, "", door.staff("editor@example.cn")):
        assert door.ask(ONE, session, number=order["number"]) is None
        assert door.ask(ONE, session, id=order["id"]) is None
        wish = {"orderId": order["id"], "idempotencyKey": "k"}
        refused = door.ask(CANCEL, session, input=wish)
        assert refused["userErrors"] == [{"code": "ORDER_NOT_FOUND"}]
    assert door.refusal(MINE) == "UNAUTHENTICATED"
    assert door.refusal(LIST, li) == "FORBIDDEN"


def test_a_guest_s_order_is_shown_to_who_has_the_cart_s_token(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper, order = order_of(door)

    assert door.ask(ONE, number=order["number"]) is None
    assert door.ask(ONE, number=order["number"], cart="x") is None
    assert door.ask(ONE, number=order["number"], cart=shopper.token) == order


def test_staff_find_orders_by_state_total_text_and_page(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    li = door.customer("li@example.cn")
    placed = []
    for tea, name, session in ((1, "李雷", li), (3, "韩梅梅", ""), (2, "Ada 100%", "")):
        door.clock.now += 1_000
        placed.append(order_of(door, session, tea=tea, name=name)[1]["number"])
    small, big, middle = placed

    assert numbers(door.ask(LIST, clerk)) == [middle, big, small]
    by_total = {"by": "TOTAL", "descending": False}
    assert numbers(door.ask(LIST, clerk, sort=by_total)) == [small, middle, big]
    first = door.ask(LIST, clerk, sort=by_total, first=2)
    assert (numbers(first), first["totalCount"]) == ([small, middle], 3)
    after = first["pageInfo"]["endCursor"]
    second = door.ask(LIST, clerk, sort=by_total, first=2, after=after)
    assert (numbers(second), second["pageInfo"]["hasNextPage"]) == ([big], False)

    def found(**condition: Any) -> list[str]:
        return numbers(door.ask(LIST, clerk, filter=condition))

    cny = {"currency": "CNY"}
    assert found(totalFrom={"amount": "60.00", **cny}) == [middle, big]
    assert found(totalTo={"amount": "60.00", **cny}) == [middle, small]
    assert found(totalTo={"amount": "60", "currency": "JPY"}) == []
    assert found(states=["CANCELLED"]) == []
    assert found(states=["AWAITING_FULFILMENT", "CANCELLED"]) == [middle, big, small]
    assert found(search="韩梅") == [big]
    assert found(search=f"  {big[-8:]}  SKU-1 ") == [big]
    assert found(search="100%") == [middle]
    assert found(search="0_%") == []
    assert found(search="buyer@EXAMPLE.cn") == [middle, big, small]
    accented = order_of(door, name="André")[1]["number"]
    assert found(search="andre\u0301") == found(search="ANDRÉ") == [accented]


def test_every_filter_of_the_staff_s_list_narrows_it_and_all_of_them_together(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    clerk, li = door.staff("clerk@example.cn"), door.customer("li@example.cn")
    me = door.ask("{ me { id } }", li)["id"]
    instants: list[str] = []
    placed: list[str] = []
    for session, payment in ((li, "cash_on_delivery"), ("", "bank_transfer"), (li, "fake_card")):
        door.clock.now += 60_000
        _, order = order_of(door, session, payment=payment)
        placed.append(order["number"])
        instants.append(door.ask(PLACED_AT, clerk, number=order["number"])["placedAt"])
    first, second, third = placed
    app = str(opaque_id("Channel", 2))
    web = str(opaque_id("Channel", 1))
    change_rows(database, orders, orders.c.number == second, channel_id=2)

    def found(**condition: Any) -> list[str]:
        page = door.ask(LIST, clerk, filter=condition)
        assert page["totalCount"] == len(page["nodes"])
        return numbers(page)

    assert found() == [third, second, first]
    assert found(channelId=web) == [third, first]
    assert found(channelId=app) == [second]
    assert found(channelId=str(opaque_id("Channel", 99))) == []
    assert found(customerId=me) == [third, first]
    assert found(paymentMethod="bank_transfer") == [second]
    assert found(paymentMethod="shells") == []
    assert found(placedFrom=instants[1]) == [third, second]
    assert found(placedUntil=instants[1]) == [first]
    assert found(placedFrom=instants[1], placedUntil=instants[2]) == [second]
    assert found(states=["PENDING_PAYMENT"]) == [third, second]
    assert found(search="13800001234") == [third, second, first]
    assert found(search="sku-1 李雷") == [third, second, first]
    assert found(search=first) == [first]
    assert found(
        channelId=web,
        customerId=me,
        paymentMethod="fake_card",
        placedFrom=instants[0],
        states=["PENDING_PAYMENT"],
        totalFrom={"amount": "35.00", "currency": "CNY"},
        totalTo={"amount": "35.00", "currency": "CNY"},
        search="buyer",
    ) == [third]


def test_a_filter_that_means_nothing_is_an_input_error(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    for condition in (
        {"channelId": "no id"},
        {"channelId": str(opaque_id("Product", 1))},
        {"customerId": str(opaque_id("Channel", 1))},
        {"placedFrom": "yesterday"},
        {"totalFrom": {"amount": "1.001", "currency": "CNY"}},
        {
            "totalFrom": {"amount": "1", "currency": "CNY"},
            "totalTo": {"amount": "9", "currency": "JPY"},
        },
    ):
        assert door.refusal(LIST, clerk, filter=condition) == "BAD_USER_INPUT", condition


def test_an_order_s_log_tells_staff_who_did_what(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    li = door.customer("li@example.cn")
    _, order = order_of(door, li)

    hold = {"orderId": order["id"], "reason": "Call the buyer"}
    assert door.ask(HOLD, clerk, input=hold)["order"] == {"state": "ON_HOLD"}
    assert door.ask(HOLD, clerk, input=hold)["userErrors"] == [{"code": "HOLD_EXISTS"}]
    released = door.ask(RELEASE, clerk, input={"orderId": order["id"]})
    assert released["order"] == {"state": "AWAITING_FULFILMENT"}
    cancel = {"orderId": order["id"], "idempotencyKey": "k"}
    assert door.ask(CANCEL, li, input=cancel)["order"] == {"state": "CANCELLED"}

    log = door.ask(LOG, clerk, id=order["id"])["events"]
    assert [(entry["kind"], entry["actor"].split(":")[0]) for entry in log] == [
        ("PLACED", "customer"),
        ("PAYMENT_AUTHORIZED", "customer"),
        ("HELD", "staff"),
        ("RELEASED", "staff"),
        ("CANCELLED", "customer"),
        ("PAYMENT_VOIDED", "customer"),
    ]
    assert log[2]["data"] == {"hold": "OTHER", "reason": "Call the buyer"}
    for_customer = door.answer(LOG, li, id=order["id"])
    assert {entry["actor"] for entry in for_customer["data"]["order"]["events"]} == {None}


def test_staff_note_that_a_transfer_has_come(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    _, order = order_of(door, payment="bank_transfer")
    assert order["state"] == "PENDING_PAYMENT"
    assert order["payments"][0]["message"].endswith(f"name the order {order['number']}.")

    seen = {"orderId": order["id"], "note": "Statement of 25 November"}
    paid = door.ask(MARK_PAID, clerk, input=seen)

    assert paid["order"] == {
        "state": "AWAITING_FULFILMENT",
        "payments": [{"status": "CAPTURED", "message": "Statement of 25 November"}],
    }
    assert door.ask(MARK_PAID, clerk, input=seen) == paid
    assert door.refusal(MARK_PAID, input=seen) == "UNAUTHENTICATED"


def test_a_late_transfer_for_a_cancelled_order_is_not_noted(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    _, order = order_of(door, payment="bank_transfer")
    door.ask(CANCEL, clerk, input={"orderId": order["id"], "idempotencyKey": "k"})

    late = door.ask(MARK_PAID, clerk, input={"orderId": order["id"]})

    assert late["userErrors"] == [{"code": "PAYMENT_NOT_MANUAL"}]

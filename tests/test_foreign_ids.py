"""What belongs to somebody else answers exactly like what is not there, whatever field is asked.

Every root field that takes an id, a token or a number is called twice as a guest and as another
customer: with the value of somebody's cart, order, address or session, and with an unknown one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.carts.tables import cart_lines, carts
from storeql.customers.address import encode_address
from storeql.db import Connection, Database
from storeql.orders.tables import order_lines, orders
from tests.customers.people import NOW
from tests.customers.test_address import SHANGHAI
from tests.everybody import Everybody
from tests.root_fields import Call, Field, call_of, fields_of, leaf_paths, opaque
from tests.rows import SmallShop, insert_row
from tests.scenarios.people_door import Door, open_door

CART_TOKEN = "the-token-of-a-cart-of-han-meimei"
ORDER_NUMBER = "2025112400001"
ROOT_FIELDS = fields_of("Query", "Mutation")
LEAST_ASKED = 15
# Ids that a call needs besides the one it is tried with, so that it comes as far as possible.
SAMPLES = {
    "*variantId": opaque("ProductVariant", 1),
    "*variantIds": opaque("ProductVariant", 1),
    "*lineId": opaque("CartLine", 1),
    "*lineIds": opaque("CartLine", 1),
    "*promotionId": opaque("Promotion", 1),
}
WHAT_HAN_OWNS = """{
  me { name version addresses { id version isDefault } }
  sessions { nodes { id } }
  cart(token: "the-token-of-a-cart-of-han-meimei") {
    status email lines { id quantity } paymentMethod codes
  }
  order(number: "2025112400001") { id state version }
}"""


class Han:
    """A customer with an address, a session, an open cart and an order."""

    def __init__(self, door: Door, database: Database) -> None:
        self._door = door
        self._token = door.customer("han@example.cn")
        customer_id = 2
        account = door.ask("{ me { id } }", self._token)
        assert account["id"] == opaque("Customer", customer_id)
        door.ask(ADD_ADDRESS, self._token)
        self._line = database.write(lambda c: _write_cart(c, customer_id))
        self._order = database.write(lambda c: _write_order(c, customer_id))

    def belongings(self) -> dict[str, Any]:
        """Everything as Han sees it."""
        answered = self._door.answer(WHAT_HAN_OWNS, self._token)
        assert "errors" not in answered, answered
        data: dict[str, Any] = answered["data"]
        return data

    def ids(self) -> dict[str, str]:
        """An id of each of Han's things, by type."""
        owned = self.belongings()
        return {
            "Customer": opaque("Customer", 2),
            "CustomerAddress": owned["me"]["addresses"][0]["id"],
            "Session": owned["sessions"]["nodes"][0]["id"],
            "CartLine": opaque("CartLine", self._line),
            "Order": opaque("Order", self._order),
        }


ADD_ADDRESS = """
mutation {
  customerAddressCreate(input: { address: {
    name: "Han", phone: "13800001234", country: "CN", city: "Beijing", street: "1"
  } }) { userErrors { code } }
}"""


@pytest.fixture
def people(database: Database) -> Everybody:
    return Everybody(database)


@pytest.fixture
def door(people: Everybody, database_url: str, tmp_path: Path) -> Iterator[Door]:
    with open_door(
        database_url, str(tmp_path), sign_in_attempts=1000, coupon_attempts=10_000
    ) as opened:
        yield opened


@pytest.fixture
def han(door: Door, database: Database) -> Han:
    return Han(door, database)


@pytest.mark.parametrize("actor", ["guest", "customer"])
def test_what_belongs_to_somebody_else_answers_like_what_is_not_there(
    door: Door, people: Everybody, han: Han, actor: str
) -> None:
    before, ids = han.belongings(), han.ids()
    told, asked = [], 0
    for field in ROOT_FIELDS:
        for path, foreign, unknown in _pairs(field, ids):
            found = _answer(door, people, actor, _call(field, path, foreign))
            if "BAD_USER_INPUT" in found:  # the id of something else than the field is about
                continue
            asked += 1
            if found != _answer(door, people, actor, _call(field, path, unknown)):
                told.append((str(field), path, foreign, found))
    assert told == []
    assert asked > LEAST_ASKED
    assert han.belongings() == before


def test_han_sees_the_cart_and_the_order_that_others_do_not(han: Han) -> None:
    owned = han.belongings()
    assert (
        owned["cart"]["lines"][0]["quantity"] == 2 and owned["order"]["state"] == "PENDING_PAYMENT"
    )


def _pairs(field: Field, ids: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Where a field takes a value of Han's, that value, and an unknown one of the same shape."""
    for path in leaf_paths(field, "ID"):
        for type_name, foreign in ids.items():
            yield path, foreign, opaque(type_name, 999_999)
    for path in leaf_paths(field, "String"):
        name = path.rpartition(".")[2]
        if name in ("token", "cartToken"):
            yield path, CART_TOKEN, CART_TOKEN[::-1]
        if name == "number":
            yield path, ORDER_NUMBER, ORDER_NUMBER[::-1]


def _call(field: Field, path: str, value: str) -> Call:
    return call_of(field, {**SAMPLES, path: value})


def _answer(door: Door, people: Everybody, actor: str, call: Call) -> str:
    """The answer as text, without the value that was sent, which may come back in it."""
    text = str(door.answer(call.query, people.token(actor), **call.variables))
    sent = call.variables.get("input", call.variables)
    for value in sent.values():
        text = text.replace(value, "…") if isinstance(value, str) and len(value) > 5 else text
    return text


def _write_cart(connection: Connection, customer_id: int) -> int:
    shop = SmallShop(connection)
    shop.product("tea")
    row = insert_row(
        connection,
        carts,
        token=CART_TOKEN,
        channel_id=shop.channel,
        customer_id=customer_id,
        email="han@example.cn",
        address=encode_address(SHANGHAI),
        created_at=NOW,
        updated_at=NOW,
    )
    return insert_row(connection, cart_lines, cart_id=row, variant_id=1, quantity=2, added_at=NOW)


def _write_order(connection: Connection, customer_id: int) -> int:
    amounts = {column.name: 0 for column in orders.c if column.name.endswith("_minor")}
    row = insert_row(
        connection,
        orders,
        **amounts,
        number=ORDER_NUMBER,
        channel_id=1,
        cart_id=99,
        customer_id=customer_id,
        email="han@example.cn",
        currency="CNY",
        state="PENDING_PAYMENT",
        address=encode_address(SHANGHAI),
        delivery_method="standard",
        payment_method="bank_transfer",
        basket="{}",
        pricing="{}",
        placed_at=NOW,
        updated_at=NOW,
    )
    line_amounts = {column.name: 0 for column in order_lines.c if column.name.endswith("_minor")}
    insert_row(
        connection,
        order_lines,
        **line_amounts,
        order_id=row,
        position=1,
        product_id=1,
        variant_id=1,
        sku="tea-1",
        product_name="Tea",
        variant_name="",
        quantity=1,
    )
    return row

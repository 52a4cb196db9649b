"""Front ends watch stock and orders; each change is told, whoever made it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.carts.shop import CUP
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop, variant

STOCK = """
  subscription ($id: ID!) { variantStockChanged(id: $id) { variant { sku availableStock } } }"""
ORDER = """
  subscription ($id: ID!, $cart: String!) {
    orderChanged(id: $id, cartToken: $cart) { order { number state } } }"""
CANCEL = """
  mutation ($input: OrderCancelInput!) {
    orderCancel(input: $input) { order { state } userErrors { code } } }"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path), stock=10) as opened:
        yield opened


class Watching:
    """A subscription over graphql-transport-ws."""

    def __init__(self, door: Door, query: str, token: str = "", /, **variables: Any) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._opened = door.http.websocket_connect(
            "/graphql", subprotocols=["graphql-transport-ws"], headers=headers
        )
        self._payload = {"query": query, "variables": variables}

    def __enter__(self) -> Watching:
        self._socket = self._opened.__enter__()
        self._socket.send_json({"type": "connection_init"})
        assert self._socket.receive_json() == {"type": "connection_ack"}
        self._socket.send_json({"id": "1", "type": "subscribe", "payload": self._payload})
        return self

    def __exit__(self, *error: Any) -> None:
        self._opened.__exit__(*error)

    def next(self) -> Any:
        """What comes next: an event's data, or the errors that end the subscription."""
        message = self._socket.receive_json()
        if message["type"] == "next":
            return message["payload"]["data"]
        assert message["type"] == "error", message
        return message["payload"]


def placed(shopper: Shopper) -> Any:
    """An order of two teas and a cup."""
    total = shopper.ready()["cart"]["price"]["total"]["amount"]
    return shopper.place(total, "order-1")["order"]


def test_stock_is_told_at_once_and_after_every_order(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    with Watching(door, STOCK, id=variant(CUP)) as watched:
        first = watched.next()["variantStockChanged"]["variant"]
        placed(Shopper(door))
        second = watched.next()["variantStockChanged"]["variant"]
    assert (first["availableStock"], second["availableStock"]) == (10, 9)


def test_an_order_is_told_as_its_state_changes(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    order = placed(shopper)
    with Watching(door, ORDER, id=order["id"], cart=shopper.token) as watched:
        first = watched.next()["orderChanged"]["order"]
        cancelled = {
            "orderId": order["id"],
            "reason": "wrong colour",
            "cartToken": shopper.token,
            "idempotencyKey": "cancel-1",
        }
        assert door.ask(CANCEL, input=cancelled)["userErrors"] == []
        second = watched.next()["orderChanged"]["order"]
    assert (first["state"], second["state"]) == (order["state"], "CANCELLED")


def test_another_persons_order_cannot_be_watched(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    order = placed(Shopper(door))
    with Watching(door, ORDER, id=order["id"], cart="") as watched:
        (error,) = watched.next()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"

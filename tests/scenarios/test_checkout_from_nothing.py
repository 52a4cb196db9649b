"""A shop set up through the API alone, from an empty database to a placed order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door
from tests.scenarios.shopping import ADDRESS, Shopper

METHOD = "deliveryMethod { id slug name version isActive price { amount currency } }"
ERRORS = "userErrors { code field ... on StaleVersion { current } }"


@pytest.fixture
def built(database_url: str, database: Database, tmp_path: Path) -> Iterator[Built]:
    hired(database, OWNER, "owner")
    with open_door(database_url, str(tmp_path)) as door:
        yield Built(Clerk(door))


def deliver(built: Built, verb: str, **given: Any) -> Any:
    kind = f"DeliveryMethod{verb}Input"
    query = (
        f"mutation ($input: {kind}!) "
        f"{{ deliveryMethod{verb}(input: $input) {{ {METHOD} {ERRORS} }} }}"
    )
    return built.clerk.ask(query, input=given)


@pytest.mark.parametrize(
    ("currency", "price", "delivery", "total"),
    [
        ("cny", "19.90", "8", "47.80"),
        ("jpy", "400", "500", "1300"),
        ("kwd", "1.250", "0.5", "3.000"),
    ],
)
def test_an_order_is_placed_in_a_shop_made_through_the_api(
    built: Built, currency: str, price: str, delivery: str, total: str
) -> None:
    channel = getattr(built, currency)
    variant = built.variant("CUP-1", prices=[{"channelId": channel, "price": price}])
    product = built.product(variants=[variant])
    built.clerk.make("productPublish", id=product["id"], channelIds=[channel])
    method = deliver(built, "Create", channelId=channel, name="Standard", price=delivery)
    shopper = Shopper(built.clerk.door)
    slug = {"cny": "cn", "jpy": "jp", "kwd": "kw"}[currency]
    cart = shopper.create(
        channel=slug,
        lines=[{"variantId": product["variants"][0]["id"], "quantity": 2}],
        email="buyer@example.cn",
        address=ADDRESS,
        deliveryMethodId=method["deliveryMethod"]["id"],
        paymentMethod="cash_on_delivery",
    )["cart"]
    assert cart["price"]["total"] == {"amount": total, "currency": currency.upper()}
    placed = shopper.place(total, "order-1", currency.upper())
    assert placed["userErrors"] == []
    assert placed["order"]["total"] == {"amount": total, "currency": currency.upper()}


def test_a_delivery_method_is_changed_at_its_version_and_taken_back(built: Built) -> None:
    made = deliver(built, "Create", channelId=built.cny, name="快递 Express", price="12.50")
    method = made["deliveryMethod"]
    assert method["price"] == {"amount": "12.50", "currency": "CNY"}
    change = {"id": method["id"], "expectedVersion": 1, "price": "15", "isActive": False}
    changed = deliver(built, "Update", **change)["deliveryMethod"]
    assert (changed["price"]["amount"], changed["isActive"], changed["version"]) == (
        "15.00",
        False,
        2,
    )
    (stale,) = deliver(built, "Update", **change)["userErrors"]
    assert (stale["code"], stale["current"]) == ("STALE_VERSION", 2)
    offered = built.clerk.ask('{ deliveryMethods(channel: "cn") { nodes { slug } } }')
    every = built.clerk.ask("{ allDeliveryMethods { nodes { slug isActive } } }")
    assert offered == {"nodes": []}
    assert every == {"nodes": [{"slug": method["slug"], "isActive": False}]}


def test_all_that_is_wrong_with_a_delivery_method_is_said_at_once(built: Built) -> None:
    errors = deliver(
        built, "Create", channelId=built.cny, name=" ", price="-1", position=-5, slug="NOT OK"
    )["userErrors"]
    assert {(one["field"][0], one["code"]) for one in errors} == {
        ("name", "REQUIRED"),
        ("price", "OUT_OF_RANGE"),
        ("position", "OUT_OF_RANGE"),
        ("slug", "INVALID_SLUG"),
    }
    (precise,) = deliver(built, "Create", channelId=built.jpy, name="X", price="1.5")["userErrors"]
    assert (precise["code"], precise["field"]) == ("TOO_MANY_DECIMALS", ["price"])
    deliver(built, "Create", channelId=built.cny, name="Standard", price="8")
    (taken,) = deliver(built, "Create", channelId=built.cny, name="Standard", price="8")[
        "userErrors"
    ]
    assert (taken["code"], taken["field"]) == ("TAKEN", ["slug"])

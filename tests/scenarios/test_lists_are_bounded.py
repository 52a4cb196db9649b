"""Lists that belong to an object are shown whole, so nothing lets them grow without end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from storeql.catalog.products.places import MOST_COLLECTIONS, MOST_TAGS
from storeql.catalog.save_channel import MOST_CHANNELS
from storeql.catalog.stock.save_warehouse import MOST_WAREHOUSES
from storeql.catalog.tables import (
    categories,
    channels,
    collection_products,
    collections,
    product_tags,
    tags,
    warehouses,
)
from storeql.catalog.taxonomy.category_tree import MOST_CHILDREN
from storeql.customers.groups import MOST_GROUPS_OF_ONE
from storeql.customers.session_reads import MOST_SHOWN
from storeql.customers.tables import customer_group_members, customer_groups, customers, sessions
from storeql.db import Database, statement
from storeql.orders.payments.gateways.fake_card import DECLINES
from storeql.orders.payments.pay_order import MOST_ATTEMPTS
from storeql.orders.tables import payments
from storeql.schema.ids import opaque_id, row_of
from tests.carts.shop import NOW, insert_rows
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door
from tests.scenarios.shopping import Shopper, open_small_shop

GROUP = """
mutation ($input: CustomerGroupCreateInput!) {
  customerGroupCreate(input: $input) { customerGroup { id } userErrors { code } } }"""
MEMBERS = """
mutation ($input: CustomerGroupMembersUpdateInput!) {
  customerGroupMembersUpdate(input: $input) { userErrors { code field index } } }"""
CUSTOMERS = """{ customers { nodes { email groups { slug } sessions { createdAt isCurrent } } } }"""
PAY = """
mutation ($input: OrderPayInput!) {
  orderPay(input: $input) { payment { status } userErrors { code field } } }"""


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Built]:
    hired(database, OWNER, "owner")
    with open_door(database_url, str(tmp_path)) as door:
        yield Built(Clerk(door))


def named(count: int, **values: Any) -> list[dict[str, Any]]:
    return [{"slug": f"s{number}", "name": f"S {number}", **values} for number in range(count)]


def test_a_category_has_only_so_many_children(shop: Built, database: Database) -> None:
    clerk = shop.clerk
    root = clerk.make("categoryCreate", name="Root")["id"]
    parent = row_of("Category", root)
    many = [one | {"path": "/x/"} for one in named(MOST_CHILDREN - 1, parent_id=parent)]
    insert_rows(database, categories, *many)
    last = clerk.make("categoryCreate", name="Last", parentId=root)["id"]
    other = clerk.make("categoryCreate", name="Other")["id"]
    inner = clerk.make("categoryCreate", name="Inner", parentId=other)["id"]

    assert clerk.codes("categoryCreate", name="More", parentId=root) == {"parentId": "TOO_MANY"}
    assert clerk.codes("categoryMove", id=inner, parentId=root) == {"parentId": "TOO_MANY"}
    assert clerk.codes("categoryDelete", id=other, moveToId=root) == {"moveToId": "TOO_MANY"}
    assert clerk.make("categoryMove", id=last, parentId=root, position=7)["version"] == 2
    assert clerk.make("categoryDelete", id=last, moveToId=root) == last
    assert clerk.make("categoryDelete", id=other, moveToId=root) == other


@pytest.mark.parametrize(
    ("noun", "table", "members", "most"),
    [
        ("collection", collections, collection_products, MOST_COLLECTIONS),
        ("tag", tags, product_tags, MOST_TAGS),
    ],
)
def test_a_product_is_in_so_many_collections_and_has_so_many_tags(
    shop: Built, database: Database, noun: str, table: Table, members: Table, most: int
) -> None:
    clerk = shop.clerk
    full, free = (shop.product(variants=[shop.variant(sku)])["id"] for sku in ("A", "B"))
    insert_rows(database, table, *named(most))
    column = f"{noun}_id"
    held = [{"product_id": row_of("Product", full), column: row} for row in ids(database, table)]
    insert_rows(database, members, *held)
    more = clerk.make(f"{noun}Create", name="One more")["id"]
    read = f"query ($id: ID!) {{ node(id: $id) {{ ... on Product {{ {noun}s {{ slug }} }} }} }}"

    assert clerk.codes(f"{noun}ProductsAdd", id=more, productIds=[free, full]) == {
        "productIds.1": "TOO_MANY"
    }
    assert clerk.ask(read, id=free) == {f"{noun}s": []}
    clerk.make(f"{noun}ProductsAdd", id=more, productIds=[free])
    assert len(clerk.ask(read, id=full)[f"{noun}s"]) == most


def test_a_shop_has_only_so_many_channels_and_warehouses(shop: Built, database: Database) -> None:
    insert_rows(database, channels, *named(MOST_CHANNELS - 3, currency="CNY"))
    insert_rows(database, warehouses, *named(MOST_WAREHOUSES - 1))

    assert shop.clerk.codes("channelCreate", name="One more", currency="CNY") == {"": "TOO_MANY"}
    assert shop.clerk.codes("warehouseCreate", name="One more") == {"": "TOO_MANY"}


def test_a_customer_is_in_only_so_many_groups(shop: Built, database: Database) -> None:
    clerk = shop.clerk
    clerk.door.customer("li@example.cn")
    clerk.door.customer("han@example.cn")
    han, li = (opaque_id("Customer", row) for row in sorted(ids(database, customers), reverse=True))
    insert_rows(database, customer_groups, *named(MOST_GROUPS_OF_ONE))
    held = [
        {"customer_id": row_of("Customer", li), "group_id": row}
        for row in ids(database, customer_groups)
    ]
    insert_rows(database, customer_group_members, *held)
    group = clerk.ask(GROUP, input={"name": "VIP", "slug": "vip"})["customerGroup"]["id"]

    refused = clerk.ask(MEMBERS, input={"id": group, "add": [han, li]})["userErrors"]
    assert refused == [{"code": "TOO_MANY", "field": ["add", "1"], "index": 1}]
    assert clerk.ask(MEMBERS, input={"id": group, "add": [han]})["userErrors"] == []
    counts = {one["email"]: len(one["groups"]) for one in clerk.ask(CUSTOMERS)["nodes"]}
    assert counts == {"li@example.cn": MOST_GROUPS_OF_ONE, "han@example.cn": 1}


def test_staff_see_the_last_sessions_of_every_customer_on_a_page(
    shop: Built, database: Database
) -> None:
    clerk = shop.clerk
    for email in ("li@example.cn", "han@example.cn"):
        clerk.door.customer(email)
    for owner in ids(database, customers):
        insert_rows(database, sessions, *(session(owner, number) for number in range(60)))

    page = clerk.ask(CUSTOMERS)["nodes"]

    assert [len(one["sessions"]) for one in page] == [MOST_SHOWN, MOST_SHOWN]
    for one in page:
        begun = [entry["createdAt"] for entry in one["sessions"]]
        assert begun == sorted(begun, reverse=True)


def test_an_order_is_tried_to_be_paid_only_so_many_times(database_url: str, tmp_path: Path) -> None:
    with open_small_shop(database_url, str(tmp_path)) as (door, database):
        shopper = Shopper(door)
        shopper.ready("fake_card")
        order = shopper.place("160.00", "key-1", paymentToken=DECLINES)["order"]["id"]
        rows = [attempt(row_of("Order", order), number) for number in range(MOST_ATTEMPTS - 2)]
        insert_rows(database, payments, *rows)
        wish = {
            "orderId": order,
            "cartToken": shopper.token,
            "paymentMethod": "fake_card",
            "paymentToken": DECLINES,
        }

        last = door.ask(PAY, input={**wish, "idempotencyKey": "pay-1"})
        one_more = door.ask(PAY, input={**wish, "idempotencyKey": "pay-2"})

        assert last == {"payment": {"status": "DECLINED"}, "userErrors": []}
        assert one_more["userErrors"] == [{"code": "TOO_MANY", "field": ["orderId"]}]


def ids(database: Database, table: Table) -> list[int]:
    with database.reading() as connection:
        return [row[0] for row in connection.rows(statement(select(table.c.id)))]


def session(customer_id: int, number: int) -> dict[str, Any]:
    at = NOW + number * 1_000
    return {
        "token_hash": f"{customer_id}-{number}",
        "customer_id": customer_id,
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + 10**12,
    }


def attempt(order_id: int, number: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "gateway": "fake_card",
        "status": "DECLINED",
        "amount_minor": 16_000,
        "currency": "CNY",
        "reference": f"attempt-{number}",
        "created_at": NOW,
        "updated_at": NOW,
    }

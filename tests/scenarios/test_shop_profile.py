"""The shop says who it is: staff with the permission change it, everybody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import open_small_shop

SHOP = """name legalName about email phone timeZone version
    address { city } defaultChannel { slug currency }"""
UPDATE = f"""mutation ($input: ShopUpdateInput!) {{ shopUpdate(input: $input) {{
    shop {{ {SHOP} }} userErrors {{ code field ... on StaleVersion {{ current }} }} }} }}"""
ADDRESS = {
    "name": "Chen",
    "phone": "021 6234 5678",
    "country": "cn",
    "city": "上海",
    "street": "南京西路 1 号",
}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, str]]:
    with open_small_shop(database_url, str(tmp_path)) as (door, database):
        yield door, owner(door, database)


def owner(door: Door, database: Database) -> str:
    hired(database, "owner@example.cn", "owner")
    return door.staff("owner@example.cn")


def change(shop: tuple[Door, str], **given: Any) -> dict[str, Any]:
    door, token = shop
    payload: dict[str, Any] = door.ask(UPDATE, token, input=given)
    return payload


def test_a_new_shop_says_nothing_and_has_its_channel(shop: tuple[Door, str]) -> None:
    assert shop[0].ask(f"{{ shop {{ {SHOP} }} }}") == {
        "name": "",
        "legalName": "",
        "about": "",
        "email": "",
        "phone": "",
        "address": None,
        "timeZone": "Asia/Shanghai",
        "defaultChannel": {"slug": "web", "currency": "CNY"},
        "version": 1,
    }


def test_what_the_owner_says_everybody_reads(shop: tuple[Door, str]) -> None:
    payload = change(
        shop, expectedVersion=1, name=" 茶与书 ", email="Hello@Example.CN", address=ADDRESS
    )
    assert payload["userErrors"] == []
    assert payload["shop"]["version"] == 2
    seen = shop[0].ask(f"{{ shop {{ {SHOP} }} }}")
    assert seen == payload["shop"]
    assert (seen["name"], seen["email"]) == ("茶与书", "hello@example.cn")
    assert seen["address"] == {"city": "上海"}

    later = change(shop, expectedVersion=2, phone="+86 21 6234 5678", address=None)
    assert (later["shop"]["phone"], later["shop"]["address"]) == ("+862162345678", None)
    assert later["shop"]["name"] == "茶与书"


def test_all_that_is_wrong_is_said_at_once_and_nothing_changes(shop: tuple[Door, str]) -> None:
    payload = change(
        shop,
        expectedVersion=1,
        name="x" * 201,
        email="nobody",
        phone="call me",
        address={**ADDRESS, "country": "XX"},
    )
    found = {".".join(error["field"]): error["code"] for error in payload["userErrors"]}
    assert found == {
        "name": "TOO_LONG",
        "email": "INVALID_EMAIL",
        "phone": "INVALID_PHONE",
        "address.country": "INVALID_COUNTRY",
    }
    assert shop[0].ask("{ shop { version } }") == {"version": 1}


def test_a_stale_version_is_refused(shop: tuple[Door, str]) -> None:
    change(shop, expectedVersion=1, name="A")
    payload = change(shop, expectedVersion=1, name="B")
    assert payload["userErrors"] == [
        {"code": "STALE_VERSION", "field": ["expectedVersion"], "current": 2}
    ]
    assert shop[0].ask("{ shop { name } }") == {"name": "A"}

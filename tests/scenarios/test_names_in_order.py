"""Lists by name page in one order over HTTP, whatever order the database has for texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.db.migrate import migrate
from storeql.hooks import load_hooks
from tests.conftest import NO_POSTGRES, POSTGRES_URL, postgres_url, temporary_database
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door

IN_ORDER = (
    "2 Cups",
    "10 cups",
    "Äpfel",
    "apple",
    "Émile’s Teapot",
    "emilia",
    "Zebra",
    "阿胶糕",
    "《茶经》",
    "手机壳",
    "重庆火锅",
    "臺灣茶",
)
MIXED = (*IN_ORDER[1::2], *IN_ORDER[-2::-2])
# Such a server sorts Chinese before letters, and 10 before 2.
CHINESE = "LOCALE_PROVIDER icu ICU_LOCALE 'zh'"
ON_POSTGRES = pytest.mark.skipif(not POSTGRES_URL, reason=NO_POSTGRES)
PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String) {
  %s(first: $first, after: $after, last: $last, before: $before%s) {
    nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
GROUP = """
mutation ($input: CustomerGroupCreateInput!) {
  customerGroupCreate(input: $input) { customerGroup { id } userErrors { code } } }"""
PLACES = """
query ($id: ID!) { node(id: $id) { ... on Product {
  tags { name } collections { name } } } }"""


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=ON_POSTGRES),
        pytest.param("postgresql in Chinese", marks=ON_POSTGRES),
    ]
)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Built]:
    if request.param == "sqlite":
        yield from _open(f"sqlite:///{tmp_path}/shop.sqlite", tmp_path)
        return
    options = CHINESE if request.param.endswith("Chinese") else ""
    postgres = request.getfixturevalue("postgres")
    with temporary_database(postgres, "template0", options) as name:
        yield from _open(postgres_url(name), tmp_path)


def _open(url: str, folder: Path) -> Iterator[Built]:
    migrate(url, *load_hooks().histories)
    database = Database(url)
    hired(database, OWNER, "owner")
    database.close()
    with open_door(url, str(folder)) as door:
        yield Built(Clerk(door))


def forward(clerk: Clerk, field: str, more: str = "") -> list[str]:
    """All names, in pages of five from the start."""
    return _walked(clerk, PAGE % (field, more), "first", "after", "hasNextPage", "endCursor")


def backward(clerk: Clerk, field: str, more: str = "") -> list[str]:
    """All names, in pages of five from the end."""
    query = PAGE % (field, more)
    return _walked(clerk, query, "last", "before", "hasPreviousPage", "startCursor")


def _walked(clerk: Clerk, query: str, size: str, cursor: str, more: str, end: str) -> list[str]:
    names: list[str] = []
    at: dict[str, Any] = {}
    while True:
        page = clerk.ask(query, **{size: 5}, **at)
        found = [node["name"] for node in page["nodes"]]
        names = [*names, *found] if size == "first" else [*found, *names]
        if not page["pageInfo"][more]:
            return names
        at = {cursor: page["pageInfo"][end]}


def test_every_list_by_name_has_the_one_order_forward_and_backward(shop: Built) -> None:
    clerk = shop.clerk
    for name in MIXED:
        for noun in ("category", "collection", "tag", "productType", "warehouse"):
            clerk.make(f"{noun}Create", name=name)
        clerk.make("channelCreate", name=name, currency="CNY")
        slug = f"group-{MIXED.index(name)}"
        assert clerk.ask(GROUP, input={"name": name, "slug": slug})["userErrors"] == []
    own = {"warehouses": ["North"], "productTypes": ["Cup"], "channels": ["China", "Japan"]}

    for field in (
        "categories",
        "collections",
        "tags",
        "productTypes",
        "warehouses",
        "channels",
        "customerGroups",
    ):
        names = forward(clerk, field)
        left = [name for name in names if name in IN_ORDER]
        assert left == list(IN_ORDER), field
        assert set(own.get(field, ())) <= set(names)
        assert backward(clerk, field) == names, field


def test_products_by_name_and_what_they_stand_in_have_it_too(shop: Built) -> None:
    clerk = shop.clerk
    tags = [clerk.make("tagCreate", name=name)["id"] for name in MIXED]
    collections = [clerk.make("collectionCreate", name=name)["id"] for name in MIXED]
    for place, name in enumerate(MIXED):
        variants = [shop.variant(f"SKU-{place}")]
        product = shop.product(name=name, variants=variants, tagIds=tags, collectionIds=collections)

    arguments = ", includeUnpublished: true, sort: { by: NAME }"
    assert forward(clerk, "products", arguments) == list(IN_ORDER)
    assert backward(clerk, "products", arguments) == list(IN_ORDER)
    falling = ", includeUnpublished: true, sort: { by: NAME, descending: true }"
    assert forward(clerk, "products", falling) == list(reversed(IN_ORDER))
    in_places = clerk.ask(PLACES, id=product["id"])
    assert [tag["name"] for tag in in_places["tags"]] == list(IN_ORDER)
    assert [one["name"] for one in in_places["collections"]] == list(IN_ORDER)


def test_a_renamed_thing_moves_to_its_new_place(shop: Built) -> None:
    clerk = shop.clerk
    first = clerk.make("tagCreate", name="alpha")
    clerk.make("tagCreate", name="beta")
    assert forward(clerk, "tags") == ["alpha", "beta"]

    clerk.make("tagUpdate", id=first["id"], expectedVersion=1, name="Gamma")

    assert forward(clerk, "tags") == ["beta", "Gamma"]

"""Staff order the catalogue: types, the category tree, collections, tags, channels: over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Built]:
    """A shop with an owner and nothing for sale."""
    hired(database, OWNER, "owner")
    with open_door(database_url, str(tmp_path)) as door:
        yield Built(Clerk(door))


def test_a_product_type_changes_but_never_loses_values_of_products(shop: Built) -> None:
    shop.product()
    volume = {"name": "Capacity", "slug": "volume", "kind": "NUMBER", "unit": "ml"}
    colour = {"name": "Colour", "kind": "TEXT"}

    changed = shop.clerk.make(
        "productTypeUpdate", id=shop.cups, expectedVersion=1, attributes=[colour, volume]
    )
    assert [(one["slug"], one["kind"]) for one in changed["attributes"]] == [
        ("colour", "TEXT"),
        ("volume", "NUMBER"),
    ]

    (error,) = shop.clerk.errors(
        "productTypeUpdate", id=shop.cups, expectedVersion=2, attributes=[colour]
    )
    assert (error["__typename"], error["count"], error["what"]) == ("InUse", 1, "products")
    (error,) = shop.clerk.errors("productTypeDelete", id=shop.cups)
    assert (error["__typename"], error["field"]) == ("InUse", ["id"])


def test_a_category_moves_with_all_below_it_but_never_under_itself(shop: Built) -> None:
    root = shop.clerk.make("categoryCreate", name="家居")["id"]
    other = shop.clerk.make("categoryCreate", name="厨房")["id"]
    child = shop.clerk.make("categoryCreate", name="Cups", parentId=root)
    assert child["ancestors"] == [{"slug": "家居"}]

    assert shop.clerk.codes("categoryMove", id=root, parentId=child["id"]) == {
        "parentId": "CATEGORY_CYCLE"
    }
    moved = shop.clerk.make("categoryMove", id=root, parentId=other, expectedVersion=1)
    assert (moved["ancestors"], moved["version"]) == ([{"slug": "厨房"}], 2)
    again = shop.clerk.make("categoryUpdate", id=child["id"], expectedVersion=1, name="Tea cups")
    assert (again["name"], again["ancestors"]) == ("Tea cups", [{"slug": "厨房"}, {"slug": "家居"}])


def test_a_category_goes_when_its_products_have_somewhere_to_stand(shop: Built) -> None:
    old = shop.clerk.make("categoryCreate", name="Old")["id"]
    new = shop.clerk.make("categoryCreate", name="New")["id"]
    product = shop.product(categoryIds=[old])

    (error,) = shop.clerk.errors("categoryDelete", id=old)
    assert (error["__typename"], error["count"], error["what"]) == ("InUse", 1, "products")
    assert shop.clerk.make("categoryDelete", id=old, moveToId=new) == old

    read = "query ($id: ID!) { node(id: $id) { ... on Product { categories { slug } } } }"
    assert shop.clerk.ask(read, id=product["id"]) == {"categories": [{"slug": "new"}]}


def test_a_collection_is_filled_and_ordered_by_hand(shop: Built) -> None:
    gifts = shop.clerk.make("collectionCreate", name="Gifts", description="For friends")["id"]
    a, b = (shop.product(variants=[shop.variant(sku)])["id"] for sku in ("A", "B"))

    shop.clerk.make("collectionProductsAdd", id=gifts, productIds=[a, b])
    moves = [{"productId": b, "position": 0}]
    shop.clerk.make("collectionProductsReorder", id=gifts, moves=moves, expectedVersion=2)
    shop.clerk.make("collectionProductsRemove", id=gifts, productIds=[a])

    changed = shop.clerk.make("collectionUpdate", id=gifts, expectedVersion=4, name="礼物")
    assert (changed["name"], changed["description"]) == ("礼物", "For friends")
    assert shop.clerk.codes("collectionProductsReorder", id=gifts, moves=moves[:0]) == {
        "moves": "REQUIRED"
    }
    assert shop.clerk.make("collectionDelete", id=gifts, expectedVersion=5) == gifts


def test_tags_are_put_on_products_and_taken_off(shop: Built) -> None:
    tag = shop.clerk.make("tagCreate", name="新品上市")["id"]
    product = shop.product()
    read = "query ($id: ID!) { node(id: $id) { ... on Product { tags { name } } } }"

    shop.clerk.make("tagProductsAdd", id=tag, productIds=[product["id"]])
    renamed = shop.clerk.make("tagUpdate", id=tag, expectedVersion=1, name="热销商品")
    assert (renamed["name"], renamed["slug"]) == ("热销商品", "新品上市")
    assert shop.clerk.ask(read, id=product["id"]) == {"tags": [{"name": "热销商品"}]}

    shop.clerk.make("tagProductsRemove", id=tag, productIds=[product["id"]])
    assert shop.clerk.ask(read, id=product["id"]) == {"tags": []}
    assert shop.clerk.make("tagDelete", id=tag) == tag
    assert shop.clerk.codes("tagDelete", id=tag) == {"id": "NOT_FOUND"}


def test_one_channel_is_the_default_and_active(shop: Built) -> None:
    changed = shop.clerk.make("channelUpdate", id=shop.kwd, expectedVersion=1, isDefault=True)
    assert (changed["isDefault"], changed["version"]) == (True, 2)

    assert shop.clerk.codes(
        "channelUpdate", id=shop.kwd, expectedVersion=2, isActive=False, slug="cn"
    ) == {"isActive": "DEFAULT_INACTIVE", "slug": "TAKEN"}
    assert shop.clerk.codes("channelCreate", name="X", currency="ABC") == {
        "currency": "INVALID_CURRENCY"
    }
    renamed = shop.clerk.make("warehouseUpdate", id=shop.house, expectedVersion=1, name="South")
    assert (renamed["name"], renamed["slug"], renamed["version"]) == ("South", "north", 2)

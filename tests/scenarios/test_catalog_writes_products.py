"""Staff add products in the prescribed form, price them, publish them: all over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storeql.db import Database
from tests.customers.people import NOW, hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk, document
from tests.scenarios.people_door import open_door

LISTED = """
query ($channel: String, $filter: ProductFilterInput) {
  products(channel: $channel, filter: $filter) {
    nodes { slug price { amount currency } }
  }
}"""


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Built]:
    """A shop with an owner and nothing for sale."""
    hired(database, OWNER, "owner")
    hired(database, "goods@example.cn", "catalogue")
    hired(database, "packer@example.cn", "orders")
    with open_door(database_url, str(tmp_path)) as door:
        yield Built(Clerk(door))


def listed(shop: Built, **variables: object) -> list[dict[str, object]]:
    nodes: list[dict[str, object]] = shop.clerk.door.ask(LISTED, **variables)["nodes"]
    return nodes


def test_a_product_is_for_sale_only_in_the_channels_it_is_published_in(shop: Built) -> None:
    prices = [
        {"channelId": shop.cny, "price": "19.90", "compareAtPrice": "25", "cost": "8.5"},
        {"channelId": shop.kwd, "price": "1.250"},
        {"channelId": shop.jpy, "price": "400"},
    ]
    product = shop.product(variants=[shop.variant("CUP-1", prices=prices)])
    assert product["publishedAt"] is None
    assert listed(shop) == []
    (variant,) = product["variants"]
    assert variant["price"] == {"amount": "19.90", "currency": "CNY"}
    assert (variant["compareAtPrice"], variant["cost"]) == ({"amount": "25.00"}, {"amount": "8.50"})
    assert variant["stockLevels"] == [
        {"warehouse": {"slug": "north"}, "onHand": 5, "reserved": 0, "available": 5}
    ]

    shop.clerk.make("productPublish", id=product["id"], channelIds=[shop.kwd, shop.jpy])

    assert listed(shop, channel="cn") == []
    assert listed(shop, channel="kw") == [
        {"slug": "tea-cup", "price": {"amount": "1.250", "currency": "KWD"}}
    ]
    assert listed(shop, channel="jp") == [
        {"slug": "tea-cup", "price": {"amount": "400", "currency": "JPY"}}
    ]
    taken = shop.clerk.make("productUnpublish", id=product["id"], channelIds=[shop.kwd])
    assert listed(shop, channel="kw") == []
    assert taken["version"] == 3


def test_a_product_appears_at_the_instant_it_is_published_from(shop: Built) -> None:
    product = shop.product()
    shop.clerk.make(
        "productPublish",
        id=product["id"],
        channelIds=[shop.cny],
        publishedAt="2030-01-01T00:00:00+08:00",
    )
    assert listed(shop) == []

    shop.clerk.door.clock.now = 1_893_427_200_000
    assert [one["slug"] for one in listed(shop)] == ["tea-cup"]


def test_a_product_is_not_published_where_it_has_no_price(shop: Built) -> None:
    product = shop.product()

    codes = shop.clerk.codes("productPublish", id=product["id"], channelIds=[shop.cny, shop.jpy])

    assert codes == {"channelIds.1": "NOT_PRICED"}


def test_a_missing_attribute_is_a_typed_error_naming_its_field(shop: Built) -> None:
    blank = [{"attribute": "material", "value": "glass"}, {"attribute": "volume", "value": " "}]

    (absent,) = shop.clerk.errors("productCreate", **shop.cup(attributes=[]))
    (empty,) = shop.clerk.errors("productCreate", **shop.cup(attributes=blank))

    assert (absent["__typename"], absent["attribute"]) == ("AttributeRequired", "volume")
    assert (absent["field"], empty["field"]) == (["attributes"], ["attributes", "1", "value"])
    assert empty["index"] == 1


def test_all_errors_of_a_product_come_at_once(shop: Built) -> None:
    shop.product()
    given = shop.cup(
        name="",
        slug="tea-cup",
        attributes=[
            {"attribute": "volume", "value": "a lot"},
            {"attribute": "material", "value": "gold"},
        ],
        variants=[
            shop.variant("CUP-1", prices=[{"channelId": shop.cny, "price": "-1"}]),
            shop.variant("CUP-2", stock=[]),
        ],
    )

    assert shop.clerk.codes("productCreate", **given) == {
        "name": "REQUIRED",
        "slug": "TAKEN",
        "attributes.0.value": "INVALID_VALUE",
        "attributes.1.value": "INVALID_VALUE",
        "variants.0.sku": "TAKEN",
        "variants.0.prices.0.price": "OUT_OF_RANGE",
        "variants.1.stock": "REQUIRED",
        "variants.1.options": "DUPLICATE",
    }


def test_prices_with_more_decimals_than_the_currency_are_named_one_by_one(shop: Built) -> None:
    prices = [
        {"channelId": shop.cny, "price": "19.999", "cost": "1.001"},
        {"channelId": shop.kwd, "price": "1.2505"},
        {"channelId": shop.jpy, "price": "400.5"},
    ]

    codes = shop.clerk.codes(
        "productCreate", **shop.cup(variants=[shop.variant("CUP-1", prices=prices)])
    )

    assert codes == {
        "variants.0.prices.0.price": "TOO_MANY_DECIMALS",
        "variants.0.prices.0.cost": "TOO_MANY_DECIMALS",
        "variants.0.prices.1.price": "TOO_MANY_DECIMALS",
        "variants.0.prices.2.price": "TOO_MANY_DECIMALS",
    }


def test_an_update_upon_an_old_version_is_refused_with_the_current_one(shop: Built) -> None:
    product = shop.product()
    changed = shop.clerk.make(
        "productUpdate", id=product["id"], expectedVersion=1, name="Cup of tea"
    )
    assert (changed["name"], changed["slug"], changed["version"]) == ("Cup of tea", "tea-cup", 2)

    (stale,) = shop.clerk.errors("productUpdate", id=product["id"], expectedVersion=1, name="x")

    assert (stale["__typename"], stale["current"]) == ("StaleVersion", 2)


def test_a_rename_is_found_by_search_at_once(shop: Built) -> None:
    product = shop.product(name="Beaker")
    shop.clerk.make("productPublish", id=product["id"], channelIds=[shop.cny])
    assert [one["slug"] for one in listed(shop, filter={"search": "beaker"})] == ["beaker"]

    shop.clerk.make("productUpdate", id=product["id"], expectedVersion=2, name="陶瓷茶杯")

    assert listed(shop, filter={"search": "beaker"}) == []
    assert [one["slug"] for one in listed(shop, filter={"search": "茶杯"})] == ["beaker"]


def test_variants_come_and_go_with_the_products_options(shop: Built) -> None:
    red = shop.variant("RED", options=[{"name": "颜色", "value": "red"}])
    product = shop.product(optionNames=["颜色"], variants=[red])
    blue = shop.variant("BLUE", options=[{"name": "颜色", "value": "blue"}])

    added = shop.clerk.make("productVariantCreate", productId=product["id"], **blue)
    assert (added["name"], added["options"]) == ("blue", [{"name": "颜色", "value": "blue"}])
    changed = shop.clerk.make(
        "productVariantUpdate", id=added["id"], expectedVersion=1, sku="NAVY", name="Navy"
    )
    assert (changed["sku"], changed["name"], changed["version"]) == ("NAVY", "Navy", 2)
    gone = shop.clerk.send("productVariantDelete", id=product["variants"][0]["id"])
    assert gone["product"] == {"version": 4, "options": [{"name": "颜色", "values": ["blue"]}]}
    assert shop.clerk.codes("productVariantDelete", id=added["id"]) == {"id": "LAST_VARIANT"}


def test_many_prices_are_set_at_once_and_the_listing_follows(shop: Built) -> None:
    product = shop.product()
    variant_id = product["variants"][0]["id"]
    shop.clerk.make("productPublish", id=product["id"], channelIds=[shop.cny])
    new = {"variantId": variant_id, "channelId": shop.cny, "price": "9.90"}
    abroad = {"variantId": variant_id, "channelId": shop.kwd, "price": "0.5", "cost": "0.125"}

    shop.clerk.make("variantPricesSet", prices=[new, abroad])

    assert listed(shop) == [{"slug": "tea-cup", "price": {"amount": "9.90", "currency": "CNY"}}]
    assert shop.clerk.codes("variantPricesSet", prices=[new, new]) == {
        "prices.1.variantId": "DUPLICATE"
    }
    assert shop.clerk.codes("variantPricesSet", prices=[abroad | {"price": "0.0001"}]) == {
        "prices.0.price": "TOO_MANY_DECIMALS"
    }


def test_a_deleted_product_is_gone(shop: Built) -> None:
    product = shop.product()

    assert shop.clerk.make("productDelete", id=product["id"], expectedVersion=1) == product["id"]

    assert shop.clerk.codes("productDelete", id=product["id"]) == {"id": "NOT_FOUND"}
    assert shop.clerk.ask("query ($id: ID!) { node(id: $id) { id } }", id=product["id"]) is None


def test_each_role_writes_only_what_it_may(shop: Built) -> None:
    door = shop.clerk.door
    goods, packer = Clerk(door, "goods@example.cn"), Clerk(door, "packer@example.cn")

    assert goods.make("productCreate", **shop.cup())["slug"] == "tea-cup"
    new_channel = {"name": "X", "currency": "CNY"}
    refused = [
        door.refusal(document("productCreate"), packer.token, input=shop.cup()),
        door.refusal(document("channelCreate"), goods.token, input=new_channel),
        door.refusal(document("tagCreate"), input={"name": "x"}),
    ]

    assert refused == ["FORBIDDEN", "FORBIDDEN", "UNAUTHENTICATED"]
    assert door.clock.now == NOW

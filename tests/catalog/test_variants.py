"""Variants of a product, and their prices per channel."""

from __future__ import annotations

from typing import Any

from storeql.catalog.inputs import OptionInput, PriceInput, VariantPriceInput, VariantUpdate
from storeql.catalog.prices.causes import by_hand
from storeql.catalog.prices.set_prices import set_prices
from storeql.catalog.products.delete_product import delete_variant
from storeql.catalog.products.publish import publish, unpublish
from storeql.catalog.variants.save_variant import create_variant, update_variant
from storeql.db import Database
from tests.catalog.products import Shop, coloured, created, open_shop, phone, seen
from tests.catalog.refusals import codes_of
from tests.catalog.shop import NOW


def two_coloured(database: Database) -> tuple[Shop, int]:
    """A phone in red for 19.90 and in blue for 15.00."""
    shop = open_shop(database)
    cheap = (PriceInput(channel_id=shop.cny, price_minor=1500),)
    variants = (coloured(shop, "RED", "red"), coloured(shop, "BLUE", "blue", prices=cheap))
    return shop, created(database, phone(shop, option_names=("颜色",), variants=variants))


def priced(variant_id: int, channel_id: int, minor: int, **bent: Any) -> VariantPriceInput:
    return VariantPriceInput(
        variant_id=variant_id, channel_id=channel_id, price_minor=minor, **bent
    )


def test_a_variant_joins_after_the_others_with_its_new_option_value(database: Database) -> None:
    shop, product_id = two_coloured(database)

    database.write(
        lambda c: create_variant(
            c, product_id, coloured(shop, "GREEN", "green"), now=NOW, actor="staff:1"
        )
    )

    product = seen(database, product_id)
    assert [one.sku for one in product.variants] == ["RED", "BLUE", "GREEN"]
    assert product.options_json == '[{"name":"颜色","values":["red","blue","green"]}]'
    assert product.version == 2


def test_two_variants_cannot_have_the_same_options_or_sku(database: Database) -> None:
    shop, product_id = two_coloured(database)
    twin = coloured(shop, "RED", "blue")
    blue = seen(database, product_id).variants[1].id
    change = VariantUpdate(id=blue, sku="RED", options=(OptionInput(name="颜色", value="red"),))

    assert codes_of(
        database, lambda c: create_variant(c, product_id, twin, now=NOW, actor="s")
    ) == [("TAKEN", "sku"), ("DUPLICATE", "options")]
    assert codes_of(database, lambda c: update_variant(c, change, now=NOW)) == [
        ("TAKEN", "sku"),
        ("DUPLICATE", "options"),
    ]


def test_a_change_of_a_variant_raises_its_version_and_its_products(database: Database) -> None:
    _, product_id = two_coloured(database)
    blue = seen(database, product_id).variants[1]
    change = VariantUpdate(
        id=blue.id,
        expected_version=1,
        name="",
        options=(OptionInput(name="颜色", value="navy"),),
        barcode=" 6901234567892 ",
    )

    database.write(lambda c: update_variant(c, change, now=NOW))

    product = seen(database, product_id)
    changed = product.variants[1]
    assert (changed.sku, changed.name, changed.version, product.version) == ("BLUE", "navy", 2, 2)
    assert product.options_json == '[{"name":"颜色","values":["red","navy"]}]'
    assert codes_of(database, lambda c: update_variant(c, change, now=NOW)) == [
        ("STALE_VERSION", "expectedVersion")
    ]


def test_a_products_lowest_price_follows_every_price_and_variant(database: Database) -> None:
    shop, product_id = two_coloured(database)
    red, blue = (one.id for one in seen(database, product_id).variants)
    assert seen(database, product_id).price_minor == 1500

    database.write(
        lambda c: set_prices(c, [priced(red, shop.cny, 1200)], cause=by_hand("staff:1"), now=NOW)
    )
    assert seen(database, product_id).price_minor == 1200

    database.write(
        lambda c: set_prices(c, [priced(red, shop.cny, 1800)], cause=by_hand("staff:1"), now=NOW)
    )
    assert seen(database, product_id).price_minor == 1500

    database.write(lambda c: delete_variant(c, blue, now=NOW))
    assert seen(database, product_id).price_minor == 1800


def test_prices_are_set_all_or_none_with_every_problem(database: Database) -> None:
    shop, product_id = two_coloured(database)
    red = seen(database, product_id).variants[0].id
    given = [
        priced(red, shop.cny, 1000),
        priced(red, shop.cny, 1000, compare_at_minor=999),
        priced(99, 98, -1),
    ]

    assert codes_of(
        database, lambda c: set_prices(c, given, cause=by_hand("staff:1"), now=NOW)
    ) == [
        ("COMPARE_AT_TOO_LOW", "prices.1.compareAtPrice"),
        ("DUPLICATE", "prices.1.variantId"),
        ("NOT_FOUND", "prices.2.variantId"),
        ("NOT_FOUND", "prices.2.channelId"),
        ("OUT_OF_RANGE", "prices.2.price"),
    ]
    assert seen(database, product_id).variants[0].price_minor == 1990


def test_the_last_variant_stays(database: Database) -> None:
    _, product_id = two_coloured(database)
    red, blue = (one.id for one in seen(database, product_id).variants)
    database.write(lambda c: delete_variant(c, red, now=NOW))

    assert codes_of(database, lambda c: delete_variant(c, blue, now=NOW)) == [
        ("LAST_VARIANT", "id")
    ]
    assert codes_of(database, lambda c: delete_variant(c, red, now=NOW)) == [("NOT_FOUND", "id")]


def test_a_product_is_published_only_where_a_variant_has_a_price(database: Database) -> None:
    shop, product_id = two_coloured(database)

    assert codes_of(
        database, lambda c: publish(c, product_id, [shop.cny, shop.kwd, 99], now=NOW)
    ) == [
        ("NOT_FOUND", "channelIds.2"),
        ("NOT_PRICED", "channelIds.1"),
        ("NOT_PRICED", "channelIds.2"),
    ]
    assert seen(database, product_id).published_at is None


def test_publishing_again_keeps_the_date_and_a_future_one_can_be_set(database: Database) -> None:
    shop, product_id = two_coloured(database)
    channel = [shop.cny]

    database.write(lambda c: publish(c, product_id, channel, now=NOW))
    database.write(lambda c: publish(c, product_id, channel, now=NOW + 5))
    assert seen(database, product_id).published_at == NOW

    database.write(lambda c: publish(c, product_id, channel, now=NOW, at=NOW + 9))
    assert seen(database, product_id).published_at == NOW + 9

    database.write(lambda c: publish(c, product_id, channel, now=NOW + 6))
    assert seen(database, product_id).published_at == NOW + 6

    database.write(lambda c: unpublish(c, product_id, channel, now=NOW))
    assert seen(database, product_id).published_at is None
    assert seen(database, product_id).price_minor == 1500


def test_a_product_whose_last_price_goes_is_taken_down(database: Database) -> None:
    shop, product_id = two_coloured(database)
    red, blue = (one.id for one in seen(database, product_id).variants)
    database.write(
        lambda c: set_prices(c, [priced(red, shop.kwd, 1250)], cause=by_hand("staff:1"), now=NOW)
    )
    database.write(lambda c: publish(c, product_id, [shop.kwd], now=NOW))

    database.write(lambda c: delete_variant(c, red, now=NOW))

    abroad = seen(database, product_id, channel="kw")
    assert (abroad.price_minor, abroad.published_at) == (None, None)
    assert blue == abroad.variants[0].id

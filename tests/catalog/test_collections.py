"""Products in collections by hand, and under tags; what a rename does to finding them."""

from __future__ import annotations

from sqlalchemy import select

from storeql.catalog.finding.filters import ProductFilter
from storeql.catalog.inputs import (
    CategoryInput,
    CategoryUpdate,
    DescribedInput,
    NamedInput,
    NamedUpdate,
    Placement,
)
from storeql.catalog.resolvers import View, products
from storeql.catalog.tables import collection_products
from storeql.catalog.taxonomy.collect import (
    add_to_collection,
    remove_from_collection,
    reorder_collection,
    tag_products,
    untag_products,
)
from storeql.catalog.taxonomy.delete_category import delete_category
from storeql.catalog.taxonomy.save_category import create_category, update_category
from storeql.catalog.taxonomy.save_collection import create_collection
from storeql.catalog.taxonomy.save_tag import create_tag, update_tag
from storeql.db import Database, Selection, statement
from storeql.db.paging import PageRequest
from tests.catalog.products import created, open_shop, phone, seen, variant
from tests.catalog.refusals import codes_of
from tests.catalog.shop import NOW

_MEMBERS = statement(
    select(collection_products.c.product_id).order_by(
        collection_products.c.position, collection_products.c.product_id
    )
)


def members(database: Database) -> list[int]:
    with database.reading() as connection:
        return [row[0] for row in connection.rows(_MEMBERS)]


def phones(database: Database, count: int) -> list[int]:
    shop = open_shop(database)
    return [
        created(database, phone(shop, variants=(variant(shop, f"SKU-{number}"),)))
        for number in range(count)
    ]


def found(database: Database, search: str) -> list[int]:
    with database.reading() as connection:
        page = products(
            connection,
            Selection.of_names("nodes"),
            view=View(now=NOW, drafts=True),
            page=PageRequest(),
            filter=ProductFilter(search=search),
        )
    return sorted(product.id for product in page.nodes)


def test_products_join_a_collection_at_its_end_and_move_by_hand(database: Database) -> None:
    a, b, c, d = phones(database, 4)
    gifts = database.write(lambda x: create_collection(x, DescribedInput(name="Gifts")))

    database.write(lambda x: add_to_collection(x, gifts, [b, a]))
    database.write(lambda x: add_to_collection(x, gifts, [a, d, c]))
    assert members(database) == [b, a, d, c]

    moves = [Placement(product_id=c, position=0), Placement(product_id=b, position=3)]
    database.write(lambda x: reorder_collection(x, gifts, moves, expected_version=3))
    assert members(database) == [c, a, d, b]

    database.write(lambda x: remove_from_collection(x, gifts, [a, b]))
    assert members(database) == [c, d]


def test_a_move_of_what_is_not_in_the_collection_is_refused(database: Database) -> None:
    (a,) = phones(database, 1)
    gifts = database.write(lambda x: create_collection(x, DescribedInput(name="Gifts")))
    moves = [Placement(product_id=a, position=1)]

    assert codes_of(database, lambda x: reorder_collection(x, gifts, moves)) == [
        ("OUT_OF_RANGE", "moves.0.position"),
        ("NOT_FOUND", "moves.0.productId"),
    ]
    assert codes_of(database, lambda x: add_to_collection(x, gifts, [a, 99])) == [
        ("NOT_FOUND", "productIds.1")
    ]


def test_products_are_found_by_their_tags_name_as_it_is_now(database: Database) -> None:
    a, b = phones(database, 2)
    tag = database.write(lambda x: create_tag(x, NamedInput(name="Bestseller")))

    database.write(lambda x: tag_products(x, tag, [a, b, a]))
    assert found(database, "bestseller") == [a, b]

    database.write(lambda x: update_tag(x, NamedUpdate(id=tag, name="热销商品")))
    assert (found(database, "bestseller"), found(database, "热销")) == ([], [a, b])

    database.write(lambda x: untag_products(x, tag, [a]))
    assert found(database, "热销") == [b]
    assert [one.slug for one in seen(database, b).tags] == ["bestseller"]


def test_products_follow_their_category_when_it_is_renamed_and_deleted(database: Database) -> None:
    shop = open_shop(database)
    old, new = (
        database.write(lambda x, name=name: create_category(x, CategoryInput(name=name)))
        for name in ("Gadgets", "Devices")
    )
    product_id = created(database, phone(shop, category_ids=(old,)))
    assert found(database, "gadgets") == [product_id]

    database.write(lambda x: update_category(x, CategoryUpdate(id=old, name="Gizmos")))
    assert (found(database, "gadgets"), found(database, "gizmos")) == ([], [product_id])

    assert codes_of(database, lambda x: delete_category(x, old)) == [("IN_USE", "id")]
    database.write(lambda x: delete_category(x, old, move_to_id=new))
    assert [one.slug for one in seen(database, product_id).categories] == ["devices"]
    assert (found(database, "gizmos"), found(database, "devices")) == ([], [product_id])

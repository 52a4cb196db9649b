"""The demo shop in a database: complete, adding up, the same for the same seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from soak.books import broken_by
from storeql.access import GUEST
from storeql.carts.cart_rows import find_cart
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.price_cart import price_cart
from storeql.catalog.finding.search import hits
from storeql.catalog.finding.search_terms import typed_terms
from storeql.catalog.tables import (
    attribute_values,
    attributes,
    product_types,
    products,
    publications,
    stock_levels,
    stock_movements,
    tags,
    variant_prices,
    variants,
    warehouses,
)
from storeql.customers.tables import customer_groups
from storeql.db import Database, metadata, statement
from storeql.db.migrate import migrate
from storeql.demo.accounts import CART_TOKEN, has_demo_password
from storeql.demo.plan.barcodes import check_digit
from storeql.demo.save.orders import own_hooks, price_desk
from storeql.demo.seed import AlreadySeeded, seed_demo
from storeql.demo.summary import demo_shop, is_seeded
from storeql.orders.fulfilment.picking.tables import pick_list_lines
from storeql.orders.tables import order_lines, orders
from tests.demo.conftest import NOW, seed_small

DAY = 86_400_000
NOT_THE_SAME = {"password_hash"}


def all_rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of their own, as plain values."""
    found = {}
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.name not in NOT_THE_SAME]
        with database.reading() as connection:
            rows = connection.rows(statement(select(*columns)))
        found[table.name] = sorted(
            (tuple(int(v) if isinstance(v, bool) else v for v in row) for row in rows), key=repr
        )
    return found


@pytest.fixture
def other(tmp_path: Path) -> Database:
    """Another empty database, always SQLite."""
    url = f"sqlite:///{tmp_path}/other.sqlite"
    migrate(url)
    return Database(url)


def test_the_same_seed_makes_the_same_rows(demo: Database, other: Database, tmp_path: Path) -> None:
    seed_small(other, tmp_path)
    first, second = all_rows(demo), all_rows(other)
    assert first.keys() == second.keys()
    for table, rows in first.items():
        assert rows == second[table], table


def test_another_seed_makes_another_shop(demo: Database, other: Database, tmp_path: Path) -> None:
    seed_small(other, tmp_path, seed=8)
    first, second = all_rows(demo), all_rows(other)
    assert first["variant_prices"] != second["variant_prices"]
    assert first["orders"] != second["orders"]


def test_the_shop_has_what_was_asked_for(demo: Database) -> None:
    shop = demo_shop(demo)
    assert (shop.products, shop.customers, shop.orders) == (60, 12, 30)
    assert shop.variants >= 60


def test_ledger_sums_equal_the_stock_levels(demo: Database) -> None:
    ledger = statement(
        select(
            stock_movements.c.variant_id,
            stock_movements.c.warehouse_id,
            func.sum(stock_movements.c.on_hand_change),
            func.sum(stock_movements.c.reserved_change),
        ).group_by(stock_movements.c.variant_id, stock_movements.c.warehouse_id)
    )
    levels = statement(
        select(
            stock_levels.c.variant_id,
            stock_levels.c.warehouse_id,
            stock_levels.c.on_hand,
            stock_levels.c.reserved,
        )
    )
    with demo.reading() as connection:
        summed, kept = connection.rows(ledger), connection.rows(levels)
    assert sorted(map(tuple, summed)) == sorted(map(tuple, kept))
    assert sum(row[3] for row in kept) > 0, "the orders reserve stock"


def test_every_required_attribute_is_filled(demo: Database) -> None:
    missing = statement(
        select(products.c.slug, attributes.c.slug)
        .join(product_types, product_types.c.id == products.c.product_type_id)
        .join(attributes, attributes.c.product_type_id == product_types.c.id)
        .outerjoin(
            attribute_values,
            (attribute_values.c.product_id == products.c.id)
            & (attribute_values.c.attribute_id == attributes.c.id),
        )
        .where(attributes.c.is_required, attribute_values.c.value.is_(None))
    )
    with demo.reading() as connection:
        assert connection.rows(missing) == []


def test_select_attributes_only_have_values_they_offer(demo: Database) -> None:
    chosen = statement(
        select(attributes.c.choices, attribute_values.c.value)
        .join(attribute_values, attribute_values.c.attribute_id == attributes.c.id)
        .where(attributes.c.kind == "SELECT")
    )
    with demo.reading() as connection:
        rows = connection.rows(chosen)
    assert len(rows) > 60
    assert all(f'"{value}"' in choices for choices, value in rows)


def test_prices_are_positive_and_publications_show_the_lowest(demo: Database) -> None:
    lowest = statement(
        select(
            variants.c.product_id,
            variant_prices.c.channel_id,
            func.min(variant_prices.c.price_minor),
        )
        .join(variants, variants.c.id == variant_prices.c.variant_id)
        .group_by(variants.c.product_id, variant_prices.c.channel_id)
    )
    shown = statement(
        select(publications.c.product_id, publications.c.channel_id, publications.c.price_minor)
    )
    with demo.reading() as connection:
        least, published = connection.rows(lowest), connection.rows(shown)
    assert sorted(map(tuple, least)) == sorted(map(tuple, published))
    assert all(price > 0 for _, _, price in least)


def test_barcodes_are_valid_and_unique(demo: Database) -> None:
    with demo.reading() as connection:
        barcodes = [row[0] for row in connection.rows(statement(select(variants.c.barcode)))]
    assert len(set(barcodes)) == demo_shop(demo).variants
    assert all(check_digit(barcode[:12]) == barcode[12] for barcode in barcodes)


def test_order_totals_are_the_sum_of_their_parts(demo: Database) -> None:
    parts = statement(
        select(
            orders.c.total_minor,
            orders.c.shipping_minor,
            func.sum(order_lines.c.net_minor),
        )
        .join(order_lines, order_lines.c.order_id == orders.c.id)
        .group_by(orders.c.id, orders.c.total_minor, orders.c.shipping_minor)
    )
    with demo.reading() as connection:
        rows = connection.rows(parts)
    assert len(rows) == 30
    assert all(total == shipping + lines for total, shipping, lines in rows)


def test_past_orders_have_reached_their_buyers_and_left_the_stock(demo: Database) -> None:
    one = statement(
        select(
            orders.c.state, orders.c.fulfilment_status, orders.c.delivered_at, orders.c.placed_at
        )
    )
    with demo.reading() as connection:
        rows = connection.rows(one)
        broken = broken_by(connection)
    old = [row for row in rows if row[3] < NOW - 30 * DAY]
    assert {"COMPLETED"} <= {row[0] for row in old} <= {"COMPLETED", "CANCELLED"}
    assert all(row[1] == "DELIVERED" for row in old if row[0] == "COMPLETED")
    assert all(row[2] is not None and row[2] < NOW for row in old if row[0] == "COMPLETED")
    assert len(old) > len(rows) / 2
    kept = (
        "a stock level is not the sum of its ledger",
        "what is reserved is not what orders hold",
    )
    assert [rule for rule in kept if rule in broken] == []


def test_somebody_is_half_through_a_pick_list(demo: Database) -> None:
    lines = statement(select(pick_list_lines.c.quantity, pick_list_lines.c.picked))
    with demo.reading() as connection:
        counts = connection.rows(lines)
    assert sum(quantity for quantity, _ in counts) > sum(picked for _, picked in counts)


def test_the_open_cart_shows_the_promotions_at_work(demo: Database) -> None:
    with demo.reading() as connection:
        cart = find_cart(connection, CART_TOKEN, actor=GUEST)
        assert cart is not None
        lines = cart_lines_of(connection, cart, now=NOW)
        pricing = price_cart(connection, cart, lines, desk=price_desk(own_hooks()), now=NOW)
    outcomes = {entry.promotion_id: entry.outcome.value for entry in pricing.priced.trace}
    assert "APPLIED" in outcomes.values()
    assert len(outcomes) >= 3
    assert pricing.priced.totals.discount_minor > 0
    assert lines[0].sku == demo_shop(demo).sku


def test_a_second_seeding_is_refused_and_changes_nothing(demo: Database, tmp_path: Path) -> None:
    before = all_rows(demo)
    with pytest.raises(AlreadySeeded):
        seed_small(demo, tmp_path)
    assert all_rows(demo) == before


def test_an_interrupted_seeding_leaves_nothing_and_can_be_done_again(
    database: Database, tmp_path: Path
) -> None:
    def stop(label: str, done: int, total: int) -> None:
        if label == "orders":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed_demo(
            database, media_dir=tmp_path, products=10, customers=3, orders=20, now=NOW,
            images=False, progress=stop,
        )  # fmt: skip
    assert not is_seeded(database)
    assert not any(all_rows(database).values())
    assert seed_small(database, tmp_path).orders == 30


def test_rows_added_to_the_shop_afterwards_get_free_numbers(
    database: Database, tmp_path: Path
) -> None:
    seed_small(database, tmp_path)
    for table in (tags, product_types, warehouses, customer_groups):
        add = statement(insert(table).returning(table.c.id), "slug", "name")
        with database.reading() as connection:
            last = connection.scalar(statement(select(func.max(table.c.id))))
        added = database.write(
            lambda connection, add=add: connection.scalar(add, slug="x", name="X")
        )
        assert added == last + 1


def test_a_shop_is_filled_around_what_was_set_up_before(database: Database, tmp_path: Path) -> None:
    add = statement(insert(customer_groups), "slug", "name")
    database.write(lambda connection: connection.run(add, slug="mine", name="Mine"))
    assert seed_small(database, tmp_path).orders == 30
    with database.reading() as connection:
        groups = connection.rows(statement(select(customer_groups.c.slug).order_by("id")))
    assert [group[0] for group in groups] == ["mine", "vip", "wholesale"]


@pytest.mark.parametrize(("typed", "name"), [("头戴耳机", "Headphones"), ("teapot", "茶壶")])
def test_goods_are_found_in_chinese_and_english(demo: Database, typed: str, name: str) -> None:
    found = hits(ranked=False).subquery()
    find = statement(select(products.c.name).join(found, found.c.id == products.c.id))
    terms = typed_terms(typed)
    assert terms
    with demo.reading() as connection:
        names = [row[0] for row in connection.rows(find, **terms.params)]
    assert names
    assert any(name in found for found in names)


def test_the_demo_password_is_noticed_until_it_is_changed(
    database: Database, tmp_path: Path
) -> None:
    assert not has_demo_password(database)
    seed_small(database, tmp_path)
    assert has_demo_password(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE staff_members SET password_hash = 'changed'"))
    assert not has_demo_password(database)


def test_a_shop_without_customers_or_orders_can_be_made(database: Database, tmp_path: Path) -> None:
    made = seed_demo(
        database, media_dir=tmp_path, products=4, customers=0, orders=5, now=NOW, images=False
    )
    assert (made.products, made.customers, made.orders) == (4, 0, 0)


def test_every_product_has_as_many_variants_as_the_benchmark_asks(
    database: Database, tmp_path: Path
) -> None:
    made = seed_demo(
        database, media_dir=tmp_path, products=53, customers=1, orders=0, now=NOW, images=False,
        variants=3,
    )  # fmt: skip
    assert made.variants == 159

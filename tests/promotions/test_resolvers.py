"""Reads of promotions: only what is asked for, in as many statements as there are relations."""

from __future__ import annotations

from storeql.db import Database, Selection
from storeql.db.paging import PageRequest
from storeql.promotions.builtin.spend_threshold import SpendThresholdRule
from storeql.promotions.records import GiftStock
from storeql.promotions.resolvers import PromotionFilter, View, promotion, promotions_page
from storeql.promotions.types import PromotionTypes
from tests.promotions.orders import cancel, place
from tests.promotions.shop import (
    CUP,
    NOW,
    TYPES,
    draft,
    gift,
    gift_stock,
    open_shop,
    running,
    threshold,
)

EVERYTHING = Selection.of_names(
    "total_count",
    "page_info",
    *(
        f"nodes.{name}"
        for name in ("name", "rule", "scope", "usage_count", "code_count", "gift_stocks", "status")
    ),
)


def test_the_statements_of_a_listing_do_not_grow_with_promotions(database: Database) -> None:
    open_shop(database)
    counts = []
    for size in (1, 9):
        for _ in range(size):
            draft(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(2))
        with database.reading() as connection:
            page = promotions_page(
                connection,
                EVERYTHING,
                view=View(TYPES, NOW),
                page=PageRequest(first=100),
                filter=PromotionFilter(),
            )
            counts.append((connection.count, page.total_count))

    assert counts == [(5, 1), (5, 10)]


def test_a_name_alone_costs_one_statement_and_reads_no_rule(database: Database) -> None:
    open_shop(database)
    key = draft(database, "SPEND_THRESHOLD", threshold("300", "50"))
    seen: list[str] = []
    database.recorder = seen.append

    with database.reading() as connection:
        found = promotion(connection, key, Selection.of_names("name"), view=View(TYPES, NOW))

    assert found is not None
    assert (found.name, found.rule) == ("Spend_Threshold", None)
    assert len(seen) == 1
    assert "promotions.rule" not in seen[0]


def test_what_orders_hold_is_counted_and_what_they_gave_back_is_not(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, "SPEND_THRESHOLD", threshold("300", "50"))
    for order_id in (1, 2, 3):
        place(database, sets, order_id)
    cancel(database, 2)

    with database.reading() as connection:
        found = promotion(
            connection, key, Selection.of_names("usage_count", "granted"), view=View(TYPES, NOW)
        )

    assert found is not None
    assert (found.usage_count, found.granted_minor) == (2, 10_000)


def test_gift_stocks_come_with_what_is_used(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(5))
    place(database, sets, 1)

    with database.reading() as connection:
        found = promotion(connection, key, Selection.of_names("gift_stocks"), view=View(TYPES, NOW))

    assert found is not None
    assert found.gift_stocks == (GiftStock(variant_id=CUP, quantity=5, used=1),)


def test_a_rule_whose_plugin_is_gone_keeps_its_json(database: Database) -> None:
    open_shop(database)
    key = draft(database, "SPEND_THRESHOLD", threshold("300", "50"))
    wanted = Selection.of_names("rule", "lane")

    with database.reading() as connection:
        known = promotion(connection, key, wanted, view=View(TYPES, NOW))
        gone = promotion(connection, key, wanted, view=View(PromotionTypes([]), NOW))

    assert known is not None
    assert gone is not None
    assert isinstance(known.rule, SpendThresholdRule)
    assert (gone.rule, gone.lane) == (None, None)
    assert '"off_minor":5000' in gone.rule_json

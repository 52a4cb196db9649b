"""The linter: what can never be, what goes under its cost, what stands in another's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Table, insert

from storeql.catalog.tables import publications, stock_levels, variant_prices, warehouses
from storeql.db import Database, statement
from storeql.errors import Rejected
from storeql.pricing import Conditions, Scope, Selection, Window
from storeql.promotions.active import ActiveSets
from storeql.promotions.lint import Finding, Linter, Severity
from storeql.promotions.lint.windows import first_open
from storeql.promotions.set_up.stored import read_promotion
from tests.promotions.shop import (
    BOOK,
    CUP,
    DAY,
    NOW,
    PHONE,
    PRICES,
    TYPES,
    activate,
    draft,
    gift,
    linter,
    open_shop,
    running,
    threshold,
)

COSTS = {PHONE: 24_000, BOOK: 5_000, CUP: None}
STOCK = 10
ZONE = ZoneInfo("Asia/Shanghai")
PERCENT = "percent_off_basis_points"


@pytest.fixture
def sets(database: Database) -> ActiveSets:
    """The shop with its three products for sale: phone 300 (cost 240), book 200 (50), cup 15."""
    opened = open_shop(database)
    rows: list[tuple[Table, list[dict[str, Any]]]] = [
        (warehouses, [{"id": 1, "slug": "main", "name": "Main"}]),
        (
            publications,
            [{"product_id": key, "channel_id": 1, "published_at": NOW - 1} for key in PRICES],
        ),
        (
            variant_prices,
            [
                {
                    "variant_id": key,
                    "channel_id": 1,
                    "price_minor": PRICES[key],
                    "cost_minor": COSTS[key],
                }
                for key in PRICES
            ],
        ),
        (
            stock_levels,
            [{"variant_id": key, "warehouse_id": 1, "on_hand": STOCK} for key in PRICES],
        ),
    ]
    for table, entries in rows:
        database.write(lambda c, t=table, e=entries: c.run_many(statement(insert(t), *e[0]), e))
    return opened


def findings(database: Database, sets: ActiveSets, key: int) -> Sequence[Finding]:
    """What the linter says of it beside what is switched on."""
    with database.reading() as connection:
        stored = read_promotion(connection, key, TYPES)
        assert stored is not None
        found = Linter(active=sets.current(connection), types=TYPES, zone=ZONE, now=NOW)
        return found.findings(connection, stored)


def codes(database: Database, sets: ActiveSets, key: int) -> list[str]:
    return [finding.code for finding in findings(database, sets, key)]


def only(*keys: int) -> Scope:
    return Scope(include=Selection(product_ids=frozenset(map(str, keys))))


def test_an_ordinary_promotion_has_nothing_to_say(database: Database, sets: ActiveSets) -> None:
    running(database, "PERCENTAGE", {PERCENT: "5"}, scope=only(CUP))
    key = draft(database, "SPEND_THRESHOLD", threshold("300", "10"))

    assert findings(database, sets, key) == ()


def test_a_price_below_cost_is_found_by_trying_the_rule_on_the_catalogue(
    database: Database, sets: ActiveSets
) -> None:
    fair = draft(database, "PERCENTAGE", {PERCENT: "20"})
    under = draft(database, "PERCENTAGE", {PERCENT: "20.01"})
    off = draft(database, "SPEND_THRESHOLD", threshold("600", "121"))

    assert codes(database, sets, fair) == []
    for key in (under, off):
        [found] = findings(database, sets, key)
        assert (found.code, found.severity) == ("BELOW_COST", Severity.WARNING)
        assert found.variant_ids == (PHONE,)
        assert found.promotions[0].promotion_id == key
        assert "1 variants" in found.message.en
        assert "低于成本" in found.message.zh


def test_a_higher_tier_below_cost_is_found_too(database: Database, sets: ActiveSets) -> None:
    tiers = [{"from_minor": "300", "off_minor": "10"}, {"from_minor": "600", "off_minor": "200"}]
    key = draft(database, "SPEND_THRESHOLD", {"tiers": tiers}, scope=only(PHONE))

    assert codes(database, sets, key) == ["BELOW_COST"]


def test_a_threshold_that_all_the_stock_does_not_reach(
    database: Database, sets: ActiveSets
) -> None:
    in_stock = STOCK * PRICES[CUP] // 100
    reached = draft(database, "SPEND_THRESHOLD", threshold(str(in_stock), "1"), scope=only(CUP))
    never = draft(database, "SPEND_THRESHOLD", threshold(str(in_stock + 1), "1"), scope=only(CUP))

    assert codes(database, sets, reached) == []
    [found] = findings(database, sets, never)
    assert found.code == "THRESHOLD_OUT_OF_REACH"
    assert "CNY 151.00" in found.message.en
    assert "CNY 150.00" in found.message.zh


def test_a_budget_that_no_order_fits_into_blocks_activation(
    database: Database, sets: ActiveSets
) -> None:
    fits = draft(database, "SPEND_THRESHOLD", threshold("200", "20"), budget="20")
    small = draft(database, "SPEND_THRESHOLD", threshold("200", "20"), budget="19.99")

    assert codes(database, sets, fits) == []
    assert codes(database, sets, small) == ["BUDGET_TOO_SMALL"]
    with pytest.raises(Rejected) as refused:
        activate(database, small)
    assert [problem.code for problem in refused.value.problems] == ["BUDGET_TOO_SMALL"]
    activate(database, fits)


def test_a_scope_with_nothing_for_sale(database: Database, sets: ActiveSets) -> None:
    scope = Scope(include=Selection(category_ids=frozenset({"1"})))
    key = draft(database, "PERCENTAGE", {PERCENT: "5"}, scope=scope)

    assert codes(database, sets, key) == ["NOTHING_IN_SCOPE"]


def test_a_currency_that_no_channel_sells_in_blocks_activation(
    database: Database, sets: ActiveSets
) -> None:
    key = draft(database, "SPEND_THRESHOLD", threshold("200", "20"), currency="USD")

    assert codes(database, sets, key) == ["NO_CHANNEL"]
    with pytest.raises(Rejected):
        activate(database, key)


def test_one_that_is_never_open_blocks_activation(database: Database, sets: ActiveSets) -> None:
    weekend = Conditions(window=Window(weekdays=(6, 7)))
    key = draft(
        database,
        "PERCENTAGE",
        {PERCENT: "5"},
        conditions=weekend,
        starts_at=NOW,
        ends_at=NOW + DAY,
    )

    assert codes(database, sets, key) == ["NEVER_OPEN"]
    with pytest.raises(Rejected):
        activate(database, key)


@pytest.mark.parametrize(
    ("window", "opens"),
    [
        (Window(), "2025-11-25T00:00:00+08:00"),
        (Window(from_minute=600, until_minute=720), "2025-11-25T10:00:00+08:00"),
        (Window(weekdays=(1,)), "2025-12-01T00:00:00+08:00"),
        (Window(weekdays=(1,), from_minute=1320, until_minute=60), "2025-11-25T00:00:00+08:00"),
        (Window(weekdays=(7,), from_minute=1320, until_minute=60), "2025-11-30T22:00:00+08:00"),
        (Window(ends_at=datetime(2025, 11, 24, 16, tzinfo=UTC)), None),
        (
            Window(
                ends_at=datetime(2025, 11, 25, 2, tzinfo=UTC), from_minute=600, until_minute=700
            ),
            None,
        ),
    ],
)
def test_the_first_instant_at_which_a_window_is_open(window: Window, opens: str | None) -> None:
    now = datetime.fromtimestamp(NOW / 1000, UTC)  # a Tuesday at midnight in Shanghai

    found = first_open(window, zone=ZONE, now=now)

    assert found == (None if opens is None else datetime.fromisoformat(opens))


def test_two_of_one_exclusion_group_can_never_both_apply(
    database: Database, sets: ActiveSets
) -> None:
    other = running(database, "PERCENTAGE", {PERCENT: "1"}, exclusion_group="sale", name="一折")
    key = draft(database, "SPEND_THRESHOLD", threshold("200", "20"), exclusion_group="sale")

    [found] = findings(database, sets, key)

    assert (found.code, found.severity) == ("NEVER_TOGETHER", Severity.WARNING)
    assert [one.promotion_id for one in found.promotions] == [key, other]
    assert "一折" in found.message.zh


def test_windows_that_do_not_meet_exclude_nothing(database: Database, sets: ActiveSets) -> None:
    more = {"exclusion_group": "sale", "starts_at": NOW, "ends_at": NOW + DAY}
    running(database, "PERCENTAGE", {PERCENT: "1"}, **more)
    later = {"exclusion_group": "sale", "starts_at": NOW + DAY, "ends_at": NOW + 2 * DAY}
    key = draft(database, "SPEND_THRESHOLD", threshold("200", "20"), **later)

    assert codes(database, sets, key) == []


def test_two_free_deliveries_can_never_both_apply(database: Database, sets: ActiveSets) -> None:
    rule = {"off_minor": "5"}
    running(database, "SHIPPING_DISCOUNT", rule)
    key = draft(database, "SHIPPING_DISCOUNT", rule)

    assert codes(database, sets, key) == ["NEVER_TOGETHER"]


def test_stacking_that_its_exclusion_group_forbids_blocks_activation(
    database: Database, sets: ActiveSets
) -> None:
    both = {"exclusion_group": "sale", "stacking_group": "s", "stackable_with": ("s",)}
    running(database, "PERCENTAGE", {PERCENT: "1"}, **both)
    key = draft(database, "SPEND_THRESHOLD", threshold("200", "20"), **both)

    assert codes(database, sets, key) == ["STACKING_CONTRADICTED", "NEVER_TOGETHER"]
    assert findings(database, sets, key)[0].severity is Severity.BLOCKING


def test_stacking_that_only_one_side_names(database: Database, sets: ActiveSets) -> None:
    running(database, "SPEND_THRESHOLD", threshold("300", "1"), stacking_group="a")
    key = draft(
        database,
        "VOUCHER_DISCOUNT",
        {"off_minor": "10"},
        stacking_group="b",
        stackable_with=("a",),
    )
    same_lane = draft(
        database,
        "SPEND_THRESHOLD",
        threshold("200", "2"),
        stacking_group="b",
        stackable_with=("a",),
    )

    assert codes(database, sets, key) == []
    assert "ONE_SIDED_STACKING" in codes(database, sets, same_lane)


def test_one_that_never_saves_more_than_another_is_shadowed(
    database: Database, sets: ActiveSets
) -> None:
    better = running(database, "PERCENTAGE", {PERCENT: "10"}, name="九折")
    worse = draft(database, "PERCENTAGE", {PERCENT: "5"}, scope=only(BOOK, CUP))
    wider = draft(
        database, "PERCENTAGE", {PERCENT: "5"}, conditions=Conditions(payment_methods=("card",))
    )
    good = draft(database, "PERCENTAGE", {PERCENT: "11"}, scope=only(BOOK))

    for key in (worse, wider):
        [found] = findings(database, sets, key)
        assert found.code == "SHADOWED"
        assert [one.promotion_id for one in found.promotions] == [key, better]
        assert "“九折”" in found.message.en
    assert codes(database, sets, good) == []


def test_one_that_would_shadow_another_is_told_as_well(
    database: Database, sets: ActiveSets
) -> None:
    running(database, "PERCENTAGE", {PERCENT: "5"}, name="九五折")
    key = draft(database, "PERCENTAGE", {PERCENT: "10"}, name="九折")

    [found] = findings(database, sets, key)

    assert found.code == "SHADOWED"
    assert found.message.en.startswith("“九五折” never saves more than “九折”")


def test_one_for_fewer_buyers_shadows_nothing(database: Database, sets: ActiveSets) -> None:
    running(database, "PERCENTAGE", {PERCENT: "10"}, conditions=Conditions(tiers=("gold",)))
    key = draft(database, "PERCENTAGE", {PERCENT: "5"})

    assert codes(database, sets, key) == []


def test_a_draft_without_a_rule_has_nothing_to_try(database: Database, sets: ActiveSets) -> None:
    key = draft(database, "PERCENTAGE", {PERCENT: "5"})
    with database.reading() as connection:
        stored = read_promotion(connection, key, TYPES)
        assert stored is not None
        bare = type(stored)(id=key, kind="PERCENTAGE")
        assert linter().findings(connection, bare) == ()


def test_what_is_read_does_not_grow_with_goods_or_promotions(
    database: Database, sets: ActiveSets
) -> None:
    key = draft(database, "GIFT_WITH_PURCHASE", gift(CUP))
    counts = []
    for _ in range(2):
        for _ in range(3):
            running(database, "SPEND_THRESHOLD", threshold("300", "10"))
        with database.reading() as connection:
            stored = read_promotion(connection, key, TYPES)
            assert stored is not None
            found = Linter(active=sets.current(connection), types=TYPES, zone=ZONE, now=NOW)
            before = connection.count
            found.findings(connection, stored)
            counts.append(connection.count - before)

    assert counts == [3, 3]

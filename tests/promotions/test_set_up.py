"""Setting promotions up: every problem at once and at its field, every change a version."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from storeql.db import Database
from storeql.errors import Problem, Rejected, StaleVersion
from storeql.pricing import Conditions, FunderShare, Scope, Selection, Window
from storeql.promotions.set_up.create import create_promotion
from storeql.promotions.set_up.inputs import GiftStockInput, PromotionChange, RuleInput
from storeql.promotions.set_up.update import update_promotion
from storeql.promotions.tables import gift_stocks, promotion_versions, promotions
from tests.promotions.shop import (
    BOOK,
    CUP,
    DAY,
    NOW,
    STAFF,
    TYPES,
    draft,
    gift,
    gift_stock,
    line,
    open_shop,
    priced,
    rows,
    running,
    threshold,
    total,
)

SPEND = RuleInput("SPEND_THRESHOLD", threshold("300", "50"))


def problems(database: Database, **given: Any) -> dict[str, str]:
    """Code by field of what is wrong with an input for a new promotion."""
    change = PromotionChange(**{"name": "Sale", "currency": "CNY", "rule": SPEND, **given})
    with pytest.raises(Rejected) as refusal:
        database.write(lambda c: create_promotion(c, change, types=TYPES, actor=STAFF, now=NOW))
    assert rows(database, promotions, "id") == []
    return {".".join(found.field or ()): found.code for found in refusal.value.problems}


def update(database: Database, key: int, version: int, **given: Any) -> None:
    database.write(
        lambda c: update_promotion(
            c,
            key,
            PromotionChange(**given),
            expected_version=version,
            types=TYPES,
            actor=STAFF,
            now=NOW + 1,
        )
    )


def refused(database: Database, key: int, version: int, **given: Any) -> list[Problem]:
    with pytest.raises(Rejected) as refusal:
        update(database, key, version, **given)
    return refusal.value.problems


def test_all_problems_come_at_once_each_at_its_field(database: Database) -> None:
    open_shop(database)

    found = problems(
        database,
        name=" ",
        currency="XXX",
        priority=0,
        starts_at=NOW,
        ends_at=NOW,
        usage_limit=0,
        budget="1.001",
        scope=Scope(
            include=Selection(product_ids=frozenset({"1", "99"})),
            exclude=Selection(tag_ids=frozenset({"7"})),
        ),
        conditions=Conditions(
            window=Window(weekdays=(0,), from_minute=60, until_minute=60),
            channels=("web", "moon"),
            group_ids=("5",),
        ),
        funders=(FunderShare("shop", 9_000),),
        stacking_group="",
    )

    assert found == {
        "name": "REQUIRED",
        "currency": "UNKNOWN_CURRENCY",
        "priority": "OUT_OF_RANGE",
        "endsAt": "ENDS_BEFORE_START",
        "usageLimit": "OUT_OF_RANGE",
        "budget": "TOO_PRECISE",
        "scope.include.productIds": "NOT_FOUND",
        "scope.exclude.tagIds": "NOT_FOUND",
        "audience.channels.1": "NOT_FOUND",
        "audience.groupIds": "NOT_FOUND",
        "audience.weekdays": "OUT_OF_RANGE",
        "audience.untilMinute": "EMPTY_WINDOW",
        "funders": "PARTS_MISS_WHOLE",
        "stackingGroup": "REQUIRED",
    }


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("NO_SUCH_KIND", {}, {"rule": "UNKNOWN_KIND"}),
        ("SPEND_THRESHOLD", {}, {"rule.spendThreshold.tiers": "REQUIRED"}),
        ("SPEND_THRESHOLD", {"tiers": []}, {"rule.spendThreshold.tiers": "REQUIRED"}),
        (
            "SPEND_THRESHOLD",
            threshold("100.001", "0"),
            {
                "rule.spendThreshold.tiers.0.from": "TOO_PRECISE",
                "rule.spendThreshold.tiers.0.off": "OUT_OF_RANGE",
            },
        ),
        (
            "SPEND_THRESHOLD",
            threshold("100", "101"),
            {"rule.spendThreshold.tiers.0": "INVALID_RULE"},
        ),
        (
            "PERCENTAGE",
            {"percent_off_basis_points": "100.5"},
            {"rule.percentage.percentOff": "OUT_OF_RANGE"},
        ),
        (
            "PERCENTAGE",
            {"percent_off_basis_points": None},
            {"rule.percentage.percentOff": "REQUIRED"},
        ),
        ("VOUCHER_DISCOUNT", {}, {"rule.voucherDiscount": "INVALID_RULE"}),
        (
            "GIFT_WITH_PURCHASE",
            {"gifts": ["99"], "from_minor": "1"},
            {"rule.giftWithPurchase.gifts": "NOT_FOUND"},
        ),
    ],
)
def test_a_rule_is_refused_at_the_field_that_is_wrong(
    database: Database, kind: str, values: dict[str, Any], expected: dict[str, str]
) -> None:
    open_shop(database)

    assert problems(database, rule=RuleInput(kind, values)) == expected


def test_amounts_are_read_in_the_promotions_currency(database: Database) -> None:
    open_shop(database)

    draft(database, "SPEND_THRESHOLD", threshold("300.50", "50"))
    draft(database, "SPEND_THRESHOLD", threshold("300", "50"), currency="JPY")
    draft(database, "SPEND_THRESHOLD", threshold("300.505", "50"), currency="KWD")

    stored = [msgspec.json.decode(rule) for (rule,) in rows(database, promotions, "rule")]
    tiers = sorted(rule["tiers"][0]["from_minor"] for rule in stored)
    assert tiers == [300, 30_050, 300_505]
    wrong = problems_with_decimals(database)
    assert wrong == {"rule.spendThreshold.tiers.0.from": "TOO_PRECISE"}


def problems_with_decimals(database: Database) -> dict[str, str]:
    change = PromotionChange(
        name="Sale",
        currency="JPY",
        rule=RuleInput("SPEND_THRESHOLD", threshold("300.5", "50")),
    )
    with pytest.raises(Rejected) as refusal:
        database.write(lambda c: create_promotion(c, change, types=TYPES, actor=STAFF, now=NOW))
    return {".".join(found.field or ()): found.code for found in refusal.value.problems}


def test_a_rule_with_amounts_needs_a_currency_and_a_percentage_does_not(
    database: Database,
) -> None:
    open_shop(database)

    assert problems(database, currency=None) == {"currency": "REQUIRED"}
    draft(database, "PERCENTAGE", {"percent_off_basis_points": "12.5"}, currency=None)

    assert rows(database, promotions, "currency", "rule") == [
        ("", '{"percent_off_basis_points":1250}')
    ]


def test_gift_stock_is_for_the_gifts_of_the_rule_each_once(database: Database) -> None:
    open_shop(database)

    found = problems(
        database,
        rule=RuleInput("GIFT_WITH_PURCHASE", gift(CUP)),
        gift_stocks=(GiftStockInput(BOOK, 1), GiftStockInput(CUP, -1), GiftStockInput(CUP, 1)),
    )

    assert found == {
        "giftStocks.0.variantId": "NOT_A_GIFT",
        "giftStocks.1.quantity": "OUT_OF_RANGE",
        "giftStocks.2.variantId": "DUPLICATE",
    }


def test_every_change_keeps_a_version_and_an_old_one_is_refused(database: Database) -> None:
    open_shop(database)
    key = draft(database, "SPEND_THRESHOLD", threshold("300", "50"))

    update(database, key, 1, name="Better sale", priority=5)
    (stale,) = refused(database, key, 1, name="Lost update")

    assert isinstance(stale, StaleVersion)
    assert (stale.current, list(stale.field or ())) == (2, ["expectedVersion"])
    kept = rows(database, promotion_versions, "version", "snapshot", "actor", "at")
    names = [(version, msgspec.json.decode(text)["name"]) for version, text, *_ in kept]
    assert names == [(1, "Spend_Threshold"), (2, "Better sale")]
    assert kept[1][2:] == ("staff:3", NOW + 1)
    assert msgspec.json.decode(kept[1][1])["rule"]["tiers"][0]["off_minor"] == 5_000


def test_an_edit_of_a_running_promotion_prices_the_next_cart(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, "SPEND_THRESHOLD", threshold("300", "50"))
    assert total(database, sets, line(1)) == 25_000

    update(database, key, 2, rule=RuleInput("SPEND_THRESHOLD", threshold("300", "60")))

    cart = priced(database, sets, line(1))
    assert cart.totals.total_minor == 24_000
    assert cart.lines[0].allocations[0].version == 3


def test_a_running_promotion_keeps_its_kind_and_currency(database: Database) -> None:
    open_shop(database)
    key = running(database, "SPEND_THRESHOLD", threshold("300", "50"))

    percent = RuleInput("PERCENTAGE", {"percent_off_basis_points": "10"})
    found = refused(database, key, 2, rule=percent, currency="JPY")

    assert {problem.code for problem in found} == {"KIND_IS_FIXED", "CURRENCY_IS_FIXED"}


def test_a_draft_in_another_currency_needs_its_amounts_again(database: Database) -> None:
    open_shop(database)
    key = draft(database, "SPEND_THRESHOLD", threshold("300", "50"))

    (found,) = refused(database, key, 1, currency="JPY")
    update(
        database,
        key,
        1,
        currency="JPY",
        rule=RuleInput("SPEND_THRESHOLD", threshold("6000", "1000")),
    )

    assert found.code == "AMOUNTS_NEEDED"
    assert rows(database, promotions, "currency", "version") == [("JPY", 2)]


def test_an_unknown_promotion_is_refused(database: Database) -> None:
    (found,) = refused(database, 404, 1, name="x")

    assert (found.code, list(found.field or ())) == ("NOT_FOUND", ["id"])


def test_gift_stocks_are_replaced_as_a_list(database: Database) -> None:
    open_shop(database)
    key = draft(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(5))

    update(database, key, 1, gift_stocks=gift_stock(8))
    assert rows(database, gift_stocks, "variant_id", "quantity", "used") == [(CUP, 8, 0)]

    update(database, key, 2, gift_stocks=())
    assert rows(database, gift_stocks, "variant_id") == []


def test_a_window_is_kept_in_columns_and_hours_in_the_terms(database: Database) -> None:
    sets = open_shop(database)
    hours = Conditions(window=Window(weekdays=(6, 7), from_minute=600, until_minute=720))
    running(
        database,
        "SPEND_THRESHOLD",
        threshold("300", "50"),
        starts_at=NOW - DAY,
        ends_at=NOW + 7 * DAY,
        conditions=hours,
    )

    with database.reading() as connection:
        (entry,) = sets.current(connection).promotions

    window = entry.promotion.conditions.window
    assert (window.weekdays, window.from_minute, window.until_minute) == ((6, 7), 600, 720)
    assert window.starts_at is not None
    assert window.starts_at.timestamp() * 1000 == NOW - DAY

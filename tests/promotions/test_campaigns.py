"""Campaigns: one budget over several promotions, and promotions that keep to their campaign."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from storeql.db import Database, Selection
from storeql.errors import Rejected
from storeql.pricing import Scope
from storeql.pricing import Selection as Chosen
from storeql.promotions.campaigns.reads import Campaign, campaigns_by_id
from storeql.promotions.campaigns.save import (
    CampaignChange,
    create_campaign,
    delete_campaign,
    update_campaign,
)
from storeql.promotions.problems import CampaignExhausted
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.set_up.update import update_promotion
from storeql.promotions.tables import campaigns, redemptions
from tests.promotions.orders import TOGETHER, cancel, place, refusal, together
from tests.promotions.shop import (
    BOOK,
    DAY,
    NOW,
    PHONE,
    STAFF,
    TYPES,
    basket_for,
    draft,
    line,
    open_shop,
    outcomes,
    priced,
    rows,
    running,
    threshold,
    total,
)

SPEND = ("SPEND_THRESHOLD", threshold("300", "50"))
TEN_OFF = ("PERCENTAGE", {"percent_off_basis_points": "10"})


def campaign(database: Database, **given: Any) -> int:
    wanted = CampaignChange(**{"name": "Double 11", "currency": "CNY", **given})
    return database.write(lambda c: create_campaign(c, wanted, now=NOW))


def change(database: Database, key: int, version: int = 1, **given: Any) -> None:
    wanted = CampaignChange(**given)
    database.write(lambda c: update_campaign(c, key, wanted, expected_version=version, now=NOW))


def move(database: Database, promotion: int, version: int, **given: Any) -> None:
    database.write(
        lambda c: update_promotion(
            c,
            promotion,
            PromotionChange(**given),
            expected_version=version,
            types=TYPES,
            actor=STAFF,
            now=NOW,
        )
    )


def used(database: Database) -> list[tuple[Any, ...]]:
    return rows(database, campaigns, "budget_minor", "budget_used_minor")


def read(database: Database, key: int) -> Campaign:
    with database.reading() as connection:
        wanted = Selection.of_names("granted", "promotion_count")
        return campaigns_by_id(connection, [key], wanted)[key]


def errors(work: Any) -> set[tuple[str, str]]:
    with pytest.raises(Rejected) as refused:
        work()
    return {(".".join(one.field or ()), one.code) for one in refused.value.problems}


def test_a_budget_holds_over_all_promotions_of_a_campaign(database: Database) -> None:
    sets = open_shop(database)
    key = campaign(database, budget="95")
    spend = running(database, *SPEND, campaign_id=key)
    ten = running(database, *TEN_OFF, campaign_id=key, **scoped(BOOK))

    assert place(database, sets, 1, line(PHONE)) == 25_000
    assert place(database, sets, 2, line(BOOK)) == 18_000

    assert used(database) == [(9_500, 7_000)]
    assert outcomes(priced(database, sets, line(PHONE))) == {str(spend): "EXHAUSTED"}
    assert outcomes(priced(database, sets, line(BOOK)))[str(ten)] == "APPLIED"
    assert (read(database, key).granted_minor, read(database, key).promotion_count) == (7_000, 2)


def scoped(variant: int) -> dict[str, Any]:
    return {"scope": Scope(include=Chosen(variant_ids=frozenset({str(variant)})))}


def test_a_cart_that_would_exceed_the_budget_alone_loses_the_last_promotion(
    database: Database,
) -> None:
    sets = open_shop(database)
    key = campaign(database, budget="60")
    first = running(database, *TEN_OFF, campaign_id=key, priority=1, **scoped(PHONE))
    last = running(database, "SPEND_THRESHOLD", threshold("400", "40"), campaign_id=key)

    cart = priced(database, sets, line(PHONE), line(BOOK))

    assert outcomes(cart) == {str(first): "APPLIED", str(last): "EXHAUSTED"}
    entry = next(one for one in cart.trace if one.promotion_id == str(last))
    assert (entry.condition, entry.expected, entry.found, entry.shortfall) == (
        "campaign_budget_minor",
        7_000,
        6_000,
        1_000,
    )
    assert place(database, sets, 1, line(PHONE), line(BOOK)) == 47_000
    assert used(database) == [(6_000, 3_000)]


def test_an_order_that_the_budget_does_not_hold_any_more_is_refused(database: Database) -> None:
    sets = open_shop(database)
    key = campaign(database, budget="50")
    running(database, *SPEND, campaign_id=key)
    with database.reading() as connection:
        before = basket_for(connection, sets, line(PHONE))
    place(database, sets, 1)

    problem = refusal(lambda: place(database, sets, 2, priced_before=before))

    assert isinstance(problem, CampaignExhausted)
    assert (problem.campaign_id, problem.campaign_name) == (key, "Double 11")
    assert len(rows(database, redemptions, "id")) == 1


def test_an_undone_order_gives_the_money_back_to_the_campaign_it_was_taken_from(
    database: Database,
) -> None:
    sets = open_shop(database)
    old, new = campaign(database, budget="100"), campaign(database, budget="200")
    key = running(database, *SPEND, campaign_id=old)
    place(database, sets, 1)
    move(database, key, 2, campaign_id=new)
    place(database, sets, 2)
    assert used(database) == [(10_000, 5_000), (20_000, 5_000)]

    assert (cancel(database, 1), cancel(database, 1)) == (True, False)

    assert used(database) == [(10_000, 0), (20_000, 5_000)]


def test_a_campaign_without_a_budget_has_no_counter_and_gets_a_true_one_later(
    database: Database,
) -> None:
    sets = open_shop(database)
    key = campaign(database)
    running(database, *SPEND, campaign_id=key)
    for order_id in (1, 2, 3):
        place(database, sets, order_id)
    cancel(database, 3)
    assert used(database) == [(None, 0)]

    low = errors(lambda: change(database, key, budget="99.99"))
    change(database, key, budget="120")

    assert low == {("budget", "LIMIT_BELOW_USED")}
    assert used(database) == [(12_000, 10_000)]
    assert total(database, sets, line(PHONE)) == 30_000


def test_promotions_keep_to_the_window_and_the_currency_of_their_campaign(
    database: Database,
) -> None:
    open_shop(database)
    key = campaign(database, starts_at=NOW, ends_at=NOW + DAY)
    window = {"starts_at": NOW, "ends_at": NOW + DAY}

    wrong = errors(
        lambda: draft(database, *TEN_OFF, currency=None, campaign_id=key, starts_at=NOW - 1)
    )
    missing = errors(lambda: draft(database, *TEN_OFF, campaign_id=99))
    draft(database, *TEN_OFF, campaign_id=key, **window)
    narrower = errors(lambda: change(database, key, ends_at=NOW + DAY - 1, currency="USD"))
    change(database, key, ends_at=None)

    assert wrong == {
        ("currency", "CURRENCY_MISMATCH"),
        ("startsAt", "OUTSIDE_CAMPAIGN"),
        ("endsAt", "OUTSIDE_CAMPAIGN"),
    }
    assert missing == {("campaignId", "NOT_FOUND")}
    assert narrower == {("endsAt", "OUTSIDE_CAMPAIGN"), ("currency", "CURRENCY_IS_FIXED")}


def test_promotions_that_are_over_do_not_hold_a_campaign_back(database: Database) -> None:
    open_shop(database)
    key = campaign(database)
    draft(database, *TEN_OFF, campaign_id=key, starts_at=NOW - DAY, ends_at=NOW)
    draft(database, *TEN_OFF, campaign_id=key, starts_at=NOW, ends_at=NOW + 1)

    change(database, key, starts_at=NOW, ends_at=NOW + DAY)

    assert errors(lambda: change(database, key, 2, starts_at=NOW + 1)) == {
        ("startsAt", "OUTSIDE_CAMPAIGN")
    }


def test_everything_wrong_with_a_campaign_is_told_at_its_field(database: Database) -> None:
    key = campaign(database)

    assert errors(lambda: campaign(database, name="", currency="XXX", budget="0")) == {
        ("name", "REQUIRED"),
        ("currency", "UNKNOWN_CURRENCY"),
        ("budget", "OUT_OF_RANGE"),
    }
    assert errors(lambda: campaign(database, budget="1.001", starts_at=2, ends_at=1)) == {
        ("budget", "TOO_PRECISE"),
        ("endsAt", "ENDS_BEFORE_START"),
    }
    assert errors(lambda: change(database, key, version=7, name="Late")) == {
        ("expectedVersion", "STALE_VERSION")
    }


def test_a_campaign_with_promotions_or_orders_stays(database: Database) -> None:
    sets = open_shop(database)
    key, empty = campaign(database), campaign(database)
    promotion = running(database, *SPEND, campaign_id=key)
    gone = {("id", "IN_USE")}

    def delete(row: int) -> None:
        database.write(lambda c: delete_campaign(c, row, expected_version=None))

    assert errors(lambda: delete(key)) == gone
    place(database, sets, 1)
    move(database, promotion, 2, campaign_id=None)
    assert errors(lambda: delete(key)) == gone
    delete(empty)
    assert [row[0] for row in rows(database, campaigns, "id")] == [key]


def test_twenty_buyers_share_out_a_campaign_to_the_cent(database: Database) -> None:
    sets = open_shop(database)
    key = campaign(database, budget="170")
    running(database, *SPEND, campaign_id=key)
    running(database, *TEN_OFF, campaign_id=key, **scoped(BOOK))
    with database.reading() as connection:
        phone, book = (basket_for(connection, sets, line(one)) for one in (PHONE, BOOK))

    got = together(
        lambda order_id: place(database, sets, order_id, priced_before=(phone, book)[order_id % 2])
    )

    count = Counter(got)
    spent = 5_000 * count[25_000] + 2_000 * count[18_000]
    assert used(database) == [(17_000, spent)]
    assert count["CAMPAIGN_EXHAUSTED"] == TOGETHER - count[25_000] - count[18_000]
    assert 17_000 - spent < 5_000
    placed = TOGETHER - count["CAMPAIGN_EXHAUSTED"]
    assert rows(database, redemptions, "campaign_id") == [(key,)] * placed


def test_a_budget_set_while_orders_come_and_go_counts_what_they_hold(database: Database) -> None:
    sets = open_shop(database)
    key = campaign(database)
    running(database, *SPEND, campaign_id=key)
    with database.reading() as connection:
        before = basket_for(connection, sets, line(PHONE))
    for order_id in range(101, 101 + TOGETHER):
        place(database, sets, order_id, priced_before=before)
    begin = threading.Barrier(2)

    def limit() -> None:
        begin.wait()
        change(database, key, budget="9999")

    def come_and_go(order_id: int) -> None:
        place(database, sets, order_id, priced_before=before)
        cancel(database, 100 + order_id)

    setter = threading.Thread(target=limit)
    setter.start()
    begin.wait()
    together(come_and_go)
    setter.join()

    assert used(database) == [(999_900, TOGETHER * 5_000)]

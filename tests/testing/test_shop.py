"""`a_shop`: a whole shop for a plugin's tests, asked through its real door."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storeql.testing import a_shop


def test_what_is_sold_is_listed_through_graphql(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        tea = shop.sell("Green tea", price_minor=25_00)
        listed = shop.graphql("{ products(first: 5) { nodes { id name } } }")
    assert listed == {"products": {"nodes": [{"id": tea.product_id, "name": "Green tea"}]}}


def test_errors_of_an_answer_fail_the_test(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop, pytest.raises(AssertionError, match="nonsense"):
        shop.graphql("{ nonsense }")


def test_staff_token_opens_what_guests_may_not_see(tmp_path: Path) -> None:
    query = "{ promotions(first: 5) { nodes { name status } } }"
    with a_shop(tmp_path) as shop:
        shop.promote("Sale", {"percentage": {"percentOff": "20"}})
        assert shop.answer(query)["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        found = shop.graphql(query, token=shop.staff_token)
    assert found == {"promotions": {"nodes": [{"name": "Sale", "status": "ACTIVE"}]}}


def test_promotion_that_is_refused_fails_the_test(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop, pytest.raises(AssertionError, match="at most 100"):
        shop.promote("Sale", {"percentage": {"percentOff": "120"}})


def test_clock_is_turned_by_hand(tmp_path: Path) -> None:
    eve = datetime(2026, 12, 31, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    with a_shop(tmp_path, at=eve) as shop:
        shop.at = eve.replace(minute=30)
        assert shop.now() == 1_798_731_000_000

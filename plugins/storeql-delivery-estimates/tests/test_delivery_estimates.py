"""When a parcel arrives: the hour of the order, weekends, the way, and the shop's own clock."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from storeql_delivery_estimates import estimate

from storeql.testing import a_shop

SHANGHAI = ZoneInfo("Asia/Shanghai")
ESTIMATES = """
  query ($country: String!, $region: String!) {
    deliveryEstimates(country: $country, region: $region) { method shipsOn earliest latest }
  }"""


@pytest.mark.parametrize(
    ("method", "country", "region", "at", "days"),
    [
        # November 2026: the 9th is a Monday
        ("standard", "CN", "上海市", "2026-11-09T15:59", (9, 10, 10)),
        ("standard", "CN", "上海", "2026-11-09T16:00", (10, 11, 11)),
        ("standard", "CN", "江苏", "2026-11-12T10:00", (12, 13, 16)),
        ("standard", "CN", "", "2026-11-13T16:00", (16, 18, 20)),
        ("standard", "CN", "", "2026-11-14T10:00", (16, 18, 20)),
        ("express", "CN", "", "2026-11-09T10:00", (9, 10, 12)),
        ("express", "CN", "上海", "2026-11-09T10:00", (9, 10, 10)),
        ("standard", "FR", "上海", "2026-11-02T10:00", (2, 11, 30)),
    ],
)
def test_days_are_working_days_after_the_one_it_leaves(
    method: str, country: str, region: str, at: str, days: tuple[int, int, int]
) -> None:
    found = estimate(method, country=country, region=region, at=datetime.fromisoformat(at))
    expected = tuple(date(2026, 11, day) for day in days)
    assert (found.ships_on, found.earliest, found.latest) == expected


def test_anybody_is_told_by_the_shops_own_clock(tmp_path: Path) -> None:
    # 16:30 in Shanghai is half past nine in Paris: today's parcels have left.
    afternoon = datetime(2026, 11, 9, 16, 30, tzinfo=SHANGHAI).astimezone(ZoneInfo("Europe/Paris"))
    with a_shop(tmp_path, at=afternoon) as shop:
        shop.deliver("Standard", price_minor=10_00)
        shop.deliver("Express", price_minor=20_00)
        told = shop.graphql(ESTIMATES, {"country": "cn", "region": "浙江省"})
        refused = shop.answer(ESTIMATES, {"country": "China", "region": ""})

    assert told["deliveryEstimates"] == [
        {
            "method": "standard",
            "shipsOn": "2026-11-10",
            "earliest": "2026-11-11",
            "latest": "2026-11-12",
        },
        {
            "method": "express",
            "shipsOn": "2026-11-10",
            "earliest": "2026-11-11",
            "latest": "2026-11-11",
        },
    ]
    assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"

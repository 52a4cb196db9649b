"""Staff read what the linter found: with a change, by asking, and as a refusal to activate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import true

from storeql.catalog.tables import variant_prices
from storeql.db import Database
from tests.carts.shop import change_rows
from tests.scenarios.people_door import Door
from tests.scenarios.promotion_shop import open_promotion_shop
from tests.scenarios.promotions_door import Marketing

Shop = tuple[Door, Database, Marketing]
FINDING = "code severity message { en zh } promotions { promotionId name } variantIds"
FINDINGS = f"""
query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {{
  promotionFindings(id: $id, first: $first, after: $after, last: $last, before: $before) {{
    nodes {{ {FINDING} }} totalCount
    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
  }}
}}"""
CREATE = f"""
mutation ($input: PromotionCreateInput!) {{
  promotionCreate(input: $input) {{
    promotion {{ id }} warnings {{ {FINDING} }} userErrors {{ code }}
  }}
}}"""
ACTIVATE = f"""
mutation ($input: PromotionStepInput!) {{
  promotionActivate(input: $input) {{
    promotion {{ status }} warnings {{ {FINDING} }} userErrors {{ code field message }}
  }}
}}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    with open_promotion_shop(database_url, str(tmp_path)) as opened:
        change_rows(opened[1], variant_prices, true(), cost_minor=100)
        yield opened


def percent(off: str) -> dict[str, object]:
    return {"percentage": {"percentOff": off}}


def test_warnings_come_with_the_change_and_do_not_stop_it(shop: Shop) -> None:
    _, _, staff = shop
    better = staff.running(name="八折", rule=percent("20"))["id"]

    made = staff.ask(CREATE, input={"name": "九折", "rule": percent("10")})
    key = made["promotion"]["id"]
    active = staff.ask(ACTIVATE, input={"id": key})

    for payload in (made, active):
        [found] = payload["warnings"]
        assert (found["code"], found["severity"]) == ("SHADOWED", "WARNING")
        assert found["promotions"] == [
            {"promotionId": key, "name": "九折"},
            {"promotionId": better, "name": "八折"},
        ]
        assert (
            found["message"]["zh"] == "在相同商品上，“九折”的优惠始终不高于“八折”，顾客享受不到。"
        )
    assert active["promotion"] == {"status": "ACTIVE"}


def test_a_blocking_finding_refuses_activation(shop: Shop) -> None:
    _, _, staff = shop
    made = staff.create(
        name="周末", rule=percent("5"), audience={"weekdays": [6]}, endsAt="2025-11-26T00:00:00Z"
    )

    refused = staff.ask(ACTIVATE, input={"id": made["id"]})
    found = staff.ask(FINDINGS, id=made["id"])["nodes"]

    assert refused["promotion"] is None
    assert refused["warnings"] is None
    assert [error["code"] for error in refused["userErrors"]] == ["NEVER_OPEN"]
    assert [(one["code"], one["severity"]) for one in found] == [("NEVER_OPEN", "BLOCKING")]


def test_findings_are_paged(shop: Shop) -> None:
    _, _, staff = shop
    for name in "abc":
        staff.running(name=name, rule=percent("5"), exclusionGroup="sale")
    key = staff.create(name="d", rule=percent("6"), exclusionGroup="sale")["id"]

    first = staff.ask(FINDINGS, id=key, first=2)
    rest = staff.ask(FINDINGS, id=key, first=2, after=first["pageInfo"]["endCursor"])
    back = staff.ask(FINDINGS, id=key, last=2, before=rest["pageInfo"]["startCursor"])

    names = [
        [node["promotions"][1]["name"] for node in page["nodes"]] for page in (first, rest, back)
    ]
    assert names == [["a", "b"], ["c"], ["a", "b"]]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert (rest["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"]) == (False, False)


def test_findings_of_a_promotion_that_is_not_there_are_none(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(name="d", rule=percent("6"))["id"]
    staff.ask(
        "mutation ($input: PromotionStepInput!) { promotionDelete(input: $input) { deletedId } }",
        input={"id": key},
    )

    assert staff.ask(FINDINGS, id=key)["nodes"] == []

"""Staff choose a kind, set it up, switch it on and off, and hand out codes: all over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.customers.people import hired
from tests.promotions.shop import CUP, open_shop
from tests.scenarios.promotions_door import MARKETING, PROMOTION, Marketing, promotions_door

KINDS = """
{ promotionTypes {
    key lane plugin pluginVersion inputName ruleType
    title { en zh } what { zh } when { zh } how { zh }
    form {
      name kind isRequired isList leastEntries mostEntries least most default idOf
      label { en zh } fields { name kind isRequired }
    }
} }"""
LIST = f"""
query ($filter: PromotionFilterInput, $first: Int, $after: String) {{
  promotions(filter: $filter, first: $first, after: $after) {{
    nodes {{ {PROMOTION} }} totalCount pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
CODES = """
query ($id: ID!, $first: Int, $after: String) {
  voucherCodes(promotionId: $id, first: $first, after: $after) {
    nodes { id code usageLimit usageCount promotionId } totalCount
    pageInfo { hasNextPage endCursor }
  }
}"""
ADD_CODES = """
mutation ($input: VoucherCodesCreateInput!) {
  voucherCodesCreate(input: $input) {
    voucherCodes { code usageLimit usageCount } userErrors { code field index }
  }
}"""
GENERATE = """
mutation ($input: VoucherCodesGenerateInput!) {
  voucherCodesGenerate(input: $input) {
    voucherCodes { code usageLimit } userErrors { code field }
  }
}"""
SPEND = {"spendThreshold": {"tiers": [{"from": "300", "off": "50"}]}}


@pytest.fixture
def staff(database_url: str, database: Database, tmp_path: Path) -> Iterator[Marketing]:
    """A member of marketing in a shop with three products."""
    open_shop(database)
    hired(database, MARKETING, "marketing")
    with promotions_door(database_url, tmp_path) as door:
        yield Marketing(door)


def test_anybody_may_read_which_kinds_there_are_with_their_forms(staff: Marketing) -> None:
    kinds = {kind["key"]: kind for kind in staff.door.ask(KINDS)}

    spend = kinds["SPEND_THRESHOLD"]
    assert (spend["lane"], spend["plugin"], spend["inputName"], spend["ruleType"]) == (
        "ORDER",
        "spend-threshold",
        "spendThreshold",
        "SpendThresholdRule",
    )
    assert spend["title"] == {"en": "Spend threshold", "zh": "满减"}
    assert all(spend[part]["zh"] for part in ("what", "when", "how"))
    (tiers, repeating, most_off, _) = spend["form"]
    assert (tiers["name"], tiers["kind"], tiers["isList"]) == ("tiers", "GROUP", True)
    assert (tiers["leastEntries"], tiers["mostEntries"]) == (1, 10)
    assert tiers["fields"] == [
        {"name": "from", "kind": "AMOUNT", "isRequired": True},
        {"name": "off", "kind": "AMOUNT", "isRequired": True},
    ]
    assert (repeating["kind"], repeating["default"]) == ("BOOLEAN", False)
    assert most_off["label"] == {"en": "Most off", "zh": "最高优惠"}
    percent = kinds["PERCENTAGE"]["form"][0]
    assert (percent["kind"], percent["least"], percent["most"]) == ("PERCENT", "0.01", "100.00")
    assert kinds["GIFT_WITH_PURCHASE"]["form"][0]["idOf"] == "ProductVariant"


def test_a_promotion_comes_back_as_it_was_set_up(staff: Marketing) -> None:
    made = staff.create(
        name="双十一满减",
        currency="CNY",
        rule={
            "spendThreshold": {
                "tiers": [{"from": "300.00", "off": "50.5"}],
                "repeating": True,
                "mostOff": "151.5",
            }
        },
        priority=7,
        startsAt="2025-11-01T00:00:00+08:00",
        endsAt="2026-01-01T00:00:00+08:00",
        usageLimit=100,
        customerLimit=2,
        budget="9999.99",
        scope={
            "include": {"productIds": [opaque_id("Product", 1)], "tagIds": [opaque_id("Tag", 1)]},
            "exclude": {"productIds": [opaque_id("Product", 2)]},
        },
        audience={
            "channels": ["web"],
            "groupIds": [opaque_id("CustomerGroup", 1)],
            "weekdays": [6, 7],
            "fromMinute": 600,
            "untilMinute": 720,
            "minimumQuantity": 2,
        },
        funders=[{"name": "shop", "percent": "60"}, {"name": "platform", "percent": "40"}],
        requiresCode=True,
    )

    assert made.pop("id")
    assert made == {
        "name": "双十一满减",
        "kind": "SPEND_THRESHOLD",
        "lane": "ORDER",
        "status": "DRAFT",
        "isRunning": False,
        "currency": "CNY",
        "priority": 7,
        "version": 1,
        "requiresCode": True,
        "startsAt": "2025-10-31T16:00:00.000Z",
        "endsAt": "2025-12-31T16:00:00.000Z",
        "usageLimit": 100,
        "usageCount": 0,
        "customerLimit": 2,
        "codeCount": 0,
        "budget": {"amount": "9999.99", "currency": "CNY"},
        "granted": {"amount": "0.00"},
        "rule": {
            "kind": "SPEND_THRESHOLD",
            "tiers": [
                {"from": {"amount": "300.00", "currency": "CNY"}, "off": {"amount": "50.50"}}
            ],
            "repeating": True,
            "mostOff": {"amount": "151.50"},
        },
        "scope": {
            "include": {
                "productIds": [opaque_id("Product", 1)],
                "tagIds": [opaque_id("Tag", 1)],
            },
            "exclude": {"productIds": [opaque_id("Product", 2)]},
        },
        "audience": {
            "channels": ["web"],
            "groupIds": [opaque_id("CustomerGroup", 1)],
            "weekdays": [6, 7],
            "fromMinute": 600,
            "untilMinute": 720,
            "minimumQuantity": 2,
        },
        "funders": [
            {"name": "shop", "percent": "60.00"},
            {"name": "platform", "percent": "40.00"},
        ],
        "giftStocks": [],
        "quotas": [],
    }


def test_a_gift_promotion_names_variants_and_their_stock(staff: Marketing) -> None:
    cup = opaque_id("ProductVariant", CUP)

    made = staff.create(
        name="满赠",
        currency="CNY",
        rule={"giftWithPurchase": {"gifts": [cup], "from": "99"}},
        giftStocks=[{"variantId": cup, "quantity": 20}],
    )

    assert made["rule"] == {
        "kind": "GIFT_WITH_PURCHASE",
        "gifts": [cup],
        "fromQuantity": None,
        "spend": {"amount": "99.00"},
    }
    assert made["giftStocks"] == [{"variantId": cup, "quantity": 20, "used": 0, "remaining": 20}]


def test_a_flash_sale_names_variants_and_their_quotas(staff: Marketing) -> None:
    cup, gone = opaque_id("ProductVariant", CUP), opaque_id("ProductVariant", 999)
    rule = {"percentage": {"percentOff": "50"}}

    made = staff.create(name="秒杀", rule=rule, quotas=[{"variantId": cup, "quantity": 20}])
    wrong = [{"variantId": cup, "quantity": 1}, {"variantId": gone, "quantity": -1}]

    assert made["quotas"] == [{"variantId": cup, "quantity": 20, "used": 0, "remaining": 20}]
    assert staff.errors("Create", name="秒杀", rule=rule, quotas=wrong) == {
        "quotas.1.variantId": "NOT_FOUND",
        "quotas.1.quantity": "OUT_OF_RANGE",
    }


def test_a_percentage_needs_no_currency_and_has_none(staff: Marketing) -> None:
    made = staff.create(name="八五折", rule={"percentage": {"percentOff": "15"}})

    assert made["rule"] == {"kind": "PERCENTAGE", "percentOff": "15.00"}
    assert (made["currency"], made["granted"], made["budget"]) == (None, None, None)


def test_everything_wrong_with_an_input_is_told_at_its_field(staff: Marketing) -> None:
    wrong = {
        "spendThreshold": {"tiers": [{"from": "10", "off": "1.001"}, {"from": "-1", "off": "1"}]}
    }

    assert staff.errors("Create", name="", currency="CNY", rule=wrong, priority=0) == {
        "name": "REQUIRED",
        "rule.spendThreshold.tiers.0.off": "TOO_PRECISE",
        "rule.spendThreshold.tiers.1.from": "OUT_OF_RANGE",
        "priority": "OUT_OF_RANGE",
    }


def test_a_rule_is_of_exactly_one_kind(staff: Marketing) -> None:
    two = {"percentage": {"percentOff": "1"}, **SPEND}
    document = (
        "mutation ($input: PromotionCreateInput!) "
        "{ promotionCreate(input: $input) { userErrors { code } } }"
    )

    answered = staff.door.answer(document, staff.token, input={"name": "x", "rule": two})

    assert "data" not in answered or answered["data"] is None
    assert len(answered["errors"]) == 1


def test_a_promotion_lives_from_draft_to_end(staff: Marketing) -> None:
    made = staff.create(name="满减", currency="CNY", rule=SPEND)
    seen = [(made["status"], made["isRunning"], made["version"])]
    for verb in ("Activate", "Pause", "Activate", "End"):
        now = staff.change(verb, id=made["id"])
        seen.append((now["status"], now["isRunning"], now["version"]))

    assert seen == [
        ("DRAFT", False, 1),
        ("ACTIVE", True, 2),
        ("PAUSED", False, 3),
        ("ACTIVE", True, 4),
        ("ENDED", False, 5),
    ]
    assert staff.errors("Activate", id=made["id"]) == {"id": "WRONG_STATUS"}


def test_an_update_changes_what_it_gives_and_refuses_an_old_version(staff: Marketing) -> None:
    made = staff.create(name="满减", currency="CNY", rule=SPEND, usageLimit=5)

    changed = staff.change(
        "Update", id=made["id"], expectedVersion=1, name="新名字", usageLimit=None
    )
    stale = staff.ask(
        "mutation ($input: PromotionUpdateInput!) { promotionUpdate(input: $input) {"
        " userErrors { __typename code ... on StaleVersion { current } } } }",
        input={"id": made["id"], "expectedVersion": 1, "name": "x"},
    )

    assert (changed["name"], changed["usageLimit"], changed["version"]) == ("新名字", None, 2)
    assert changed["rule"] == made["rule"]
    assert stale["userErrors"] == [
        {"__typename": "StaleVersion", "code": "STALE_VERSION", "current": 2}
    ]


def test_only_a_draft_is_deleted(staff: Marketing) -> None:
    document = """
    mutation ($input: PromotionStepInput!) {
      promotionDelete(input: $input) { deletedId userErrors { code } }
    }"""
    draft = staff.create(name="a", currency="CNY", rule=SPEND)
    active = staff.running(name="b", currency="CNY", rule=SPEND)

    gone = staff.ask(document, input={"id": draft["id"]})
    kept = staff.ask(document, input={"id": active["id"]})

    assert gone == {"deletedId": draft["id"], "userErrors": []}
    assert kept == {"deletedId": None, "userErrors": [{"code": "WRONG_STATUS"}]}


def test_promotions_are_listed_newest_first_filtered_and_paged(staff: Marketing) -> None:
    for name in "abc":
        staff.create(name=name, currency="CNY", rule=SPEND)
    staff.running(name="d", rule={"percentage": {"percentOff": "5"}})

    def names(**variables: Any) -> list[str]:
        return [node["name"] for node in staff.ask(LIST, **variables)["nodes"]]

    first = staff.ask(LIST, first=3)
    rest = staff.ask(LIST, first=3, after=first["pageInfo"]["endCursor"])

    assert [node["name"] for node in first["nodes"]] == ["d", "c", "b"]
    assert [node["name"] for node in rest["nodes"]] == ["a"]
    assert (first["totalCount"], rest["pageInfo"]["hasNextPage"]) == (4, False)
    assert names(filter={"statuses": ["ACTIVE"]}) == ["d"]
    assert names(filter={"kinds": ["SPEND_THRESHOLD"], "statuses": ["DRAFT"]}) == ["c", "b", "a"]
    assert names(filter={"kinds": []}) == []


def test_codes_are_made_one_by_one_and_by_the_batch(staff: Marketing) -> None:
    made = staff.running(
        name="券", currency="CNY", rule={"voucherDiscount": {"off": "10"}}, requiresCode=True
    )
    key = made["id"]
    add = {"promotionId": key, "codes": [{"code": "spring 10"}, {"code": "once", "usageLimit": 1}]}

    added = staff.ask(ADD_CODES, input=add)
    again = staff.ask(ADD_CODES, input={"promotionId": key, "codes": [{"code": "ONCE"}]})
    batch = staff.ask(GENERATE, input={"promotionId": key, "count": 25, "prefix": "VIP"})
    page = staff.ask(CODES, id=key, first=2)
    rest = staff.ask(CODES, id=key, first=100, after=page["pageInfo"]["endCursor"])

    assert added["voucherCodes"] == [
        {"code": "SPRING10", "usageLimit": None, "usageCount": 0},
        {"code": "ONCE", "usageLimit": 1, "usageCount": 0},
    ]
    assert again["userErrors"] == [
        {"code": "CODE_TAKEN", "field": ["codes", "0", "code"], "index": 0}
    ]
    assert len({code["code"] for code in batch["voucherCodes"]}) == 25
    assert [node["code"] for node in page["nodes"]] == ["SPRING10", "ONCE"]
    assert (page["totalCount"], len(rest["nodes"])) == (27, 25)
    assert page["nodes"][0]["promotionId"] == key


def test_a_promotion_and_a_code_are_nodes_for_marketing_only(staff: Marketing) -> None:
    made = staff.create(name="券", rule={"percentage": {"percentOff": "5"}}, requiresCode=True)
    staff.ask(ADD_CODES, input={"promotionId": made["id"], "codes": [{"code": "FIVE"}]})
    code = staff.ask(CODES, id=made["id"])["nodes"][0]["id"]
    document = """
    query ($ids: [ID!]!) {
      nodes(ids: $ids) { ... on Promotion { name codeCount } ... on VoucherCode { code } }
    }"""

    assert staff.ask(document, ids=[made["id"], code]) == [
        {"name": "券", "codeCount": 1},
        {"code": "FIVE"},
    ]
    assert staff.door.ask(document, ids=[made["id"], code]) == [None, None]
    assert staff.door.refusal("{ promotions { nodes { id } } }") == "UNAUTHENTICATED"

"""A stranger's kind of promotion: it appears by itself, and goes without taking anything down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from msgspec import Struct

from storeql.db import Database
from storeql.pricing import Basket, Discount, Lane, PromotionType, Text, Texts, Units
from storeql.promotions import amount, entries, label, percent, text, variants, whole
from storeql.schema.ids import opaque_id
from tests.customers.people import hired
from tests.hooks.plugins import bringing
from tests.promotions.shop import open_shop
from tests.scenarios.promotions_door import MARKETING, Marketing, promotions_door


class Step(Struct, frozen=True, kw_only=True):
    off_minor: Annotated[int, amount("Off", "减", least=1)]
    note: Annotated[str, text("Note", "备注")] = ""


class LuckyRule(Struct, frozen=True, kw_only=True):
    steps: Annotated[tuple[Step, ...], entries("Steps", "步骤", most=3)]
    share_basis_points: Annotated[int, percent("Share", "比例")] = 2_500
    mode: Annotated[Literal["LOUD", "QUIET"], label("Mode", "模式")] = "LOUD"
    only: Annotated[tuple[str, ...], variants("Only", "仅限", least=0)] = ()
    times: Annotated[int, whole("Times", "次数", most=9)] | None = None


class Product(Struct, frozen=True, kw_only=True):
    """A rule whose name is taken by the schema."""

    off_minor: Annotated[int, amount("Off", "减")] = 1


def kind(key: str, rule: type[Struct]) -> PromotionType[Any]:
    def propose(given: Any, units: Units, basket: Basket) -> Discount:
        return Discount(sum(step.off_minor for step in given.steps))

    words = Text("Lucky draw", "幸运立减")
    texts = Texts(title=words, what=words, when=words, how=words)
    return PromotionType(key=key, lane=Lane.ORDER, Rule=rule, propose=propose, texts=texts)


LUCKY = bringing(kind("LUCKY_DRAW", LuckyRule), name="Lucky")
CREATE = """
mutation ($input: PromotionCreateInput!) {
  promotionCreate(input: $input) {
    promotion { id kind lane rule {
      kind
      ... on LuckyRule { steps { off { amount } note } share mode only times }
    } }
    userErrors { code field message }
  }
}"""
READ = """
query ($id: ID!) {
  promotion(id: $id) { name kind lane rule { __typename kind ... on UnknownRule { json } } }
}"""
PLUGINS = "{ plugins { name status reason promotionTypes source } }"


@pytest.fixture
def url(database_url: str, database: Database) -> str:
    """The address of a shop with marketing staff and an owner."""
    open_shop(database)
    hired(database, MARKETING, "marketing")
    hired(database, "owner@example.cn", "owner")
    return database_url


def test_a_plugins_rule_appears_in_the_schema_by_itself(url: str, tmp_path: Path) -> None:
    cup = opaque_id("ProductVariant", 3)
    rule = {"steps": [{"off": "8.80", "note": "发"}], "mode": "QUIET", "only": [cup]}
    with promotions_door(url, tmp_path, plugins=[LUCKY]) as door:
        staff = Marketing(door)
        given = {"name": "抽奖", "currency": "CNY", "rule": {"luckyDraw": rule}}

        payload = staff.ask(CREATE, input=given)

    assert payload["userErrors"] == []
    assert payload["promotion"]["kind"] == "LUCKY_DRAW"
    assert payload["promotion"]["rule"] == {
        "kind": "LUCKY_DRAW",
        "steps": [{"off": {"amount": "8.80"}, "note": "发"}],
        "share": "25.00",
        "mode": "QUIET",
        "only": [cup],
        "times": None,
    }


def test_the_bounds_of_a_plugins_rule_are_kept_at_each_field(url: str, tmp_path: Path) -> None:
    gone = opaque_id("ProductVariant", 99)
    rule = {"steps": [{"off": "1"}] * 4, "share": "100.01", "times": 10}
    unknown = {"steps": [{"off": "1"}], "only": [gone]}
    with promotions_door(url, tmp_path, plugins=[LUCKY]) as door:
        staff = Marketing(door)
        payload, missing = (
            staff.ask(CREATE, input={"name": "抽", "currency": "CNY", "rule": {"luckyDraw": one}})
            for one in (rule, unknown)
        )

    (error,) = missing["userErrors"]
    assert (error["code"], error["field"]) == ("NOT_FOUND", ["rule", "luckyDraw", "only"])
    assert {error["field"][-1]: error["code"] for error in payload["userErrors"]} == {
        "steps": "TOO_MANY",
        "share": "OUT_OF_RANGE",
        "times": "OUT_OF_RANGE",
    }


def test_when_a_plugin_goes_its_promotions_are_still_told(url: str, tmp_path: Path) -> None:
    rule = {"steps": [{"off": "8.80"}]}
    with promotions_door(url, tmp_path, plugins=[LUCKY]) as door:
        made = Marketing(door).ask(
            CREATE, input={"name": "抽奖", "currency": "CNY", "rule": {"luckyDraw": rule}}
        )

    with promotions_door(url, tmp_path) as door:
        found = Marketing(door).ask(READ, id=made["promotion"]["id"])

    assert (found["name"], found["kind"], found["lane"]) == ("抽奖", "LUCKY_DRAW", None)
    assert found["rule"]["__typename"] == "UnknownRule"
    assert found["rule"]["json"]["steps"] == [{"off_minor": 880, "note": ""}]


def test_a_rule_that_does_not_fit_into_the_schema_leaves_its_plugin_out(
    url: str, tmp_path: Path
) -> None:
    clash = bringing(kind("CLASH", Product), name="Clash")
    with promotions_door(url, tmp_path, plugins=[clash, LUCKY]) as door:
        found = {
            plugin["name"]: plugin for plugin in door.ask(PLUGINS, door.staff("owner@example.cn"))
        }
        keys = {one["key"] for one in door.ask("{ promotionTypes { key } }")}

    assert found["Clash"]["status"] == "BROKEN"
    assert "does not fit into the schema" in found["Clash"]["reason"]
    assert found["Lucky"]["status"] == "ACTIVE"
    assert found["spend-threshold"]["promotionTypes"] == ["SPEND_THRESHOLD"]
    assert {"LUCKY_DRAW", "PERCENTAGE"} <= keys
    assert "CLASH" not in keys

"""The example tabs run on the demo shop in their order, with nothing pasted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, print_ast
from graphql.utilities import separate_operations

from storeql.server.graphiql import ExampleTab, load_tabs
from storeql.server.graphiql.tabs import PLACEHOLDER
from storeql.staff_pages import TAB_VALUES
from tests.demo_door import open_demo, owner_token
from tests.scenarios.people_door import Door
from tests.scenarios.test_subscriptions import Watching

EXAMPLES = load_tabs(TAB_VALUES)


class Visit:
    """What the page does: runs examples, and fills later ones from the answers of earlier ones."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._kept = {"freshKey": "one-of-its-own"}

    def run(self, tab: ExampleTab, token: str = "") -> dict[str, Any]:
        """The data of the example's first operation."""
        query, variables = self.operation(tab, 0)
        answered = self._door.answer(query, token, **variables)
        assert "errors" not in answered, f"{tab.title}: {answered['errors']}"
        data: dict[str, Any] = answered["data"]
        for name, path in tab.keep.items():
            self._kept[name] = at(data, path)
        return data

    def operation(self, tab: ExampleTab, place: int) -> tuple[str, dict[str, Any]]:
        """One operation of the example, with the variables that it declares."""
        document = list(separate_operations(parse(tab.query)).values())[place]
        [operation] = (
            node for node in document.definitions if isinstance(node, OperationDefinitionNode)
        )
        names = [node.variable.name.value for node in operation.variable_definitions or ()]
        given = json.loads(tab.variables or "{}")
        filled = {name: self._filled(json.dumps(given[name])) for name in names}
        return print_ast(document), filled

    def _filled(self, text: str) -> Any:
        return json.loads(PLACEHOLDER.sub(lambda match: self._kept[match[1]], text))


def at(value: Any, path: str) -> Any:
    """What is at `products.nodes.0.id`, as the page looks it up."""
    return reduce(
        lambda held, key: held[int(key) if isinstance(held, list) else key], path.split("."), value
    )


def amount(money: dict[str, str]) -> Decimal:
    return Decimal(money["amount"])


@pytest.fixture(scope="module")
def door(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with open_demo(migrated_file, tmp_path_factory.mktemp("tabs")) as opened:
        yield opened


def test_every_example_runs_after_the_one_before_it(door: Door) -> None:
    visit, staff = Visit(door), owner_token(door)
    browse, search, fill, explain, place, newest, warehouse, take_out = EXAMPLES

    shop = visit.run(browse)
    assert shop["products"]["totalCount"] > 0
    assert shop["products"]["nodes"][0]["variants"][0]["availableStock"] > 0
    delivery = amount(shop["deliveryMethods"]["nodes"][0]["price"])

    found = visit.run(search)
    assert found["chinese"] == found["english"]
    assert found["chinese"]["totalCount"] == found["productFacets"]["total"] > 0
    assert found["productFacets"]["attributes"][0]["values"][0]["count"] > 0

    filled = visit.run(fill)["cartCreate"]
    assert filled["userErrors"] == []
    assert [line["quantity"] for line in filled["cart"]["lines"]] == [2, 1]

    explained = visit.run(explain)["cartVoucherCodesAdd"]
    assert explained["userErrors"] == []
    price = explained["cart"]["price"]
    assert {entry["outcome"] for entry in price["trace"]} == {"APPLIED", "MISSED"}
    took = sum(amount(entry["amount"]) for entry in price["trace"])
    assert amount(price["total"]) == amount(price["listTotal"]) - took + delivery

    placed = visit.run(place)["orderPlace"]
    assert placed["userErrors"] == []
    assert placed["order"]["total"] == price["total"]

    subscription, variables = visit.operation(place, 1)
    with Watching(door, subscription, **variables) as watching:
        watched = watching.next()["orderChanged"]["order"]
    assert watched["number"] == placed["order"]["number"]
    assert watched["state"] == placed["order"]["state"]

    orders = visit.run(newest, staff)["orders"]["nodes"]
    assert orders[0]["number"] == placed["order"]["number"]
    assert [line["quantity"] for line in orders[0]["lines"]] == [2, 1]

    work = visit.run(warehouse, staff)
    assert work["fulfilments"]["totalCount"] > 0
    assert {one["state"] for one in work["fulfilments"]["nodes"]} <= {"OPEN", "PICKING", "PACKED"}
    [listed] = work["pickLists"]["nodes"]
    assert 0 <= listed["picked"] < listed["quantity"]

    export = visit.run(take_out, staff)["catalogExportStart"]["catalogExport"]
    assert export["job"]["state"] == "QUEUED"
    assert export["job"]["total"] >= shop["products"]["totalCount"]
    query, variables = visit.operation(take_out, 1)
    watched = door.answer(query, staff, **variables)["data"]["catalogExport"]
    assert (watched["path"], watched["job"]["state"]) == (None, "QUEUED")


def test_orders_are_not_for_everyone(door: Door) -> None:
    by_title = {tab.title: tab for tab in EXAMPLES}
    newest, warehouse = by_title["The newest orders"], by_title["What the warehouse has to send"]
    assert door.refusal(newest.query) == "UNAUTHENTICATED"
    refused = door.answer(warehouse.query)["errors"]
    assert [error["extensions"]["code"] for error in refused] == ["UNAUTHENTICATED"] * 2

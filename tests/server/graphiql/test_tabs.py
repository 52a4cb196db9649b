"""The example tabs: their order, their words, and the values that fill them."""

import json
from pathlib import Path

import graphql
import pytest

from storeql.server.graphiql import ExampleTab, load_tabs
from tests.server.graphiql.conftest import Open

EXAMPLES = load_tabs({})


def _write(folder: Path, query: str, variables: str = "") -> None:
    (folder / "1-first.graphql").write_text(query)
    if variables:
        (folder / "1-first.json").write_text(variables)


def test_tabs_come_in_the_order_of_their_file_names(open_shop: Open) -> None:
    tabs = open_shop().get("/graphiql/tabs").json()["tabs"]
    assert [tab["title"] for tab in tabs] == [
        "Browse products",
        "Search with facets",
        "Fill a cart",
        "Why does it cost that?",
        "Place the order",
        "The newest orders",
        "What the warehouse has to send",
        "Take the catalogue out",
    ]


@pytest.mark.parametrize("tab", EXAMPLES, ids=lambda tab: tab.title)
def test_every_example_is_a_named_operation(tab: ExampleTab) -> None:
    document = graphql.parse(tab.query)
    operations = [
        node for node in document.definitions if isinstance(node, graphql.OperationDefinitionNode)
    ]
    # GraphiQL shows the operation's name on the tab.
    assert operations
    assert all(operation.name for operation in operations)
    assert tab.about


def test_title_and_description_are_the_opening_comment(tmp_path: Path) -> None:
    _write(tmp_path, "# Title\n# It shows\n# this.\n\nquery A { a }\n# an aside\n")
    [tab] = load_tabs({}, folder=tmp_path)
    assert (tab.title, tab.about) == ("Title", "It shows this.")
    assert tab.query.endswith("# an aside\n")


def test_an_example_without_a_title_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, "query A { a }")
    with pytest.raises(ValueError, match="title"):
        load_tabs({}, folder=tmp_path)


def test_given_values_fill_variables_and_the_others_wait_for_the_page(tmp_path: Path) -> None:
    _write(tmp_path, "# T\nquery A { a }", '{"input": [{"sku": "{{sku}}", "cart": "{{cart}}"}]}')
    [tab] = load_tabs({"sku": 'TEA "1"'}, folder=tmp_path)
    assert json.loads(tab.variables) == {"input": [{"sku": 'TEA "1"', "cart": "{{cart}}"}]}


def test_what_is_kept_for_the_next_example_is_data_and_not_shown(tmp_path: Path) -> None:
    _write(tmp_path, "# T\n# Why.\n# keep cart = cartCreate.cart.token\n\nquery A { a }")
    [tab] = load_tabs({}, folder=tmp_path)
    assert tab.keep == {"cart": "cartCreate.cart.token"}
    assert "keep" not in tab.query
    assert tab.about == "Why."

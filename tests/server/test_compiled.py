"""What compiled code completes by itself, how seldom it looks twice, and what it leaves alone."""

from __future__ import annotations

from typing import Any

import pytest
from graphql.execution import Executor

from storeql.server import plans, sources
from storeql.server.plan_writer import MOST_FIELDS
from storeql.server.plans import MOST_COMPLETIONS
from tests.server.shelf import (
    ASKED,
    ROWS,
    SCHEMA,
    SERIALIZED,
    Colour,
    ItemRecord,
    MakerRecord,
    OwnerRecord,
    ShelfRecord,
    fill,
    operation,
    run,
)

FIELDS = "__typename text number ratio flag key sku colour doubled"


@pytest.fixture(autouse=True)
def shelf() -> ShelfRecord:
    return fill()


@pytest.fixture
def by_graphql_core(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the values that graphql-core completed."""
    paths: list[str] = []
    complete = Executor.complete_value

    def noted(self: Any, kind: Any, details: Any, info: Any, path: Any, *rest: Any) -> Any:
        paths.append(".".join(str(key) for key in path.as_list()))
        return complete(self, kind, details, info, path, *rest)

    monkeypatch.setattr(Executor, "complete_value", noted)
    return paths


@pytest.mark.parametrize(
    "text",
    [
        f"{{ shelf {{ items {{ {FIELDS} }} }} }}",
        f"{{ shelf {{ pairs {{ {FIELDS} }} }} }}",
        "{ shelf { items { ...F maker { text } } } } fragment F on Item { maker { a: text } }",
        'query ($w: String = "hi") { shelf { items { maker { greeting(word: $w) } } } }',
        "query ($b: Boolean = true) { shelf { items { text @skip(if: $b) key } } }",
        "query ($b: Boolean = true) { shelf { items { ... @include(if: $b) { text } } } }",
        f"{{ shelf {{ things {{ ... on Item {{ {FIELDS} }} ... on Maker {{ greeting }} }} }} }}",
        "{ shelf { texted { __typename text ... on Item { number } } } }",
        "{ shelf { things { __typename } words tags { text } } }",
        "{ shelf { a: items { text } b: items { text } c: pairs { text } d: pairs { text } } }",
    ],
)
def test_what_is_plain_is_completed_without_graphql_core(
    text: str, by_graphql_core: list[str]
) -> None:
    result = run(operation(text))
    assert result.errors is None
    assert len(next(iter(result.data["shelf"].values()))) >= ROWS
    assert by_graphql_core == []


def test_one_odd_record_leaves_the_others_to_compiled_code(
    shelf: ShelfRecord, by_graphql_core: list[str]
) -> None:
    shelf.items[3].number = 2**40
    result = run(operation("{ shelf { items { text number } } }"))
    assert [n for n, item in enumerate(result.data["shelf"]["items"]) if not item] == [3, ROWS]
    beneath = {path.split(".")[2] for path in by_graphql_core if path.startswith("shelf.items.")}
    assert beneath == {"3", str(ROWS)}


def test_a_record_that_is_not_there_is_no_record_though_nothing_of_it_is_read(
    shelf: ShelfRecord,
) -> None:
    shelf.tags = [None]
    result = run(operation("{ shelf { tags { __typename } } }"))
    assert result.data == {"shelf": None}
    (error,) = result.errors
    assert error.message == "Cannot return null for non-nullable field Shelf.tags."
    assert error.path == ["shelf", "tags", 0]


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        (Colour.NOTHING, "NOTHING"),
        (None, None),
        (Colour.PAIR, "PAIR"),
        (([1], 2), "PAIR"),
        (Colour.VERMILION, "SCARLET_RED"),
        ("r2", "SCARLET_RED"),
    ],
)
def test_an_enum_of_odd_values_has_the_names_that_graphql_core_gives(
    shelf: ShelfRecord, colour: Any, name: str | None
) -> None:
    shelf.items = [ItemRecord(colour=colour)]
    result = run(operation("{ shelf { items { colour } } }"))
    assert result.errors is None
    assert result.data == {"shelf": {"items": [{"colour": name}]}}


def test_a_list_of_lists_and_the_lists_in_it_have_plans_of_their_own(shelf: ShelfRecord) -> None:
    shelf.pairs = [[ItemRecord()], [None]]
    result = run(operation("{ shelf { pairs { text } } }"))
    assert result.data == {"shelf": {"pairs": [[{"text": "item"}], None]}}
    assert [error.path for error in result.errors] == [["shelf", "pairs", 1, 0]]


def test_the_same_field_below_another_type_has_a_plan_of_its_own(shelf: ShelfRecord) -> None:
    of_item, of_maker = OwnerRecord("Item"), OwnerRecord("Maker")
    shelf.things = [ItemRecord(owner=of_item), MakerRecord(owner=of_item), MakerRecord()]
    shelf.things[2].owner = of_maker
    result = run(operation("{ shelf { texted { resolved owner { of } } } }"))
    owners = [thing["owner"] for thing in result.data["shelf"]["texted"]]
    assert owners == [{"of": "Item"}, None, {"of": "Maker"}]
    assert [error.path for error in result.errors] == [["shelf", "texted", 1, "owner"]]


def test_the_classes_of_records_are_looked_at_once_for_many_records() -> None:
    run(operation("{ shelf { items { text } } }"))
    assert ASKED == []
    run(operation("{ shelf { things { __typename } } }"))
    assert len(ASKED) == 3  # the first item for Item, the first maker for Item and for Maker


def test_the_class_of_a_record_is_checked_once_for_a_run_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked: list[type] = []

    def check(wanted: Any) -> Any:
        return lambda cls: checked.append(cls) or cls

    monkeypatch.setattr("storeql.server.plan_writer.class_check", check)
    run(operation("{ shelf { items { text maker { text } } } }"))
    assert checked == [ShelfRecord, ItemRecord, MakerRecord]


def test_leaves_of_the_usual_type_are_not_serialized(
    shelf: ShelfRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.items[1].colour = "r"
    shelf.items[2].sku = 7
    op = operation("{ shelf { items { sku colour } } }")
    run(op)
    assert SERIALIZED == [7]
    monkeypatch.setattr(type(SCHEMA.type_map["Colour"]), "coerce_output_value", None)
    assert run(op).data["shelf"]["items"][:2] == [{"sku": "sku", "colour": "RED"}] * 2


def test_a_plan_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    write = plans.write_completion

    def noted(kind: Any, place: Any, executor: Any) -> Any:
        written.append(place.key)
        return write(kind, place, executor)

    monkeypatch.setattr(plans, "write_completion", noted)
    op = operation("{ shelf { items { text maker { text } } } a: shelf { items { resolved } } }")
    for _ in range(3):
        run(op)
    assert written == ["shelf", "a", "items", "items"]


def test_arguments_are_read_once_in_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    values = sources.get_argument_values
    monkeypatch.setattr(
        sources, "get_argument_values", lambda *given: read.append(given) or values(*given)
    )
    op = operation('{ shelf { items { resolved maker { greeting(word: "hi") } } } }')
    run(op)
    assert len(read) == 1
    run(op)
    assert len(read) == 2


def test_nothing_is_compiled_for_what_is_not_there() -> None:
    op = operation("{ nothing { items { text } } }")
    assert run(op).data == {"nothing": None}
    assert op.plans.compiled() == 0


@pytest.mark.parametrize("text", ["items @stream(initialCount: 0)", "... @defer { items"])
def test_what_other_executors_deliver_later_is_left_to_graphql_core(
    text: str, by_graphql_core: list[str]
) -> None:
    result = run(operation(f"{{ shelf {{ {text} {{ text }} }} }} {'}' * text.count('{')}"))
    assert len(result.data["shelf"]["items"]) == ROWS + 1
    assert by_graphql_core[0] == "shelf"


def test_an_operation_of_too_many_places_is_not_compiled_for_all_of_them() -> None:
    fields = " ".join(f"s{n}: shelf {{ pairs {{ text }} }}" for n in range(MOST_COMPLETIONS + 5))
    op = operation(f"{{ {fields} }}")
    result = run(op)
    assert result.errors is None
    assert len(result.data) == MOST_COMPLETIONS + 5
    assert op.plans.compiled() == MOST_COMPLETIONS


@pytest.mark.parametrize(("count", "compiled"), [(MOST_FIELDS, 1), (MOST_FIELDS + 1, 0)])
def test_a_selection_of_too_many_fields_is_not_compiled(count: int, compiled: int) -> None:
    fields = " ".join(f"a{n}: text" for n in range(count))
    op = operation(f"{{ shelf {{ items {{ {fields} }} }} }}")
    result = run(op)
    assert len(result.data["shelf"]["items"][0]) == count
    assert op.plans.compiled() == compiled

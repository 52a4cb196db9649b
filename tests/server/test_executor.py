"""What the compiled executor promises beyond being like the stock one."""

from __future__ import annotations

from typing import Any

import strawberry
from msgspec import Struct

from storeql.server.documents import Documents, Operation
from storeql.server.limits import Limits
from storeql.server.permissions import Guards
from storeql.server.plans import MOST_VARIANTS, Plans
from storeql.server.preparation import Preparation
from tests.server.fuzz.permissions import Needs


class ItemRecord(Struct):
    a: str
    b: str
    secret: str = "s"
    calls: int = 0


class SideRecord(Struct):
    item: ItemRecord


class BoxRecord(Struct):
    left: SideRecord
    right: SideRecord
    items: list[ItemRecord]


class NestRecord(Struct):
    a: str = "a"

    @property
    def deeper(self) -> list[NestRecord]:
        return [self]


CALLS: list[str] = []


@strawberry.type
class Item:
    a: str
    b: str
    secret: str | None = strawberry.field(directives=[Needs(any_of=["READ"])])

    @strawberry.field
    def slow(self) -> str:
        CALLS.append("slow")
        return "slow"


@strawberry.type
class Side:
    item: Item

    @strawberry.field
    def slow(self) -> str:
        return "slow"


@strawberry.type
class Box:
    left: Side
    right: Side
    items: list[Item]

    @strawberry.field
    def note(self, info: strawberry.Info, text: str = "none") -> str:
        CALLS.append(text)
        return f"{info.path.key} {text}"

    note.base_resolver.wrapped_func.pure_attribute = True  # type: ignore[union-attr]


@strawberry.type
class Nest:
    a: str
    deeper: list[Nest]


@strawberry.type
class Query:
    @strawberry.field
    def nest(self) -> Nest:
        return NestRecord()  # type: ignore[return-value]

    @strawberry.field
    def box(self) -> Box:
        item = ItemRecord("a", "b")
        side = SideRecord(item)
        return BoxRecord(side, side, [item] * 3)  # type: ignore[return-value]

    @strawberry.field(directives=[Needs(any_of=["READ"])])
    def vault(self) -> str | None:
        CALLS.append("vault")
        return "gold"


SCHEMA = strawberry.Schema(Query)._schema
GUARDS = Guards(SCHEMA)
PREPARATION = Preparation(SCHEMA, GUARDS, True)


class Guest:
    granted: frozenset[str] = frozenset()
    is_authenticated = False

    def close(self, failed: bool) -> None: ...


class Reader(Guest):
    granted = frozenset({"READ", "ELSE"})
    is_authenticated = True


def operation(text: str) -> Operation:
    CALLS.clear()
    documents = Documents(SCHEMA, GUARDS, Limits(depth=30), suggestions=True)
    found = documents.document(text).operation(None)
    found.plans = Plans(warm_up=0)
    return found


def run(op: Operation, context: Any = None, **variables: Any) -> Any:
    return PREPARATION.executor(op, variables, context or Guest()).execute_operation()


def test_the_same_field_merged_with_others_elsewhere_has_a_plan_of_its_own() -> None:
    op = operation(
        "{box {left {slow ...F item {b}} right {slow ...F}}} fragment F on Side {item {a}}"
    )
    assert run(op).data == {
        "box": {
            "left": {"slow": "slow", "item": {"a": "a", "b": "b"}},
            "right": {"slow": "slow", "item": {"a": "a"}},
        }
    }


def test_a_pure_field_is_called_with_the_arguments_of_its_place() -> None:
    op = operation('query ($t: String!) {box {note x: note(text: $t) y: note(text: "y")}}')
    expected = {"note": "note none", "x": "x one", "y": "y y"}
    assert run(op, t="one").data == {"box": expected}
    assert run(op, t="two").data == {"box": {**expected, "x": "x two"}}
    assert op.plans.compiled() == 1


def test_a_plan_of_one_actor_never_serves_another() -> None:
    op = operation("{box {items {a secret}} vault}")
    for _ in range(2):
        allowed = run(op, Reader())
        assert allowed.errors is None
        assert allowed.data["box"]["items"][0] == {"a": "a", "secret": "s"}
        refused = run(op)
        assert refused.data["vault"] is None
        assert [item["secret"] for item in refused.data["box"]["items"]] == [None] * 3
        assert {e.extensions["code"] for e in refused.errors} == {"UNAUTHENTICATED"}


def test_a_refused_field_runs_nothing_of_its_resolver() -> None:
    run(operation("{vault}"))
    assert CALLS == []


def test_a_signed_in_actor_without_the_permission_is_forbidden() -> None:
    class Stranger(Reader):
        granted = frozenset({"ELSE"})

    (error,) = run(operation("{vault}"), Stranger()).errors
    assert error.extensions["code"] == "FORBIDDEN"


def test_a_resolver_that_is_not_pure_runs_once_for_each_value() -> None:
    run(operation("{box {items {a slow}}}"))
    assert CALLS == ["slow"] * 3


def test_the_first_run_of_an_operation_compiles_nothing() -> None:
    op = operation("{box {items {a}}}")
    op.plans = Plans()
    run(op)
    assert op.plans.compiled() == 0
    run(op)
    assert op.plans.compiled() == 1


def test_an_operation_of_too_many_shapes_is_not_compiled_for_all_of_them() -> None:
    names = [f"b{n}" for n in range(8)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"f{n}: a @include(if: ${name})" for n, name in enumerate(names))
    op = operation(f"query ({declared}) {{box {{items {{{fields}}}}}}}")
    for mask in range(40):
        flags = {name: bool(mask >> n & 1) for n, name in enumerate(names)}
        answer = run(op, **flags).data["box"]["items"][0]
        assert answer == {f"f{n}": "a" for n, name in enumerate(names) if flags[name]}
    assert op.plans.compiled() <= MOST_VARIANTS


def test_lists_nested_deeper_than_python_allows_loops_are_completed_all_the_same() -> None:
    inner = " ".join(["deeper {"] * 18) + "a" + "}" * 18
    op = operation(f"{{nest {{{inner}}}}}")
    first = run(op)
    assert first.errors is None
    assert str(first.data).count("deeper") == 18
    assert op.plans.compiled() > 0

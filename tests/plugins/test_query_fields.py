"""Query fields of plugins: each says who may ask it, and the door holds it to what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import strawberry
from strawberry.types.base import get_object_definition

from storeql.access import Permission
from storeql.db import Database
from storeql.hooks import Hooks, PluginStatus, load_hooks
from storeql.schema.build import build_schema
from storeql.schema.extending import EVERYBODY, query_field
from storeql.schema.fields import field
from storeql.schema.promotions.room import fitted
from tests.everybody import ACTORS, Everybody
from tests.hooks.plugins import answering
from tests.scenarios.people_door import open_door

# By field: how a call of it is written. A new plugin's field fails until it is written down.
CALLS = {
    "loyaltyPoints": "{ loyaltyPoints { balance } }",
    "deliveryEstimates": '{ deliveryEstimates(country: "CN") { method } }',
}


def bringing(*queries: Any, name: str = "Stranger") -> object:
    """A plugin with these query types."""
    return answering("storeql_query_types", lambda self: list(queries), name)


def made(*decorators: Any, returns: Any = str, name: str = "weather") -> type:
    """A query type with one field, declared so."""

    def weather(self: Any) -> Any:
        return "fine"

    weather.__annotations__["return"] = returns
    [declare] = decorators
    body = {name: declare(weather)}
    return strawberry.type(type("Weather", (), body))


def built(plugin: object) -> Hooks:
    hooks, _ = fitted(load_hooks(extra_plugins=[plugin], installed=False), build_schema)
    return hooks


def test_field_for_everybody_and_field_for_some_are_taken() -> None:
    for query in (
        made(query_field("The weather.", EVERYBODY)),
        made(query_field("The weather.", Permission.CUSTOMER), returns=str | None),
    ):
        [info] = [one for one in built(bringing(query)).plugins() if one.name == "Stranger"]
        assert (info.status, info.query_types) == (PluginStatus.ACTIVE, ("Weather",))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (made(field("The weather.")), "weather must name permissions, or EVERYBODY"),
        (made(query_field("The weather.")), "weather must name permissions, or EVERYBODY"),
        (
            made(query_field("The weather.", Permission.CUSTOMER, EVERYBODY), returns=str | None),
            "weather must name permissions, or EVERYBODY",
        ),
        (
            made(query_field("The weather.", Permission.CUSTOMER)),
            "weather needs a permission, so it must be nullable",
        ),
        (made(query_field("", EVERYBODY)), "weather has no description"),
        (
            made(query_field("All there is.", EVERYBODY), name="products"),
            "The query field products is taken by storeql",
        ),
        (int, "int is no Strawberry type with fields"),
        ("Weather", "which is no type"),
    ],
)
def test_unfit_query_field_leaves_its_plugin_out(query: Any, reason: str) -> None:
    [info] = [one for one in built(bringing(query)).plugins() if one.name == "Stranger"]
    assert info.status is PluginStatus.BROKEN
    assert reason in info.reason


def test_of_two_plugins_with_one_field_the_first_stays() -> None:
    plugins = [
        bringing(made(query_field("The weather.", EVERYBODY)), name=name) for name in ("B", "A")
    ]
    hooks, schema = fitted(load_hooks(extra_plugins=plugins, installed=False), build_schema)
    found = {info.name: info for info in hooks.plugins() if info.source == "given"}
    assert found["A"].status is PluginStatus.ACTIVE
    assert "The query field weather is taken by A" in found["B"].reason
    assert schema.execute_sync("{ weather }").data == {"weather": "fine"}


def test_every_actor_is_let_through_to_what_a_field_declares_and_nobody_else(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    everybody = Everybody(database)
    needs = {
        name: {
            permission for directive in one.directives for permission in directive.permission_names
        }
        for _, query in load_hooks().query_types
        for one in get_object_definition(query, strict=True).fields
        for name in [one.graphql_name or camel(one.python_name)]
    }
    assert needs.keys() == CALLS.keys()
    with open_door(database_url, str(tmp_path)) as door:
        for name, query in CALLS.items():
            for actor in ACTORS:
                answered = door.answer(query, everybody.token(actor))
                codes = {error["extensions"]["code"] for error in answered.get("errors", ())}
                allowed = not needs[name] or bool(needs[name] & everybody.granted[actor])
                refused = bool(codes & {"FORBIDDEN", "UNAUTHENTICATED"})
                assert refused is not allowed, (name, actor, answered)
                assert codes <= {"FORBIDDEN", "UNAUTHENTICATED"}


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)

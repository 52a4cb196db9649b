"""Every field against every role: what the SDL declares is exactly what the shop enforces.

Derived from the schema, so that a new field takes part by itself, and one without a declaration
fails until somebody writes it down as public.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storeql.db import Database
from storeql.hooks import load_hooks
from storeql.schema.build import build_schema
from storeql.server import GraphQLServer
from tests.everybody import ACTORS, Everybody
from tests.root_fields import Field, call_of, fields_of
from tests.scenarios.people_door import Door, open_door

# What anybody may ask, signed in or not. Everything else declares who may. Carts are opened by
# their tokens and orders by who placed them: see test_foreign_ids.py.
PUBLIC = {
    "Query.node",
    "Query.nodes",
    "Query.products",
    "Query.productFacets",
    "Query.product",
    "Query.productVariant",
    "Query.productType",
    "Query.productTypes",
    "Query.categories",
    "Query.category",
    "Query.collections",
    "Query.collection",
    "Query.shop",
    "Query.page",
    "Query.pages",
    "Query.menu",
    "Query.menus",
    "Query.banners",
    "Query.tags",
    "Query.channels",
    "Query.promotionTypes",
    "Query.voucherOffers",
    "Query.cart",
    "Query.deliveryMethods",
    "Query.paymentMethods",
    "Query.order",
    "Mutation.customerRegister",
    "Mutation.customerSignIn",
    "Mutation.customerPasswordResetRequest",
    "Mutation.customerPasswordReset",
    "Mutation.staffSignIn",
    "Mutation.cartCreate",
    "Mutation.cartLinesAdd",
    "Mutation.cartLinesUpdate",
    "Mutation.cartLinesRemove",
    "Mutation.cartVoucherCodesAdd",
    "Mutation.cartVoucherCodesRemove",
    "Mutation.cartGiftsChoose",
    "Mutation.cartAddOnsChoose",
    "Mutation.cartAddressUpdate",
    "Mutation.cartDeliveryMethodUpdate",
    "Mutation.cartPaymentMethodUpdate",
    "Mutation.cartCheckoutUpdate",
    "Mutation.orderPlace",
    "Mutation.orderPay",
    "Mutation.orderPaymentCheck",
    "Mutation.orderCancel",
    "Mutation.orderComplete",
    "Subscription.orderChanged",  # of one's own orders, or with the cart's token
    "Subscription.variantStockChanged",
}
ROOT_FIELDS = fields_of("Query", "Mutation", "Subscription")
GUARDED = [field for field in fields_of() if field.needs]
NESTED = [field for field in GUARDED if field not in ROOT_FIELDS]
ACCESS_CODES = {"FORBIDDEN", "UNAUTHENTICATED"}


def test_every_root_field_declares_who_may_or_is_known_to_be_public() -> None:
    undeclared = {str(field) for field in ROOT_FIELDS if not field.needs}
    assert undeclared == PUBLIC


def test_fields_behind_a_permission_are_nullable() -> None:
    assert [str(field) for field in GUARDED if not field.is_nullable] == []


@pytest.fixture
def people(database: Database) -> Everybody:
    return Everybody(database)


@pytest.fixture
def door(people: Everybody, database_url: str, tmp_path: Path) -> Iterator[Door]:
    with open_door(database_url, str(tmp_path), sign_in_attempts=1000) as opened:
        yield opened


@pytest.mark.parametrize("actor", ACTORS)
def test_root_fields_let_through_exactly_whom_they_declare(
    door: Door, people: Everybody, actor: str
) -> None:
    granted = people.granted[actor]
    refused = "UNAUTHENTICATED" if actor == "guest" else "FORBIDDEN"
    wrong = []
    for field in ROOT_FIELDS:
        if field.type_name == "Subscription":
            continue
        call = call_of(field)
        answered = door.answer(call.query, people.token(actor), **call.variables)
        found = _access_codes(answered, field)
        may = not field.needs or not field.needs.isdisjoint(granted)
        if found != ([] if may else [refused]):
            wrong.append(f"{field}: {found}, {answered}")
    assert wrong == []


def _access_codes(answered: dict[str, Any], field: Field) -> list[str]:
    """The access errors of a call; a call that never reached its field is a fault of the sweep."""
    assert "data" in answered, f"{field}: {answered}"
    codes = [error["extensions"]["code"] for error in answered.get("errors", ())]
    assert "INTERNAL_SERVER_ERROR" not in codes, f"{field}: {answered}"
    return [code for code in codes if code in ACCESS_CODES]


@pytest.mark.parametrize("field", NESTED, ids=str)
def test_nested_fields_let_through_exactly_whom_they_declare(field: Field) -> None:
    everything = frozenset().union(*(one.needs for one in GUARDED))
    one_by_one = [frozenset({name}) for name in sorted(field.needs)]
    assert _nested_code(field, frozenset()) == "UNAUTHENTICATED"
    assert _nested_code(field, everything - field.needs) == "FORBIDDEN"
    assert [_nested_code(field, granted) for granted in one_by_one] == [None] * len(one_by_one)


def _nested_code(field: Field, granted: frozenset[str]) -> str | None:
    """The access error of a field of an object that is right there; None when it is read."""
    schema, core = _schema()
    kind = core.type_map[field.type_name]
    assert isinstance(kind, GraphQLObjectType)
    record = _blank_record(kind)
    probe = GraphQLObjectType("Query", {"probe": GraphQLField(kind, resolve=lambda *_: record)})
    schema._schema = GraphQLSchema(probe)
    context = SimpleNamespace(
        granted=granted, is_authenticated=bool(granted), close=lambda failed: None
    )
    server = GraphQLServer(schema, lambda request: context)  # type: ignore[arg-type,return-value]
    call = call_of(field)
    query = f"{{ probe {call.query.removeprefix(field.type_name.lower())} }}"
    with TestClient(Starlette(routes=server.routes())) as http:
        answered = http.post("/graphql", json={"query": query}).json()
    codes = [error["extensions"]["code"] for error in answered.get("errors", ())]
    return next((code for code in codes if code in ACCESS_CODES), None)


@lru_cache(maxsize=1)
def _schema() -> tuple[Any, GraphQLSchema]:
    """The shop's schema, for borrowing, and its types."""
    schema = build_schema(load_hooks())
    return schema, schema._schema


def _blank_record(kind: GraphQLObjectType) -> object:
    """A record of the type with nothing in it: refusals come before anything is read."""
    for cls in getattr(kind.is_type_of, "record_classes", ()):
        if issubclass(cls, msgspec.Struct):
            return cls(**dict.fromkeys(cls.__struct_fields__))
    return object()

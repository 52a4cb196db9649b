"""The interface of all events, and for each kind a type with its object and its facts."""

import types
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import strawberry
from msgspec import Meta, Struct

from storeql.events import EventKind, records
from storeql.events.facts import Amount, Reference
from storeql.schema.events.objects import SUBJECTS
from storeql.schema.fields import attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.money import Money, money
from storeql.schema.scalars import DateTime
from storeql.shop import EVENT_KINDS

_names: Any = Enum(  # type: ignore[misc]
    "EventKind",
    {
        kind.name: strawberry.enum_value(kind.name, description=kind.description)
        for kind in EVENT_KINDS
    },
)
EventName: Any = strawberry.enum(
    _names, description="What can happen in a shop, and webhooks be told of."
)


@strawberry.interface(description="Something that happened in the shop; each kind has a type.")
class Event(Node):
    """The interface of all events."""

    at: DateTime = attribute("When it happened.")
    actor: str = attribute("Who did it: staff:3, app:2, customer:12, guest, or shop for itself.")

    @pure("The event's opaque id, the same however often a webhook sends it.")
    def id(self: records.Event) -> strawberry.ID:
        return opaque_id("Event", self.id)

    @pure("What happened.")
    def kind(self: records.Event) -> EventName:
        return EventName[self.kind]

    @pure("A whole number that grows, of one object in the order of its changes; with gaps.")
    def sequence(self: records.Event) -> float:
        return self.number

    @pure("The id of what it is about, which may be gone by now.")
    def object_id(self: records.Event) -> strawberry.ID:
        return opaque_id(self.subject, self.object_id)

    @pure("The channel it is about; null when it is about all of them.")
    def channel_id(self: records.Event) -> strawberry.ID | None:
        return None if self.channel_id is None else opaque_id("Channel", self.channel_id)


def type_name(kind: EventKind) -> str:
    """The GraphQL type of a kind: ORDER_PLACED is an OrderPlacedEvent."""
    return "".join(part.capitalize() for part in kind.name.split("_")) + "Event"


def _type_of(kind: EventKind) -> type:
    subject = SUBJECTS[kind.subject]
    members = {
        subject.field: _object(subject.field, subject.graphql_type),
        **{name: _fact(name, hint) for name, hint in _facts(kind.Facts).items()},
        "is_type_of": classmethod(_shows(kind.name)),
    }
    name = type_name(kind)
    made = types.new_class(name, (Event,), {}, lambda body: body.update(members))
    return strawberry.type(made, description=kind.description)


def _facts(facts: type[Struct] | None) -> dict[str, Any]:
    return {} if facts is None else get_type_hints(facts, include_extras=True)


def _object(name: str, graphql_type: type) -> Any:
    def resolve(self: records.Event) -> Any:
        return self.object

    return _pure(resolve, name, graphql_type | None, "What it is about; null once it is gone.")


def _fact(name: str, hint: Any) -> Any:
    assert get_origin(hint) is Annotated, f"The fact {name} says nothing of itself."
    inner, meta = get_args(hint)[0], next(m for m in get_args(hint)[1:] if isinstance(m, Meta))
    names: Reference | None = (meta.extra or {}).get("names")
    is_amount = Amount in (inner, *get_args(inner))

    def resolve(self: records.Event) -> Any:
        value = self.facts.get(name)
        if value is None:
            return None
        if names is not None:
            return opaque_id(names.value, value)
        return money(value["minor"], value["currency"]) if is_amount else value

    if names is not None:
        return _pure(resolve, name, strawberry.ID, str(meta.description))
    shown = Money if is_amount else inner
    is_optional = is_amount and get_origin(inner) in (Union, types.UnionType)
    return _pure(resolve, name, shown | None if is_optional else shown, str(meta.description))


def _pure(resolve: Callable[..., Any], name: str, answer: Any, description: str) -> Any:
    resolve.__name__ = name
    resolve.__annotations__ = {"self": records.Event, "return": answer}
    return pure(description)(resolve)


def _shows(name: str) -> Any:
    def is_type_of(cls: type, value: object, info: object) -> bool:
        return isinstance(value, records.Event) and value.kind == name

    return is_type_of


EVENT_TYPES: list[type] = [_type_of(kind) for kind in EVENT_KINDS]

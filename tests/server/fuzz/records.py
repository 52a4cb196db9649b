"""Records that stand for an object type, and the marks by which one may be told from another.

A record's type may show in its class alone, in a `mark` that the schema's own functions look at, in
the `__typename` that graphql-core looks for, or in a `strawberry.cast`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

# What the fields of any type may read, so that a record can be taken for one of another type.
ATTRIBUTES = (
    "note",
    *(f"i{number}_{n}" for number in range(2) for n in range(3)),
    *(f"f{number}_{n}" for number in range(5) for n in range(5)),
)


class Record:
    """What a resolver returns."""

    __slots__ = ()

    def __repr__(self) -> str:
        return type(self).__name__


class Forwarding(Record):
    """A record that holds another one and has whatever that one has."""

    __slots__ = ("inner",)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "inner"), name)


class RecordClasses(NamedTuple):
    """The classes of records of one object type: only `slim` has no room for any mark."""

    roomy: type
    slim: type
    marked: type
    mapping: type
    forwarding: type
    failure: type

    def declared(self) -> tuple[type, ...]:
        """The classes that stand for the type; a failure has the attributes, but never does."""
        return self[:-1]


def record_classes(name: str) -> RecordClasses:
    """The classes for an object type of this name."""
    marks = ("mark", f"_{name}Marked__typename", TYPE_CAST_ATTRIBUTE)
    return RecordClasses(
        roomy=type(f"{name}Roomy", (Record,), {}),
        slim=type(f"{name}Slim", (Record,), {"__slots__": ATTRIBUTES}),
        marked=type(f"{name}Marked", (Record,), {"__slots__": (*ATTRIBUTES, *marks)}),
        mapping=type(f"{name}Mapping", (Record, dict), {"__slots__": ATTRIBUTES}),
        forwarding=type(f"{name}Forwarding", (Forwarding,), {"__slots__": ()}),
        failure=type(f"{name}Failure", (Record, Exception), {}),
    )


def record_of(cls: type, attributes: dict[str, Any]) -> Any:
    """A record of the class with these attributes, whatever its constructor would say."""
    record = cls.__new__(cls)
    target = record
    if isinstance(record, Forwarding):
        target = record.inner = Record.__new__(Inner)
    for name, value in attributes.items():
        setattr(target, name, value)
    return record


class Inner(Record):
    """What a forwarding record holds."""


def mark_as_own(record: Any, mark: object) -> None:
    """Marks the record for the schema's own functions."""
    _put(record, "mark", mark)


def mark_for_graphql(record: Any, name: str) -> None:
    """Marks the record for graphql-core."""
    if isinstance(record, dict):
        record["__typename"] = name
    else:
        _put(record, f"_{type(record).__name__}__typename", name)


def mark_as_cast(record: Any, graphql_type: type) -> None:
    """Marks the record as `strawberry.cast` does."""
    _put(record, TYPE_CAST_ATTRIBUTE, graphql_type)


def _put(record: Any, name: str, value: object) -> None:
    """Sets what the record has room for: slim ones bear no mark."""
    with suppress(AttributeError):
        setattr(record.inner if isinstance(record, Forwarding) else record, name, value)

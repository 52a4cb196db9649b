"""How types know their values: `is_type_of` and `resolve_type` of several kinds, some wrong.

Those that look at marks say whatever the record says, be it false, unheard of, or an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

IsTypeOf = Callable[[Any, Any], Any]


def by_declared_class(classes: tuple[type, ...], name: str) -> IsTypeOf:
    """What `answers` of the schema makes: the class decides, and compiled code may know it."""

    def is_type_of(value: Any, info: Any) -> bool:
        return isinstance(value, classes)

    is_type_of.record_classes = classes  # type: ignore[attr-defined]
    return is_type_of


def by_class(classes: tuple[type, ...], name: str) -> IsTypeOf:
    """The class decides, but nobody is told."""

    def is_type_of(value: Any, info: Any) -> bool:
        return isinstance(value, classes)

    return is_type_of


def by_mark(classes: tuple[type, ...], name: str) -> IsTypeOf:
    """The mark decides where there is one; the answer may be any object, true or false."""

    def is_type_of(value: Any, info: Any) -> Any:
        mark = mark_of(value)
        return isinstance(value, classes) if mark is None else mark if mark == name else ""

    return is_type_of


def by_place(classes: tuple[type, ...], name: str) -> IsTypeOf:
    """Refuses values at some places of a query, and knows a place by what the info says of it."""

    def is_type_of(value: Any, info: Any) -> bool:
        here = f"{name} {info.parent_type.name} {info.field_name} {info.path.key}"
        return isinstance(value, classes) and crc32(here.encode()) % 9 > 0

    return is_type_of


TYPE_CHECKS = (by_declared_class, by_class, by_mark, by_place)
WRONG_MARKS = (
    lambda: "Nowhere",
    lambda: "Iface0",
    lambda: "Int",
    lambda: "Object0",
    lambda: 7,
    lambda: ["no hash"],
    lambda: LookupError("the type is not known"),
)


def mark_of(value: Any) -> Any:
    """The record's mark, None without one; raises it if it is an exception."""
    mark = getattr(value, "mark", None)
    if isinstance(mark, Exception):
        raise mark
    return mark


def type_resolver(names: dict[type, str]) -> Any:
    """A `resolve_type` that says what the record's mark says, or else the name for its class."""

    def resolve_type(value: Any, info: Any, abstract: Any) -> Any:
        mark = mark_of(value)
        return names.get(type(value)) if mark is None else mark

    return resolve_type

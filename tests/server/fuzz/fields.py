"""Fields of the fuzz: plain attributes, resolvers marked as pure or not, and extended ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from tests.server.fuzz.leaves import Plain, PlainEnum


@strawberry.input
class Span:
    start: int = 0
    stop: int | None = strawberry.UNSET


def turned(value: Any, number: int) -> Any:
    """The value as an argument makes it: as it was for 1, and something else for most others."""
    if number == 1:
        return value
    if number < 0:
        return None
    if type(value) is list:
        return value[:number]
    if type(value) is int or type(value) is float:
        return value + number
    return f"{value}{number}" if type(value) is str else value


def pure(resolver: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a resolver as compiled code knows it."""
    resolver.pure_attribute = True  # type: ignore[attr-defined]
    return resolver


def of_self(name: str) -> Callable[..., Any]:
    def resolve(self: Any) -> Any:
        return getattr(self, name)

    return resolve


def of_parent(name: str) -> Callable[..., Any]:
    def resolve(record: strawberry.Parent[Any]) -> Any:
        return getattr(record, name)

    return resolve


def of_root(name: str) -> Callable[..., Any]:
    def resolve(root: Any) -> Any:
        return getattr(root, name)

    return resolve


def of_nothing(name: str) -> Callable[..., Any]:
    def resolve() -> None:
        return None

    return resolve


def of_anything(name: str) -> Callable[..., Any]:
    def resolve(self: Any) -> str:
        return name

    return resolve


def with_info(name: str) -> Callable[..., Any]:
    """Looks at the request, and at how many fields were merged into this one."""

    def resolve(self: Any, info: strawberry.Info) -> Any:
        merged = len(info._raw_info.field_nodes)
        third = str(info.path.key).startswith("a2")
        return turned(getattr(self, name), merged + info.context.number + third)

    return resolve


def with_number(name: str) -> Callable[..., Any]:
    def resolve(self: Any, n: int = 1) -> Any:
        return turned(getattr(self, name), n)

    return resolve


def with_arguments(name: str) -> Callable[..., Any]:
    def resolve(
        self: Any,
        info: strawberry.Info,
        n: int = 1,
        flags: list[bool] | None = None,
        shade: PlainEnum | None = Plain.RED,  # type: ignore[valid-type]
    ) -> Any:
        number = n if flags is None else sum(flags)
        return turned(getattr(self, name), number if shade is Plain.RED else number + 2)

    return resolve


def with_span(name: str) -> Callable[..., Any]:
    def resolve(parent: strawberry.Parent[Any], span: Span, n: int | None = None) -> Any:
        stop = span.start + 1 if span.stop is strawberry.UNSET else span.stop
        return turned(getattr(parent, name), 1 if stop is None else stop - (n or 0))

    return resolve


class Turning(FieldExtension):
    """Changes whatever the field answers, and looks at how many arguments it was given."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: Any, **arguments: Any) -> Any:
        return turned(next_(source, info, **arguments), 2 + len(arguments))


# Those that do not look at their parent are wrong for most types: a few are enough.
WITHOUT_ARGUMENTS = (*(of_self, of_parent, of_root, with_info) * 5, of_nothing, of_anything)
WITH_ARGUMENTS = (with_number, with_arguments, with_span)
RESOLVERS = (*WITHOUT_ARGUMENTS, *WITH_ARGUMENTS * 5)

"""The enums and scalars of the fuzz, and values of them: usual, unusual and wrong ones."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import Any, NamedTuple, NewType

import strawberry
from graphql import Undefined


class Plain(enum.Enum):
    RED = "r"
    GREEN = 2
    BLUE = (1, 2)
    NOTHING = None


class Texty(enum.StrEnum):
    ON = "on"
    OFF = "off"


class Twins(enum.Enum):
    """Two members of one value, and one whose value has no hash."""

    ELDER = strawberry.enum_value(1, name="ELDER_TWIN")
    YOUNGER = strawberry.enum_value(1, name="YOUNGER_TWIN")
    COUSIN = ([3], 4)


PlainEnum = strawberry.enum(Plain)
TextyEnum = strawberry.enum(Texty)
TwinsEnum = strawberry.enum(Twins)
Even = NewType("Even", int)
Label = NewType("Label", str)
Count = NewType("Count", int)


def serialize_even(value: Any) -> int | None:
    if not isinstance(value, int):
        raise ValueError(f"not a number: {value!r}")
    return value if value % 2 == 0 else None


def serialize_label(value: Any) -> str:
    return value if isinstance(value, str) else f"label {value!r}"


def serialize_count(value: Any) -> int:
    return value if type(value) is int else len(value)


serialize_label.passes_type = str  # type: ignore[attr-defined]
serialize_count.passes_type = int  # type: ignore[attr-defined]
SCALARS: dict[object, Any] = {
    Even: strawberry.scalar(name="Even", serialize=serialize_even),
    Label: strawberry.scalar(name="Label", serialize=serialize_label),
    Count: strawberry.scalar(name="Count", serialize=serialize_count),
}


class Number(int):
    pass


class Text(str):
    __slots__ = ()


class Textual:
    def __str__(self) -> str:
        return "textual"


class LeafValues(NamedTuple):
    """Values that compiled code knows, that only graphql-core knows, and that none completes."""

    usual: tuple[Any, ...]
    unusual: tuple[Any, ...]
    wrong: tuple[Any, ...]


INSTANT = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
LEAVES: dict[Any, LeafValues] = {
    str: LeafValues(("text", ""), (Text("sub"), 7, True, 1.5), (Textual(), b"bytes", [])),
    int: LeafValues(
        (0, 41, 2**31 - 1, -(2**31)),
        (Number(3), True, 2.0, "12"),
        (2**31, -(2**31) - 1, 2.5, "twelve", ""),
    ),
    float: LeafValues(
        (1.5, -0.0, 1.7e308), (3, True, "1.25"), (float("nan"), float("inf"), 10**400, "")
    ),
    bool: LeafValues((True, False), (1, 0.0), ("true", float("nan"), [True])),
    strawberry.ID: LeafValues(("id", strawberry.ID("x")), (5, 6.0, Text("sub")), (1.5, True, {})),
    PlainEnum: LeafValues(
        (*Plain, 2, "r", (1, 2)), (2.0, Number(2), "NOTHING"), ("RED", Texty.ON, [1, 2], 3)
    ),
    TextyEnum: LeafValues((*Texty, "off"), (Text("on"),), ("ON", 1, Plain.RED)),
    TwinsEnum: LeafValues((*Twins, 1), (True, 1.0, ([3], 4)), ("ELDER", [3], Plain.GREEN)),
    Even: LeafValues((2, 4), (Number(0), False), (3, "2")),
    Label: LeafValues(("label", ""), (Text("sub"), 5, Textual), ()),
    Count: LeafValues((0, 9), ("four", [1, 2], {}), (Number(3), 1.5)),
    dt.datetime: LeafValues((INSTANT,), (dt.date(2026, 1, 2),), ("yesterday",)),
}

# Wrong almost wherever they turn up.
ODDITIES: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: None,
    lambda: ValueError("an exception as a value"),
    lambda: ValueError("an exception as a value"),
    lambda: Undefined,
    lambda: "wrong",
    lambda: {"f0": 1},
    lambda: [1],
    lambda: {1, 2},
    Textual,
)

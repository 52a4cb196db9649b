"""Random values and queries for a random schema, most of them as they should be."""

from __future__ import annotations

import datetime as dt
import enum
from collections import deque
from random import Random
from typing import Any, Union, get_args, get_origin

import strawberry
from graphql import Undefined, get_named_type, is_abstract_type, is_leaf_type

from tests.server.fuzz_schemas import Even, Label, ObjectType, Plain, Record, Texty, World

ODD = 0.012
DEEPEST = 5


class Values:
    """Draws values for annotations; `odd` is how often one is not what the type wants."""

    def __init__(self, world: World, random: Random, odd: float) -> None:
        self._world = world
        self._random = random
        self._odd = odd
        self._depth = 0
        self._by_type = {id(obj.type): obj for obj in world.objects}

    def value(self, annotation: Any) -> Any:
        """A value for the annotation, or an odd one."""
        if self._random.random() < self._odd:
            return self._random.choice(ODDITIES)()
        if get_origin(annotation) is Union:
            members = [a for a in get_args(annotation) if a is not type(None)]
            if self._random.random() < 0.2:
                return None
            return self.value(members[0])
        if get_origin(annotation) is list:
            return self._list(get_args(annotation)[0])
        if id(annotation) in self._by_type:
            return self._record(self._by_type[id(annotation)])
        for abstract, members in self._abstracts():
            if abstract is annotation:
                return self._record(self._random.choice(members))
        return self._leaf(annotation)

    def _abstracts(self) -> list[tuple[Any, list[ObjectType]]]:
        interfaces = [(i, members) for i, _, members in self._world.interfaces]
        return interfaces + self._world.unions

    def _list(self, annotation: Any) -> Any:
        items = [self.value(annotation) for _ in range(self._random.randint(0, 3))]
        kind = self._random.random()
        if kind < 0.85:
            return items
        return tuple(items) if kind < 0.97 else deque(items)

    def _record(self, obj: ObjectType) -> Record:
        if self._depth == DEEPEST:
            return obj.record()
        self._depth += 1
        attributes = {name: self.value(a) for name, a in obj.fields.items()}
        self._depth -= 1
        if self._random.random() < self._odd:
            gone = self._random.choice(list(attributes))
            del attributes[gone]
            if self._random.random() < 0.7:
                return type("Raising", (obj.record,), {gone: property(_raise)})(**attributes)
        return (obj.slim if self._random.random() < 0.6 else obj.record)(**attributes)

    def _leaf(self, annotation: Any) -> Any:
        return self._random.choice(LEAF_VALUES[annotation])()


def _raise(self: Any) -> Any:
    raise LookupError("the property raises")


class Textual:
    def __str__(self) -> str:
        return "textual"


class Number(int):
    pass


class Text(str):
    __slots__ = ()


ODDITIES = (
    lambda: None,
    lambda: ValueError("an exception as a value"),
    lambda: Undefined,
    lambda: "wrong",
    lambda: {"f0": 1},
    lambda: [1],
    lambda: float("nan"),
    lambda: 10**12,
    lambda: Textual(),
    lambda: Record(f0="a record of no type"),
    lambda: {1, 2},
    lambda: b"bytes",
)
INSTANT = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
LEAF_VALUES: dict[Any, tuple[Any, ...]] = {
    str: (lambda: "text", lambda: "", lambda: Text("sub"), lambda: 7, lambda: True, lambda: 1.5),
    int: (lambda: 0, lambda: 41, lambda: Number(3), lambda: True, lambda: 2.0, lambda: "12"),
    float: (lambda: 1.5, lambda: 0.0, lambda: 3, lambda: True, lambda: "1.25"),
    bool: (lambda: True, lambda: False, lambda: 1, lambda: 0.0),
    strawberry.ID: (lambda: "id", lambda: 5, lambda: strawberry.ID("x"), lambda: 6.0),
    Plain: (lambda: Plain.RED, lambda: Plain.BLUE, lambda: 2, lambda: "r", lambda: (1, 2)),
    Texty: (lambda: Texty.ON, lambda: "off", lambda: Texty.OFF),
    Label: (lambda: "label", lambda: Text("sub"), lambda: 5),
    Even: (*(lambda: 2, lambda: 4, lambda: 0) * 4, lambda: 3),  # 3 is serialised to null
    dt.datetime: (lambda: INSTANT,),
}
assert issubclass(Plain, enum.Enum)


ARGUMENTS = ("(n: $n)", "(n: 2, flags: [$b0])", "(n: -1)", "", "")


class Queries:
    """Draws documents; merged fields, fragments, aliases and conditions are frequent."""

    def __init__(self, world: World, random: Random) -> None:
        self._schema = world.schema._schema
        self._random = random
        self._fragments: list[str] = []
        self._fragments_on: dict[str, list[str]] = {}
        self._arguments_of: dict[str, str] = {}

    def document(self) -> str:
        """A document with one operation, usually valid."""
        self._fragments = []
        self._fragments_on = {}
        self._arguments_of = {}
        assert self._schema.query_type is not None
        body = self._selection(self._schema.query_type, 0)
        fragments = " ".join(self._fragments)
        number = ", $n: Int = 1" if "$n" in body + fragments else ""
        uses = "u: __typename @include(if: $b0) w: __typename @skip(if: $b1)"
        heading = f"query Q($b0: Boolean!, $b1: Boolean = true{number})"
        return f"{heading} {{ {uses} {body} }} {fragments}"

    def _selection(self, parent: Any, depth: int) -> str:
        parts = [self._part(parent, depth) for _ in range(self._random.randint(1, 4))]
        return " ".join(parts)

    def _part(self, parent: Any, depth: int) -> str:
        kind = self._random.random()
        if kind < 0.04:
            return f"... {self._condition()} {{ {self._selection(parent, depth)} }}"
        if kind < 0.12:
            return self._on(parent, depth)
        if kind < 0.22:
            return self._spread(parent, depth)
        if kind < 0.27 or not hasattr(parent, "fields"):
            return f"{self._alias()}__typename"
        return self._field(parent, depth)

    def _on(self, parent: Any, depth: int) -> str:
        type_ = self._related(parent)
        return f"... on {type_.name} {self._condition()} {{ {self._selection(type_, depth)} }}"

    def _spread(self, parent: Any, depth: int) -> str:
        """A fragment: often one that another place spreads already, and merges otherwise."""
        type_ = self._related(parent)
        known = self._fragments_on.setdefault(type_.name, [])
        if known and self._random.random() < 0.6:
            return f"...{self._random.choice(known)} {self._condition()}"
        place = len(self._fragments)
        self._fragments.append("")
        body = self._selection(type_, depth)
        self._fragments[place] = f"fragment F{place} on {type_.name} {{ {body} }}"
        known.append(f"F{place}")
        return f"...F{place} {self._condition()}"

    def _related(self, parent: Any) -> Any:
        """A type that values of `parent` may have."""
        if is_abstract_type(parent):
            return self._random.choice([parent, *self._schema.get_possible_types(parent)])
        return self._random.choice([parent, *parent.interfaces])

    def _field(self, parent: Any, depth: int) -> str:
        name = self._random.choice(list(parent.fields))
        field = parent.fields[name]
        alias = self._alias(name)
        arguments = self._arguments(f"{alias}{name}") if field.args else ""
        text = f"{alias}{name}{arguments} {self._condition()}"
        below = get_named_type(field.type)
        if is_leaf_type(below):
            return text
        if depth > 4:
            return f"{text} {{ __typename }}"
        return f"{text} {{ {self._selection(below, depth + 1)} }}"

    def _arguments(self, name: str) -> str:
        """The same for the same name, so that fields may merge."""
        if name not in self._arguments_of:
            self._arguments_of[name] = self._random.choice(ARGUMENTS)
        return self._arguments_of[name]

    def _alias(self, name: str = "") -> str:
        kind = self._random.random()
        if kind < 0.02:
            return f"a{self._random.randint(0, 4)}: "
        return f"a{self._random.randint(0, 2)}{name}: " if kind < 0.2 else ""

    def _condition(self) -> str:
        kind = self._random.random()
        if kind > 0.18:
            return ""
        directive = self._random.choice(("skip", "include"))
        value = self._random.choice(("true", "false", "$b0", "$b1"))
        return f"@{directive}(if: {value})"

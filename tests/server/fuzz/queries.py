"""Random documents: merged fields, fragments, aliases, conditions and arguments are frequent."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
)

from tests.server.fuzz.worlds import World

DEEPEST = 4
MOST_NESTED = 8
VARIABLES = {
    "n": "$n: Int = 1",
    "m": "$m: Int",
    "flags": "$flags: [Boolean!]",
    "shade": "$shade: Plain",
}
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "n": ("n: $n", "n: 2", "n: -1", "n: 0"),
    "flags": ("flags: $flags", "flags: [$b0, true]", "flags: null"),
    "shade": ("shade: $shade", "shade: BLUE", "shade: RED"),
    "span": (
        "span: {}",
        "span: {stop: $m}",
        "span: {start: 1, stop: 2}",
        "span: {start: $n, stop: null}",
    ),
}


def variables(random: Random) -> dict[str, Any]:
    """Values for the variables of a document, some of them left out."""
    drawn: dict[str, Any] = {"b0": random.random() < 0.5}
    if random.random() < 0.7:
        drawn["b1"] = None if random.random() < 0.05 else random.random() < 0.5
    optional = {
        "n": (None, -1, 0, 1, 2, 3),
        "m": (None, 0, 1, 2),
        "flags": (None, [], [True], [True, False, True]),
        "shade": (None, "RED", "GREEN", "NOTHING"),
    }
    for name, values in optional.items():
        if random.random() < 0.8:
            drawn[name] = random.choice(values)
    return drawn


class Queries:
    """Draws documents of one operation, usually valid ones."""

    def __init__(self, world: World, random: Random) -> None:
        self._schema = world.schema._schema
        self._is_incremental = world.is_incremental
        self._random = random
        self._fragments: list[str] = []
        self._fragments_on: dict[str, list[str]] = {}
        self._arguments_of: dict[str, str] = {}
        self._heads_on: dict[str, list[tuple[str, Any]]] = {}
        self._nested = 0
        self._streams = 0

    def document(self) -> str:
        """One document."""
        self._fragments = []
        self._fragments_on = {}
        self._arguments_of = {}
        self._heads_on = {}
        assert self._schema.query_type is not None
        body = self._selection(self._schema.query_type, 0)
        fragments = " ".join(self._fragments)
        used = [text for name, text in VARIABLES.items() if f"${name}" in body + fragments]
        declared = ", ".join(("$b0: Boolean!", "$b1: Boolean = true", *used))
        uses = "u: __typename @include(if: $b0) w: __typename @skip(if: $b1)"
        return f"query Q({declared}) {{ {uses} {body} }} {fragments}"

    def _selection(self, parent: Any, depth: int) -> str:
        self._nested += 1
        most = 4 if self._nested < MOST_NESTED else 1
        parts = [self._part(parent, depth) for _ in range(self._random.randint(1, most))]
        self._nested -= 1
        return " ".join(parts)

    def _part(self, parent: Any, depth: int) -> str:
        if self._nested > MOST_NESTED:
            return self._typename(parent, depth)
        on = 40 if is_abstract_type(parent) else 10
        parts = {
            self._typename: 6,
            self._unconditional: 4,
            self._again: 8,
            self._on: on,
            self._spread: 14,
            self._field: 50,
        }
        write = self._random.choices(tuple(parts), tuple(parts.values()))[0]
        return write(parent, depth)

    def _typename(self, parent: Any, depth: int) -> str:
        return f"{self._alias()}__typename {self._condition()}"

    def _unconditional(self, parent: Any, depth: int) -> str:
        return f"... {self._condition()} {{ {self._selection(parent, depth)} }}"

    def _again(self, parent: Any, depth: int) -> str:
        """A field that another place selects already, with a selection of its own to merge."""
        known = self._heads_on.get(parent.name)
        if not known or depth == DEEPEST:
            return self._field(parent, depth)
        head, below = self._random.choice(known)
        return f"{head} {{ {self._selection(below, depth + 1)} }}"

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
        """A type that values of `parent` may have, object types first of all."""
        possible = self._schema.get_possible_types(parent) if is_abstract_type(parent) else [parent]
        if isinstance(parent, GraphQLObjectType) or self._random.random() < 0.2:
            wider = [
                named
                for named in self._schema.type_map.values()
                if is_abstract_type(named)
                and set(self._schema.get_possible_types(named)) & set(possible)
            ]
            return self._random.choice([parent, *wider])
        return self._random.choice(possible)

    def _field(self, parent: Any, depth: int) -> str:
        if not hasattr(parent, "fields"):
            return self._typename(parent, depth)
        name = self._random.choice(list(parent.fields))
        field = parent.fields[name]
        alias = self._alias(name)
        head = f"{alias}{name}{self._arguments(f'{alias}{name}', field)}"
        text = f"{self._streamed(name, field) or head} {self._condition()}"
        below = get_named_type(field.type)
        if is_leaf_type(below):
            return text
        if depth == DEEPEST:
            return f"{text} {{ __typename }}"
        self._heads_on.setdefault(parent.name, []).append((head, below))
        return f"{text} {{ {self._selection(below, depth + 1)} }}"

    def _arguments(self, name: str, field: Any) -> str:
        """The same for the same name, so that fields may merge."""
        name += str(list(field.args))
        if name not in self._arguments_of:
            chosen = [
                self._random.choice(ARGUMENTS[argument])
                for argument in field.args
                if argument == "span" or self._random.random() < 0.5
            ]
            self._arguments_of[name] = f"({', '.join(chosen)})" if chosen else ""
        return self._arguments_of[name]

    def _alias(self, name: str = "") -> str:
        kind = self._random.random()
        if kind < 0.02:
            return f"a{self._random.randint(0, 4)}: "
        return f"a{self._random.randint(0, 2)}{name}: " if kind < 0.2 else ""

    def _condition(self) -> str:
        kind = self._random.random()
        if kind < 0.004:
            return '@shout(value: "hey")'
        directives = self._random.sample(("skip", "include"), 2 if kind < 0.05 else 1)
        if kind > 0.18:
            return ""
        return " ".join(
            f"@{name}(if: {self._random.choice(('true', 'false', '$b0', '$b1'))})"
            for name in directives
        )

    def _streamed(self, name: str, field: Any) -> str:
        """A list that no other field may merge with: graphql-core looks at its @stream."""
        if not self._is_incremental or not is_list_type(get_nullable_type(field.type)):
            return ""
        if field.args or self._random.random() > 0.2:
            return ""
        self._streams += 1
        count = self._random.choice((0, -1))
        return f"s{self._streams}{name}: {name} @stream(initialCount: {count})"

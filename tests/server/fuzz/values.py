"""Random values for the fields of a random schema, most of them as they should be."""

from __future__ import annotations

from collections import deque
from random import Random
from types import UnionType
from typing import Any, Union, get_args, get_origin

from tests.server.fuzz.checks import WRONG_MARKS
from tests.server.fuzz.leaves import LEAVES, ODDITIES
from tests.server.fuzz.records import mark_as_cast, mark_as_own, mark_for_graphql, record_of
from tests.server.fuzz.worlds import ObjectType, World

DEEPEST = 5
MOST_RECORDS = 120


class Values:
    """Draws values for annotations; `odd` is how often one is not what the type wants."""

    def __init__(self, world: World, random: Random, odd: float) -> None:
        self._world = world
        self._random = random
        self._odd = odd
        self._depth = 0
        self._records = 0
        self._members = {id(obj.type): [obj] for obj in world.objects}
        self._members |= {id(a.annotation): a.members for a in world.abstracts}

    def value(self, annotation: Any) -> Any:
        """A value for the annotation, or an odd one."""
        if self._happens():
            return self._random.choice(ODDITIES)()
        if get_origin(annotation) in (Union, UnionType):
            return None if self._random.random() < 0.2 else self.value(get_args(annotation)[0])
        if get_origin(annotation) is list:
            return self._list(get_args(annotation)[0])
        members = self._members.get(id(annotation))
        return self._leaf(annotation) if members is None else self._record(members)

    def _happens(self) -> bool:
        return self._random.random() < self._odd

    def _leaf(self, annotation: Any) -> Any:
        leaf = LEAVES[annotation]
        if self._happens() and leaf.wrong:
            return self._random.choice(leaf.wrong)
        return self._random.choice(leaf.unusual if self._random.random() < 0.15 else leaf.usual)

    def _list(self, annotation: Any) -> Any:
        count = self._random.choice((0, 1, 2, 2, 3, 4)) if self._records < MOST_RECORDS else 0
        items = [self.value(annotation) for _ in range(count)]
        kind = self._random.random()
        if kind < 0.9:
            return items
        return tuple(items) if kind < 0.97 else deque(items)

    def _record(self, members: list[ObjectType]) -> Any:
        """A record of one of the members, of a type that is not one when things are odd."""
        obj = self._random.choice(self._world.objects if self._happens() else members)
        attributes = self._attributes(obj)
        cls = self._class(obj)
        if attributes and self._happens():
            gone = self._random.choice(list(attributes))
            del attributes[gone]
            if self._random.random() < 0.7:
                cls = type("Raising", (cls,), {gone: property(_raise)})
        record = record_of(cls, attributes)
        if self._random.random() < 0.3:
            self._mark(record, obj, members)
        return record

    def _attributes(self, obj: ObjectType) -> dict[str, Any]:
        self._records += 1
        if self._depth == DEEPEST:
            return {}
        self._depth += 1
        attributes = {name: self.value(a) for name, a in obj.fields.items()}
        self._depth -= 1
        return attributes

    def _class(self, obj: ObjectType) -> type:
        if self._happens():
            return obj.records.failure
        if not isinstance(vars(obj.type).get("is_type_of"), staticmethod):
            return self._random.choice((obj.type, obj.records.slim))
        kinds = (obj.records.slim, *obj.classes, obj.type)
        return self._random.choices(kinds, (8, 3, *[1] * len(kinds))[: len(kinds)])[0]

    def _mark(self, record: Any, obj: ObjectType, members: list[ObjectType]) -> None:
        """Marks the record as what it is, or as something else that its place may hold."""
        marked = obj if self._random.random() < 0.6 else self._random.choice(members)
        kind = self._random.randint(0, 2)
        if kind == 0:
            mark_as_cast(record, marked.type)
        elif kind == 1:
            mark_for_graphql(record, "Nowhere" if self._happens() else marked.name)
        else:
            wrong = self._odd and self._random.random() < 0.1
            mark_as_own(record, self._random.choice(WRONG_MARKS)() if wrong else marked.name)


def _raise(self: Any) -> Any:
    raise LookupError("the property raises")

"""Random schemas for the differential fuzz: every kind of type and field that a plan may meet."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from random import Random
from typing import Annotated, Any, NewType, Optional, Union

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema_directive import Location


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION])
class Needs:
    """The fuzz's own permission directive, by the convention of the door."""

    any_of: list[str]

    @property
    def permission_names(self) -> tuple[str, ...]:
        return tuple(self.any_of)


class Plain(enum.Enum):
    RED = "r"
    GREEN = 2
    BLUE = (1, 2)
    NOTHING = None


class Texty(enum.StrEnum):
    ON = "on"
    OFF = "off"


PlainEnum = strawberry.enum(Plain)
TextyEnum = strawberry.enum(Texty)
Even = NewType("Even", int)
Label = NewType("Label", str)


def serialize_even(value: Any) -> int | None:
    if not isinstance(value, int):
        raise ValueError(f"not a number: {value!r}")
    return value if value % 2 == 0 else None


def serialize_label(value: Any) -> str:
    return value if isinstance(value, str) else f"label {value!r}"


serialize_label.passes_type = str  # type: ignore[attr-defined]
CONFIG = StrawberryConfig(
    scalar_map={
        Even: strawberry.scalar(name="Even", serialize=serialize_even),
        Label: strawberry.scalar(name="Label", serialize=serialize_label),
    }
)
PERMISSIONS = ("READ", "WRITE", "OWN")
LEAVES: tuple[Any, ...] = (
    str,
    int,
    float,
    bool,
    strawberry.ID,
    PlainEnum,
    TextyEnum,
    Even,
    Label,
    dt.datetime,
)


class Record:
    """What a resolver returns: plain attributes."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def __repr__(self) -> str:
        return type(self).__name__


def _slim(name: str, fields: dict[str, Any]) -> type:
    """A record class whose instances hold nothing but the fields."""

    def begin(self: Any, **attributes: Any) -> None:
        for attribute, value in attributes.items():
            setattr(self, attribute, value)

    namespace = {"__slots__": tuple(fields), "__init__": begin, "__repr__": lambda self: name}
    return type(f"{name}Slim", (), namespace)


class ObjectType:
    """A generated object type: its fields by attribute, and the records that stand for it."""

    def __init__(self, name: str, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.record: Any = type(f"{name}Record", (Record,), {})
        self.slim: Any = _slim(name, fields)
        self.type: type = type(None)

    def type_check(self, *, declared: bool) -> Any:
        """An `is_type_of` that looks at the record's class, declaring which or not."""

        def is_type_of(value: Any, info: Any) -> bool:
            assert info.field_name
            return isinstance(value, (self.record, self.slim))

        if declared:
            is_type_of.record_classes = (self.record, self.slim)  # type: ignore[attr-defined]
        return staticmethod(is_type_of)


class World:
    """A random schema: its types in an order in which each refers only to those before it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.kinds = random.choice((PLAIN_KINDS, PLAIN_KINDS, IMPURE_KINDS))
        self.objects: list[ObjectType] = []
        self.interfaces: list[tuple[type, dict[str, Any], list[ObjectType]]] = []
        self.unions: list[tuple[Any, list[ObjectType]]] = []
        for number in range(random.randint(0, 2)):
            self._add_interface(number)
        for number in range(random.randint(2, 5)):
            self._add_object(number)
            if len(self.objects) > 1 and random.random() < 0.4:
                self._add_union(number)
        self.root_fields: dict[str, Any] = {}
        self.root_values: dict[str, Any] = {}
        self.schema = self._schema()

    def _schema(self) -> strawberry.Schema:
        namespace: dict[str, Any] = {}
        for number in range(3):
            annotation = self._wrapped(self._composite())
            self.root_fields[f"root{number}"] = annotation
            namespace[f"root{number}"] = strawberry.field(
                resolver=self._root(f"root{number}"), graphql_type=annotation
            )
        query = strawberry.type(type("Query", (), namespace))
        return strawberry.Schema(query, types=[obj.type for obj in self.objects], config=CONFIG)

    def _root(self, name: str) -> Callable[[], Any]:
        def resolve() -> Any:
            return self.root_values[name]

        return resolve

    def _add_interface(self, number: int) -> None:
        annotations = {f"i{number}_{n}": self._wrapped(self._leaf()) for n in range(2)}
        namespace = self._namespace(annotations, plain=True)
        interface = strawberry.interface(type(f"Iface{number}", (), namespace))
        self.interfaces.append((interface, annotations, []))

    def _add_object(self, number: int) -> None:
        chosen = [i for i in self.interfaces if self.random.random() < 0.5]
        annotations: dict[str, Any] = {}
        for _, inherited, _ in chosen:
            annotations.update(inherited)
        own = {}
        for n in range(self.random.randint(2, 5)):
            below = self._composite() if self.objects and self.random.random() < 0.4 else None
            own[f"f{n}"] = self._wrapped(below or self._leaf())
        namespace = self._namespace(own, plain=False)
        obj = ObjectType(f"Object{number}", {**annotations, **own})
        if chosen or self.random.random() < 0.6:
            declared = self.random.random() < 0.5
            namespace["is_type_of"] = obj.type_check(declared=declared)
        bases = tuple(interface for interface, _, _ in chosen)
        obj.type = strawberry.type(type(f"Object{number}", bases, namespace))
        self.objects.append(obj)
        for _, _, members in chosen:
            members.append(obj)

    def _add_union(self, number: int) -> None:
        members = self.random.sample(
            self.objects, self.random.randint(1, min(3, len(self.objects)))
        )
        members = [m for m in members if hasattr(m.type, "is_type_of")]
        if not members:
            return
        union = Annotated[
            Union[tuple(m.type for m in members)], strawberry.union(f"Union{number}")  # noqa: UP007
        ]
        self.unions.append((union, members))

    def _namespace(self, annotations: dict[str, Any], *, plain: bool) -> dict[str, Any]:
        namespace: dict[str, Any] = {"__annotations__": {}}
        for name, annotation in annotations.items():
            directives = []
            if self.random.random() < 0.12:
                names = self.random.sample(PERMISSIONS, self.random.randint(1, 2))
                directives.append(Needs(any_of=names))
            kind = "attribute" if plain else self.random.choice(self.kinds)
            if kind == "attribute":
                namespace["__annotations__"][name] = annotation
                if directives:
                    namespace[name] = strawberry.field(directives=directives)
            else:
                namespace[name] = strawberry.field(
                    resolver=RESOLVERS[kind](name), graphql_type=annotation, directives=directives
                )
        return namespace

    def _leaf(self) -> Any:
        return self.random.choice(LEAVES)

    def _composite(self) -> Any:
        pool: list[Any] = [obj.type for obj in self.objects]
        pool += [interface for interface, _, members in self.interfaces if members]
        pool += [union for union, _ in self.unions]
        return self.random.choice(pool)

    def _wrapped(self, annotation: Any) -> Any:
        if self.random.random() < 0.5:
            annotation = Optional[annotation]  # noqa: UP045
        for _ in range(self.random.choice((0, 0, 0, 1, 1, 2))):
            annotation = list[annotation]
            if self.random.random() < 0.4:
                annotation = Optional[annotation]  # noqa: UP045
        return annotation


def pure(name: str) -> Callable[..., Any]:
    def resolve(self: Any) -> Any:
        return getattr(self, name)

    resolve.pure_attribute = True  # type: ignore[attr-defined]
    return resolve


def pure_of_parent(name: str) -> Callable[..., Any]:
    def resolve(parent: strawberry.Parent[Any]) -> Any:
        return getattr(parent, name)

    resolve.pure_attribute = True  # type: ignore[attr-defined]
    return resolve


def pure_with_arguments(name: str) -> Callable[..., Any]:
    def resolve(
        self: Any, info: strawberry.Info, n: int = 1, flags: list[bool] | None = None
    ) -> Any:
        value = getattr(self, name)
        if str(info.path.key).startswith("a1") or n < 0:
            return None
        return value[:n] if isinstance(value, list) and flags is None else value

    resolve.pure_attribute = True  # type: ignore[attr-defined]
    return resolve


def impure(name: str) -> Callable[..., Any]:
    def resolve(self: Any, info: strawberry.Info) -> Any:
        assert info.path.prev is not None
        return getattr(self, name)

    return resolve


RESOLVERS = {
    "pure": pure,
    "parent": pure_of_parent,
    "arguments": pure_with_arguments,
    "impure": impure,
}
PLAIN_KINDS = ("attribute",) * 10 + ("pure", "parent", "arguments", "arguments", "impure")
IMPURE_KINDS = ("attribute", "attribute", "impure")

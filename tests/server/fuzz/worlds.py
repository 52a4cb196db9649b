"""Random schemas: every kind of type and field that a plan may meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Annotated, Any, Optional, Union

import strawberry
from strawberry.directive import DirectiveLocation
from strawberry.schema.config import StrawberryConfig

from tests.server.fuzz.checks import (
    TYPE_CHECKS,
    by_declared_class,
    by_mark,
    by_place,
    type_resolver,
)
from tests.server.fuzz.fields import (
    RESOLVERS,
    WITH_ARGUMENTS,
    WITHOUT_ARGUMENTS,
    Turning,
    pure,
    turned,
)
from tests.server.fuzz.leaves import LEAVES, SCALARS
from tests.server.fuzz.permissions import PERMISSIONS, Needs, Noted
from tests.server.fuzz.records import record_classes

# How often fields of leaves, and fields of records, are of which kind in one schema. Where those of
# records are resolved, each record is completed by a plan of its own.
PLAIN = ("attribute",) * 7 + ("pure",) * 3
MIXED = (*PLAIN, "resolved", "extended attribute", "extended pure")
RESOLVED = (*PLAIN, *("resolved",) * 20)
KINDS = ((PLAIN, PLAIN), (PLAIN * 4 + MIXED, PLAIN), (MIXED, MIXED), (PLAIN, RESOLVED))
CHECKS = (
    (by_declared_class,),
    (by_declared_class, by_declared_class, by_mark),
    (by_place,),
    TYPE_CHECKS,
)


@strawberry.directive(
    locations=[
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
    ]
)
def shout(value: str) -> str:
    """A directive that no executor here runs."""
    return value.upper()


class ObjectType:
    """A generated object type: its fields by attribute, and the records that stand for it."""

    def __init__(self, name: str, fields: dict[str, Any], borrowed: Iterable[type]) -> None:
        self.name = name
        self.fields = fields
        self.records = record_classes(name)
        self.classes = (*self.records.declared(), *borrowed)
        self.type: type = type(None)


class Abstract:
    """A generated interface or union: what it is called in annotations, and what it may be."""

    def __init__(self, annotation: Any, fields: dict[str, Any], members: list[ObjectType]) -> None:
        self.annotation = annotation
        self.fields = fields
        self.members = members


class World:
    """A random schema: its types in an order in which each refers only to those before it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.objects: list[ObjectType] = []
        self.interfaces: list[Abstract] = []
        self.unions: list[Abstract] = []
        self.names_of_classes: dict[type, str] = {}
        self.root_fields: dict[str, Any] = {}
        self.root_values: dict[str, Any] = {}
        self._leaves = {"note"}
        self._with_arguments: set[str] = set()
        self.is_incremental = random.random() < 0.25
        self._leaf_kinds, self._composite_kinds = random.choice(KINDS)
        self._checks = random.choice(CHECKS)
        self._add_interface()
        for number in range(random.randint(2, 5)):
            self._add_object(number)
            if number == 1 and random.random() < 0.5:
                self._add_interface()
            if number > 0 and random.random() < 0.4:
                self._add_union(number)
        self.schema = self._schema()

    @property
    def abstracts(self) -> list[Abstract]:
        """Interfaces and unions that some value can have."""
        return [a for a in (*self.interfaces, *self.unions) if a.members]

    def _schema(self) -> strawberry.Schema:
        namespace: dict[str, Any] = {}
        for number in range(3):
            name = f"root{number}"
            self.root_fields[name] = self._wrapped(self._composite())
            namespace[name] = strawberry.field(
                resolver=self._root(name),
                graphql_type=self.root_fields[name],
                directives=self._directives(),
                extensions=[Turning()] if self.random.random() < 0.2 else [],
            )
        return strawberry.Schema(
            strawberry.type(type("Query", (), namespace)),
            types=[obj.type for obj in self.objects],
            config=self._config(),
            directives=[shout],
        )

    def _config(self) -> StrawberryConfig:
        config = StrawberryConfig(
            scalar_map=SCALARS, enable_experimental_incremental_execution=self.is_incremental
        )
        if self.random.random() < 0.05:
            config.default_resolver = lambda source, name: turned(getattr(source, name), 2)
        return config

    def _root(self, name: str) -> Callable[..., Any]:
        def resolve(n: int = 1) -> Any:
            return turned(self.root_values[name], n)

        return resolve

    def _add_interface(self) -> None:
        number = len(self.interfaces)
        bases = [i for i in self.interfaces if self.random.random() < 0.5]
        own = self._annotations(f"i{number}", 3)
        namespace = self._namespace(own)
        if self.random.random() < 0.4:
            namespace["resolve_type"] = staticmethod(type_resolver(self.names_of_classes))
        made = type(f"Iface{number}", tuple(base.annotation for base in bases), namespace)
        fields = {name: a for base in bases for name, a in base.fields.items()}
        self.interfaces.append(Abstract(strawberry.interface(made), {**fields, **own}, []))

    def _add_object(self, number: int) -> None:
        chosen = [i for i in self.interfaces if self.random.random() < 0.6]
        inherited = {name: a for i in chosen for name, a in i.fields.items()}
        own = {**self._annotations(f"f{number}", self.random.randint(2, 5)), "note": str | None}
        name = f"Object{number}"
        obj = ObjectType(name, {**inherited, **own}, self._borrowed())
        namespace = self._namespace(own) | self._overriding(inherited)
        if self.random.random() < (0.95 if chosen else 0.7):
            check = self.random.choice(self._checks)
            namespace["is_type_of"] = staticmethod(check(obj.classes, name))
        obj.type = strawberry.type(type(name, _bases(chosen), namespace))
        self.objects.append(obj)
        self.names_of_classes.update(dict.fromkeys((*obj.records, obj.type), name))
        for interface in self.interfaces:
            if issubclass(obj.type, interface.annotation):
                interface.members.append(obj)

    def _borrowed(self) -> list[type]:
        """Classes of another type's records, which may then stand for either type."""
        if not self.objects or self.random.random() < 0.6:
            return []
        return self.random.sample(self.random.choice(self.objects).records.declared(), 3)

    def _overriding(self, inherited: dict[str, Any]) -> dict[str, Any]:
        """Some inherited fields once more: of the same type, but resolved and guarded anew."""
        namespace: dict[str, Any] = {}
        for name, annotation in inherited.items():
            if name not in self._with_arguments and self.random.random() < 0.15:
                resolver = self.random.choice(WITHOUT_ARGUMENTS)(name)
                namespace[name] = strawberry.field(
                    resolver=pure(resolver) if self.random.random() < 0.8 else resolver,
                    graphql_type=annotation,
                    directives=self._directives(),
                )
        return namespace

    def _add_union(self, number: int) -> None:
        most = min(3, len(self.objects))
        members = self.random.sample(self.objects, self.random.randint(1, most))
        union = Annotated[
            Union[tuple(m.type for m in members)], strawberry.union(f"Union{number}")  # noqa: UP007
        ]
        self.unions.append(Abstract(union, {}, members))

    def _annotations(self, prefix: str, count: int) -> dict[str, Any]:
        made = {}
        for name in [f"{prefix}_{n}" for n in range(count)]:
            if self.objects and self.random.random() < 0.4:
                made[name] = self._wrapped(self._composite())
            else:
                made[name] = self._wrapped(self.random.choice(tuple(LEAVES)))
                self._leaves.add(name)
        return made

    def _namespace(self, annotations: dict[str, Any]) -> dict[str, Any]:
        namespace: dict[str, Any] = {"__annotations__": {}}
        for name, annotation in annotations.items():
            is_leaf = name in self._leaves
            kind = self.random.choice(self._leaf_kinds if is_leaf else self._composite_kinds)
            options: dict[str, Any] = {"directives": self._directives(often=name == "note")}
            if kind.startswith("extended"):
                options["extensions"] = [Turning()]
            if kind.endswith("attribute"):
                namespace["__annotations__"][name] = annotation
            else:
                factory = self.random.choice(RESOLVERS)
                if factory in WITH_ARGUMENTS:
                    self._with_arguments.add(name)
                resolver = factory(name)
                options["resolver"] = pure(resolver) if kind.endswith("pure") else resolver
                options["graphql_type"] = annotation
            namespace[name] = strawberry.field(**options)
        return namespace

    def _directives(self, *, often: bool = False) -> list[object]:
        count = self.random.choices((0, 1, 2), (40, 45, 15) if often else (88, 8, 4))[0]
        directives: list[object] = [
            Needs(any_of=self.random.sample(PERMISSIONS, self.random.randint(1, 2)))
            for _ in range(count)
        ]
        if self.random.random() < 0.05:
            directives.insert(0, Noted(text="nothing is asked"))
        return directives

    def _composite(self) -> Any:
        if self.abstracts and self.random.random() < 0.6:
            return self.random.choice(self.abstracts).annotation
        return self.random.choice(self.objects).type

    def _wrapped(self, annotation: Any) -> Any:
        if self.random.random() < 0.5:
            annotation = Optional[annotation]  # noqa: UP045
        for _ in range(self.random.choice((0, 0, 1, 1, 1, 2))):
            annotation = list[annotation]
            if self.random.random() < 0.4:
                annotation = Optional[annotation]  # noqa: UP045
        return annotation


def _bases(interfaces: list[Abstract]) -> tuple[type, ...]:
    """The interfaces without those that another one of them extends already."""
    types = [interface.annotation for interface in interfaces]
    return tuple(t for t in types if not any(o is not t and issubclass(o, t) for o in types))

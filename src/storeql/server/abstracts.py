"""Values of interfaces and unions inside compiled code: each goes to the code of its own type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from storeql.server.leaves import Odd
from storeql.server.permissions import STRAWBERRY

Completion: TypeAlias = Callable[[Any, Any], Any]
Compile: TypeAlias = Callable[[GraphQLObjectType, Any], Completion | None]


class AbstractSite:
    """A place in a plan where a value's type is only known when the value is there.

    Strawberry's search for the type costs about 15 µs a value; where only the record's class can
    decide it, the search is done once for each class.
    """

    def __init__(
        self, abstract: GraphQLAbstractType, schema: GraphQLSchema, compile_object: Compile
    ) -> None:
        self._abstract = abstract
        self._compile = compile_object
        self._completions: dict[str, Completion | None] = {}
        self._by_class: dict[type, Completion | None] = {}
        self._class_decides = _declares_classes(abstract, schema)

    def complete(self, value: Any, executor: Any, info: GraphQLResolveInfo[Any]) -> Any:
        """The completed value; raises when its type or anything below it is odd."""
        cls = type(value)
        try:
            completion = self._by_class[cls]
        except KeyError:
            completion = self._search(value, executor, info)
            if self._class_decides and _has_only_its_class(cls):
                self._by_class[cls] = completion
        if completion is None:
            raise Odd
        return completion(value, executor)

    def _search(
        self, value: Any, executor: Any, info: GraphQLResolveInfo[Any]
    ) -> Completion | None:
        resolve = self._abstract.resolve_type or executor.type_resolver
        name: Any = resolve(value, info, self._abstract)
        if name not in self._completions:
            concrete = self._concrete(name, executor.schema)
            self._completions.setdefault(name, self._compile(concrete, executor))
        return self._completions[name]

    def _concrete(self, name: Any, schema: GraphQLSchema) -> GraphQLObjectType:
        """The possible type of this name; raises Odd when there is none."""
        concrete = schema.get_type(name) if isinstance(name, str) else None
        if isinstance(concrete, GraphQLObjectType) and schema.is_sub_type(self._abstract, concrete):
            return concrete
        raise Odd


def _declares_classes(abstract: GraphQLAbstractType, schema: GraphQLSchema) -> bool:
    """Whether nothing but a record's class is looked at to find its type."""
    definition = abstract.extensions.get(STRAWBERRY)
    if definition is None or getattr(definition, "resolve_type", None) is not None:
        return False
    return all(
        hasattr(possible.is_type_of, "record_classes")
        for possible in schema.get_possible_types(abstract)
    )


def _has_only_its_class(cls: type) -> bool:
    """Whether instances can hold no mark of another type: not `strawberry.cast`, not `__typename`.

    A mapping may hold `__typename` as a key, and `__getattr__` may find anything. Strawberry's own
    objects are left to Strawberry: it looks at the types of their attributes.
    """
    return (
        not getattr(cls, "__dictoffset__", 1)
        and not issubclass(cls, Mapping)
        and not hasattr(cls, "__getattr__")
        and not hasattr(cls, TYPE_CAST_ATTRIBUTE)
        and not hasattr(cls, "__strawberry_definition__")
        and not any(hasattr(cls, f"_{base.__name__}__typename") for base in cls.__mro__)
    )

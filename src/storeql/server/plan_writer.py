"""Writes one Python function that completes a value and everything selected below it.

The function reads attributes, checks leaves and builds dicts in nested loops; it raises on
whatever it does not understand, and then graphql-core completes the value, errors and all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
)

from storeql.server.abstracts import AbstractSite, Compile, Completion
from storeql.server.leaves import Odd, class_check, leaf_code, leaf_tool
from storeql.server.sources import Place, attribute_of, pure_call

MOST_FIELDS = 1_500
MOST_NESTED_LOOPS = 15
KNOWN_DIRECTIVES = {"skip", "include"}


def write_completion(
    return_type: GraphQLOutputType, place: Place, executor: Any
) -> Completion | None:
    """The function `(value, executor) -> completed`, None when the selection is not plain.

    It holds for the operation, the relevant permissions and the @skip and @include variables of
    `executor`, which it does not keep.
    """
    try:
        return PlanWriter(executor).function(return_type, place)
    except Exception:  # whatever stops the writing must not stop the operation
        return None


class PlanWriter:
    """The function in the writing: its lines, and the tools they call by name."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self._lines: list[str] = []
        self._opening: list[str] = []
        self._tools: dict[str, Any] = {"Odd": Odd}
        self._tool_of: dict[int, str] = {}
        self._kept: list[object] = []
        self._names = 0
        self._fields = 0
        self._loops = 0

    def function(self, return_type: GraphQLOutputType, place: Place) -> Completion:
        """The finished function; raises Odd for what compiled code does not do."""
        self._check_directives(place)
        self._value(return_type, place, "v", 1, nullable=False)
        lines = ["def complete(v, executor):", *self._opening, *self._lines, "    return v"]
        exec(compile("\n".join(lines), "<completion>", "exec"), self._tools)
        return cast(Completion, self._tools["complete"])

    def _value(
        self,
        return_type: GraphQLOutputType,
        place: Place,
        variable: str,
        depth: int,
        *,
        nullable: bool = True,
    ) -> None:
        """Writes what leaves the completed value in `variable`."""
        if isinstance(return_type, GraphQLNonNull):
            return_type, nullable = return_type.of_type, False
        if is_leaf_type(return_type):
            self._leaf(return_type, variable, depth, nullable=nullable)
            return
        if nullable:
            self._line(depth, f"if {variable} is not None:")
            depth += 1
        if isinstance(return_type, GraphQLList):
            self._list(return_type.of_type, place, variable, depth)
        elif is_abstract_type(return_type):
            self._abstract(return_type, place, variable, depth)
        else:
            self._object(cast(GraphQLObjectType, return_type), place, variable, depth)

    def _leaf(self, leaf: GraphQLLeafType, variable: str, depth: int, *, nullable: bool) -> None:
        tool = self._tool(leaf, lambda: leaf_tool(leaf))
        self._line(depth, leaf_code(leaf, variable, nullable=nullable, tool=tool))

    def _list(self, item_type: GraphQLOutputType, place: Place, variable: str, depth: int) -> None:
        self._loops += 1
        if self._loops > MOST_NESTED_LOOPS:
            raise Odd
        out, item = self._name("out"), self._name("v")
        self._line(depth, f"if type({variable}) is not list and type({variable}) is not tuple:")
        self._line(depth + 1, "raise Odd")
        self._line(depth, f"{out} = []")
        self._line(depth, f"for {item} in {variable}:")
        self._value(item_type, place, item, depth + 1)
        self._line(depth + 1, f"{out}.append({item})")
        self._line(depth, f"{variable} = {out}")
        self._loops -= 1

    def _abstract(
        self, abstract: GraphQLAbstractType, place: Place, variable: str, depth: int
    ) -> None:
        site = AbstractSite(abstract, self._executor.schema, _compile_at(place))
        complete = self._tool(site, lambda: site.complete)
        info = self._bound(place.info)
        self._line(depth, f"{variable} = {complete}({variable}, executor, {info})")

    def _object(
        self, object_type: GraphQLObjectType, place: Place, variable: str, depth: int
    ) -> None:
        self._check_object(object_type, place, variable, depth)
        grouped, deferred, _ = self._executor.collect_subfields(object_type, place.details)
        if deferred:
            raise Odd
        entries = []
        for key, details in grouped.items():
            value = self._field(Place(object_type, key, details), variable, depth)
            if value:
                entries.append(f"{key!r}: {value}")
        self._line(depth, f"{variable} = {{{', '.join(entries)}}}")

    def _check_object(
        self, object_type: GraphQLObjectType, place: Place, variable: str, depth: int
    ) -> None:
        """Writes the check of a record, by its class alone where that is all there is to see."""
        check = object_type.is_type_of
        classes = getattr(check, "record_classes", None)
        accept = self._tool(object_type, lambda: class_check(classes))
        seen, cls = self._name("seen"), self._name("cls")
        self._opening.append(f"    {seen} = None")
        self._line(depth, f"{cls} = type({variable})")
        self._line(depth, f"if {cls} is not {seen}: {seen} = {accept}({cls})")
        if check and classes is None:
            tool = self._tool(check, lambda: check)
            info = self._bound(place.info)
            self._line(depth, f"if not {tool}({variable}, {info}): raise Odd")

    def _field(self, place: Place, parent: str, depth: int) -> str | None:
        """Writes one field of the record in `parent`; the expression of its completed value."""
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise Odd
        self._check_directives(place)
        if place.field_name == "__typename":
            return repr(place.parent_type.name)
        field = place.parent_type.fields.get(place.field_name)
        if field is None:
            return None
        if not self._executor.allows(field):
            raise Odd
        variable = self._name("v")
        self._line(depth, f"{variable} = {self._read(field, place, parent)}")
        self._value(field.type, place, variable, depth)
        return variable

    def _check_directives(self, place: Place) -> None:
        """Leaves alone what an unknown directive may change, as graphql-core's @stream does."""
        if place.has_directives_besides(KNOWN_DIRECTIVES):
            raise Odd

    def _read(self, field: GraphQLField, place: Place, parent: str) -> str:
        """The expression of a field's value before completion."""
        attribute = attribute_of(field)
        if attribute is not None:
            return f"{parent}.{attribute}"
        call = pure_call(field, place)
        if call is None:
            raise Odd
        argument = f"{call.parent_name}={parent}" if call.parent_name else parent
        if call.is_bound:
            return f"{self._bound(call.bind)}({argument})"
        return f"{self._tool(call, lambda: call.function)}({argument})"

    def _bound(self, make: Callable[[Any], Any]) -> str:
        """The local name of what `make` makes of the executor, once a request."""
        name, tool = self._name("bound"), self._tool(make, lambda: make)
        self._opening.append(f"    {name} = executor.bound({tool})")
        return name

    def _tool(self, key: object, make: Callable[[], Any]) -> str:
        """The global name of the thing made for `key`."""
        name = self._tool_of.get(id(key))
        if name is None:
            name = self._tool_of[id(key)] = self._name("tool")
            self._tools[name] = make()
            self._kept.append(key)
        return name

    def _name(self, stem: str) -> str:
        self._names += 1
        return f"{stem}{self._names}"

    def _line(self, depth: int, code: str) -> None:
        self._lines.append(f"{'    ' * depth}{code}")


def _compile_at(place: Place) -> Compile:
    def compile_object(object_type: GraphQLObjectType, executor: Any) -> Completion | None:
        return write_completion(object_type, place, executor)

    return compile_object

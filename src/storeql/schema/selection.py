"""Reads a field's selection out of its document, once per document, for the shared resolvers."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionNode,
    VariableNode,
    get_named_type,
)
from strawberry.types import Info

from storeql.db import Selection

MOST_REMEMBERED = 2048

# The document's nodes are kept beside the answer: an id is only unique while its object lives.
_remembered: dict[tuple[Any, ...], tuple[list[FieldNode], Selection]] = {}


def selection_of(info: Info[Any, Any]) -> Selection:
    """What is asked below the field that is being resolved, in the names of attributes."""
    raw: GraphQLResolveInfo[Any] = info._raw_info
    key = (*map(id, raw.field_nodes), *_switches(raw))
    found = _remembered.get(key)
    if found is not None:
        return found[1]
    reader = _Reader(raw)
    selection = reader.read(get_named_type(raw.return_type), raw.field_nodes)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = (list(raw.field_nodes), selection)
    return selection


def _switches(raw: GraphQLResolveInfo[Any]) -> Iterable[Any]:
    """Values of the variables that @skip and @include may read."""
    for name, value in _variables(raw).items():
        if isinstance(value, bool):
            yield name
            yield value


def _variables(raw: GraphQLResolveInfo[Any]) -> Mapping[str, Any]:
    coerced: Mapping[str, Any] = raw.variable_values.coerced
    return coerced


class _Reader:
    def __init__(self, raw: GraphQLResolveInfo[Any]) -> None:
        self._fragments = raw.fragments
        self._variables = _variables(raw)
        self._schema = raw.schema

    def read(self, parent: GraphQLNamedType, nodes: Iterable[FieldNode]) -> Selection:
        grouped: dict[str, tuple[GraphQLNamedType, list[FieldNode]]] = {}
        for node in nodes:
            if node.selection_set is not None:
                self._collect(parent, node.selection_set.selections, grouped)
        return Selection({name: self.read(kind, below) for name, (kind, below) in grouped.items()})

    def _collect(
        self,
        parent: GraphQLNamedType,
        selections: Iterable[SelectionNode],
        grouped: dict[str, tuple[GraphQLNamedType, list[FieldNode]]],
    ) -> None:
        for node in selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                self._note(parent, node, grouped)
                continue
            fragment: Any = node
            if isinstance(node, FragmentSpreadNode):
                fragment = self._fragments[node.name.value]
                fragment = getattr(fragment, "definition", fragment)
            assert isinstance(node, (FragmentSpreadNode, InlineFragmentNode))
            condition = fragment.type_condition
            kind = self._schema.type_map[condition.name.value] if condition else parent
            self._collect(kind, fragment.selection_set.selections, grouped)

    def _note(
        self,
        parent: GraphQLNamedType,
        node: FieldNode,
        grouped: dict[str, tuple[GraphQLNamedType, list[FieldNode]]],
    ) -> None:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if definition is None:  # __typename
            return
        strawberry_field = definition.extensions.get("strawberry-definition")
        name = strawberry_field.python_name if strawberry_field else node.name.value
        kind = get_named_type(definition.type)
        grouped.setdefault(name, (kind, []))[1].append(node)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("skip", "include") and directive.arguments:
                value: Any = directive.arguments[0].value
                on = (
                    self._variables.get(value.name.value)
                    if isinstance(value, VariableNode)
                    else value.value
                )
                if bool(on) is (name == "skip"):
                    return False
        return True

"""What an operation may cost: its fields, those below a list as often as the list may repeat them.

Costs are computed once per document; what the variables decide (a `first: $first`) stays a formula,
shared between the places that spread the same fragment, so that evaluating it takes linear time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLOutputType,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)
from graphql.type import GraphQLNonNull
from msgspec import Struct

from storeql.server.limits import Limits
from storeql.server.permissions import STRAWBERRY

PAGE_ARGUMENTS = ("first", "last")
PAGES = ("edges", "nodes")  # of a connection, whose field has counted the repetition already
LARGEST_REPORTED = 2**53 - 1


class Given(Struct, frozen=True):
    """A factor that a variable decides; `otherwise` holds when the variable says nothing."""

    variables: tuple[str, ...]
    otherwise: int


Factor: TypeAlias = int | Given


class Cost(Struct, frozen=True):
    """`base`, plus the cost of each part as often as its factor says."""

    base: int = 0
    parts: tuple[tuple[Factor, Cost], ...] = ()


def sum_of(costs: Iterable[Cost]) -> Cost:
    """The cost of selections side by side."""
    base, parts = 0, []
    for cost in costs:
        if cost.parts:
            parts.append((1, cost))
        else:
            base += cost.base
    return Cost(base, tuple(parts))


def field_cost(factor: Factor, below: Cost) -> Cost:
    """The cost of a field whose selection repeats `factor` times."""
    if isinstance(factor, int) and not below.parts:
        return Cost(1 + factor * below.base)
    return Cost(1, ((factor, below),))


def evaluate(cost: Cost, variables: Mapping[str, Any]) -> int:
    """The cost with these variables; at most the largest integer that JSON clients read."""
    return min(_evaluate(cost, variables, {}), LARGEST_REPORTED)


def default_sizes(node: OperationDefinitionNode) -> dict[str, int]:
    """The sizes that an operation's variables have when they are not given."""
    return {
        variable.variable.name.value: _literal_size(variable.default_value)
        for variable in node.variable_definitions or ()
        if isinstance(variable.default_value, IntValueNode | ListValueNode)
    }


def factor_of(
    field: GraphQLField, node: FieldNode, parent: GraphQLNamedType, limits: Limits
) -> Factor:
    """How often the selection of a field of `parent` may repeat."""
    if any(name in field.args for name in PAGE_ARGUMENTS):
        values = [a.value for a in node.arguments or () if a.name.value in PAGE_ARGUMENTS]
        return _given(values, limits.default_page)
    lists = _lists_of(field.type)
    if not lists or (parent.name.endswith("Connection") and node.name.value in PAGES):
        return 1
    size = _declared_size(field)
    if isinstance(size, str):
        values = [a.value for a in node.arguments or () if a.name.value == size]
        return _given(values, limits.default_page)
    repeated: int = (size or limits.default_list) ** lists
    return repeated


def _evaluate(cost: Cost, variables: Mapping[str, Any], known: dict[int, int]) -> int:
    if not cost.parts:
        return cost.base
    total = known.get(id(cost))
    if total is None:
        total = cost.base
        for factor, part in cost.parts:
            total += _times(factor, variables) * _evaluate(part, variables, known)
        known[id(cost)] = total
    return total


def _times(factor: Factor, variables: Mapping[str, Any]) -> int:
    if isinstance(factor, int):
        return factor
    values = [variables[name] for name in factor.variables if variables.get(name) is not None]
    return max((_size(value) for value in values), default=factor.otherwise)


def _size(value: Any) -> int:
    if isinstance(value, list):
        return len(value)
    if isinstance(value, int | float) and value == value:
        return int(min(max(value, 0), LARGEST_REPORTED))
    return 1


def _given(values: list[ValueNode], default: int) -> Factor:
    """The factor that argument values decide: literals now, variables when they are known."""
    variables = tuple(v.name.value for v in values if isinstance(v, VariableNode))
    literals = [_literal_size(v) for v in values if not isinstance(v, VariableNode | NullValueNode)]
    otherwise = max(literals, default=default)
    return Given(variables, otherwise) if variables else otherwise


def _literal_size(value: ValueNode) -> int:
    if isinstance(value, IntValueNode):
        return max(int(value.value), 0) if len(value.value) < 20 else LARGEST_REPORTED
    return len(value.values) if isinstance(value, ListValueNode) else 1


def _lists_of(type_: GraphQLOutputType) -> int:
    lists = 0
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        lists += isinstance(type_, GraphQLList)
        type_ = type_.of_type
    return lists


def _declared_size(field: GraphQLField) -> int | str | None:
    definition = field.extensions.get(STRAWBERRY)
    metadata = getattr(definition, "metadata", None) or {}
    size = metadata.get("list_size")
    return size if isinstance(size, int | str) else None

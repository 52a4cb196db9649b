"""Code that completes a scalar or an enum as graphql-core does, quick for values of the usual type.

Each line leaves a variable with the completed value or raises, whereupon graphql-core completes
the value itself and says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.pyutils.undefined import UndefinedType


class Odd(Exception):
    """A value that compiled code does not complete."""


NOT_VALUES = (Exception, UndefinedType)
NOT_RECORDS = (*NOT_VALUES, type(None))
PASSING = (str, int, bool)
LARGEST_FLOAT = 1.7976931348623157e308

UNUSUAL = {
    id(GraphQLString): "type({v}) is not str",
    id(GraphQLID): "type({v}) is not str",
    id(GraphQLInt): "type({v}) is not int or not -2147483648 <= {v} <= 2147483647",
    id(GraphQLFloat): (
        f"type({{v}}) is not float or not {-LARGEST_FLOAT!r} <= {{v}} <= {LARGEST_FLOAT!r}"
    ),
    id(GraphQLBoolean): "{v} is not True and {v} is not False",
}


def leaf_code(leaf: GraphQLLeafType, variable: str, *, nullable: bool, tool: str) -> str:
    """The line that completes `variable`; `tool` names what `leaf_tool` made for the type."""
    conditions = [f"{variable} is not None"] if nullable else []
    unusual = UNUSUAL.get(id(leaf)) or _unless_it_passes(leaf)
    if unusual:
        conditions.append(f"({unusual.format(v=variable)})")
    completed = f"{tool}[{variable}]" if _is_table(leaf) else f"{tool}({variable})"
    assignment = f"{variable} = {completed}"
    return f"if {' and '.join(conditions)}: {assignment}" if conditions else assignment


def leaf_tool(leaf: GraphQLLeafType) -> Callable[[Any], Any] | dict[Any, str]:
    """A table for an enum, a function that raises on whatever it cannot complete otherwise."""
    if isinstance(leaf, GraphQLEnumType) and _is_table(leaf):
        return _names_by_value(leaf)
    coerce = leaf.coerce_output_value

    def complete(value: Any) -> Any:
        if value is None or isinstance(value, NOT_VALUES):
            raise Odd
        completed = coerce(value)
        if completed is None or completed is Undefined:
            raise Odd
        return completed

    return complete


def class_check(wanted: tuple[type, ...] | None) -> Callable[[type], type]:
    """A function that gives back a record's class, or raises if it is none of those wanted.

    Compiled code asks it once for each run of records of one class.
    """

    def accepted(cls: type) -> type:
        if issubclass(cls, NOT_RECORDS):
            raise Odd
        if wanted is not None and not issubclass(cls, wanted):
            raise Odd
        return cls

    return accepted


def _unless_it_passes(leaf: GraphQLLeafType) -> str | None:
    """The condition of a scalar whose serializer declares a type that it gives back unchanged."""
    passing = getattr(leaf.coerce_output_value, "passes_type", None)
    return f"type({{v}}) is not {passing.__name__}" if passing in PASSING else None


def _is_table(leaf: GraphQLLeafType) -> bool:
    return isinstance(leaf, GraphQLEnumType) and hasattr(leaf, "wrapped_cls")


def _names_by_value(leaf: Any) -> dict[Any, str]:
    """GraphQL names by Python value and by member, as far as those can be looked up.

    None stays out, since it is no value even where a member has it.
    """
    values = [value.value for value in leaf.values.values()]
    known = [value for value in values if value is not None and _has_hash(value)]
    return {value: leaf.coerce_output_value(value) for value in (*known, *leaf.wrapped_cls)}


def _has_hash(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True

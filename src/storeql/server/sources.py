"""Where a field's value comes from: a plain attribute, a pure function of its parent, or elsewhere.

Only the first two can be read by compiled code; everything else is left to graphql-core.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from msgspec import Struct
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.field import StrawberryField

from storeql.server.permissions import STRAWBERRY


class Place(Struct, frozen=True):
    """A selected field: its response key, and all its nodes merged."""

    parent_type: GraphQLObjectType
    key: str
    details: FieldDetailsList

    @property
    def field_name(self) -> str:
        """The field's name in the schema."""
        return self.details[0].node.name.value

    def has_directives_besides(self, known: Collection[str]) -> bool:
        """Whether a node carries a directive that compiled code knows nothing of."""
        return any(
            directive.name.value not in known
            for detail in self.details
            for directive in detail.node.directives or ()
        )

    def info(self, executor: Any) -> GraphQLResolveInfo[Any]:
        """What resolvers may look at; the path holds only the response key, no way to it."""
        return executor.build_resolve_info(  # type: ignore[no-any-return]
            self.parent_type.fields[self.field_name],
            [detail.node for detail in self.details],
            self.parent_type,
            Path(None, self.key, self.parent_type.name),
        )


class PureCall:
    """A field whose resolver is a pure function of its parent, its arguments and the request."""

    def __init__(self, field: GraphQLField, definition: StrawberryField, place: Place) -> None:
        self._field = field
        self._definition = definition
        self._place = place
        resolver: Any = definition.base_resolver
        self.function: Callable[..., Any] = resolver.wrapped_func
        named = resolver.parent_parameter or resolver.root_parameter
        self.parent_name: str | None = named.name if named else None
        self.takes_parent = (resolver.self_parameter is None) != (named is None)
        self.is_bound = bool(field.args or resolver.info_parameter)

    def bind(self, executor: Any) -> Callable[..., Any]:
        """The function with this request's arguments: they are the same for every parent."""
        schema = executor.schema._strawberry_schema
        raw_info = self._place.info(executor)
        given = get_argument_values(
            self._field,
            self._place.details[0].node,
            executor.variable_values,
            None,
            executor.hide_suggestions,
        )
        _, arguments = get_arguments(
            field=self._definition,
            source=None,
            info=schema.config.info_class(_raw_info=raw_info, _field=self._definition),
            kwargs=given,
            config=schema.config,
            scalar_registry=schema.schema_converter.scalar_registry,
        )
        if self.parent_name:
            arguments.pop(self.parent_name)
        return partial(self.function, **arguments)


def attribute_of(field: GraphQLField) -> str | None:
    """The attribute of the parent that is the field's value, if nothing more is to be done."""
    definition = field.extensions.get(STRAWBERRY)
    if not isinstance(definition, StrawberryField) or not definition.is_basic_field:
        return None
    return definition.python_name if definition.default_resolver is getattr else None


def pure_call(field: GraphQLField, place: Place) -> PureCall | None:
    """The field's pure function, None if its resolver is not marked as one."""
    definition = field.extensions.get(STRAWBERRY)
    if not isinstance(definition, StrawberryField) or definition.extensions:
        return None
    resolver = definition.base_resolver
    if resolver is None or not getattr(resolver._unbound_wrapped_func, "pure_attribute", False):
        return None
    call = PureCall(field, definition, place)
    return call if call.takes_parent else None

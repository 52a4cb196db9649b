"""Whether the door can serve a schema as it promises to, found out at start."""

from __future__ import annotations

import strawberry
from graphql import GraphQLObjectType
from strawberry.types.field import StrawberryField

from storeql.server.permissions import STRAWBERRY


def check_schema(schema: strawberry.Schema) -> None:
    """Raises ValueError for what would be passed over or could not run in a thread."""
    if schema.extensions:
        raise ValueError("Schema extensions do not run here: the door does what they are for.")
    if schema.directives:
        raise ValueError("Directives with resolvers do not run here.")
    subscription = schema._schema.subscription_type
    for named in schema._schema.type_map.values():
        if isinstance(named, GraphQLObjectType) and named is not subscription:
            _check_synchronous(named)


def _check_synchronous(type_: GraphQLObjectType) -> None:
    for name, field in type_.fields.items():
        definition = field.extensions.get(STRAWBERRY)
        if isinstance(definition, StrawberryField) and definition.is_async:
            raise ValueError(f"{type_.name}.{name} is async: operations run in threads.")

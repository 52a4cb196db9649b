"""The query fields that plugins bring, checked before they become a part of the schema."""

from collections.abc import Sequence

from strawberry.types.base import get_object_definition

from storeql.hooks import Hooks
from storeql.schema.extending import checked_query, field_name


def plugin_queries(hooks: Hooks, own: Sequence[type]) -> list[type]:
    """The plugins' query types; raises UnfitQuery for a field that cannot be taken.

    `own` are storeql's query types, whose names are taken.
    """
    if not hooks.query_types:
        return []
    taken = {name: "" for query in own for name in _names(query)}
    for plugin, query in hooks.query_types:
        taken.update(dict(checked_query(query, dict(taken), plugin)))
    return [query for _, query in hooks.query_types]


def _names(query: type) -> list[str]:
    definition = get_object_definition(query, strict=True)
    return [field_name(field) for field in definition.fields]

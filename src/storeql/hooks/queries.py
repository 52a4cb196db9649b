"""The hook through which a plugin adds query fields of its own."""

from __future__ import annotations

from storeql.hooks.markers import hookspec


@hookspec
def storeql_query_types() -> list[type]:  # type: ignore[empty-body]
    """The query fields that this plugin brings.

    Called once, at start. The return is a list of Strawberry types whose fields become fields of
    Query; None is an empty list. They are written with `query_field` of `storeql.schema.extending`,
    each with who may ask it: permissions, or EVERYBODY.

    Ordering: none; a field's name belongs to one plugin.

    Errors: a plugin that raises, returns anything else, brings a field that does not say who may
    ask it, or takes a name that is not free, is left out whole and listed as broken with the
    reason; the shop starts without it.

    >>> import strawberry
    >>> from storeql.hooks import hookimpl, load_hooks
    >>> from storeql.schema.build import build_schema
    >>> from storeql.schema.extending import EVERYBODY, query_field
    >>> @strawberry.type
    ... class OpeningHours:
    ...     @query_field("When the shop is open.", EVERYBODY)
    ...     def opening_hours(self) -> str:
    ...         return "9:00-18:00"
    >>> class Hours:
    ...     @hookimpl
    ...     def storeql_query_types(self):
    ...         return [OpeningHours]
    >>> schema = build_schema(load_hooks(extra_plugins=[Hours()], installed=False))
    >>> schema.execute_sync("{ openingHours }").data
    {'openingHours': '9:00-18:00'}
    """

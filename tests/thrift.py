"""What the shops of many tests share: hooks, the schema, and the documents asked of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from graphql import GraphQLSchema

from storeql.hooks import Hooks, load_hooks
from storeql.schema.promotions.room import fitted
from storeql.server import Limits
from storeql.server.documents import Documents
from storeql.server.permissions import Guards


class Made:
    """Remembers what was made for plugins that are installed; given ones are loaded each time."""

    def __init__(self) -> None:
        self._hooks: dict[tuple[tuple[str, ...], tuple[str, ...]], Hooks] = {}
        self._schemas: dict[Hooks, tuple[Hooks, Any]] = {}
        self._documents: list[tuple[tuple[GraphQLSchema, Limits, bool], Documents]] = []

    def load_hooks(
        self,
        *,
        enabled: Collection[str] = (),
        disabled: Collection[str] = (),
        extra_plugins: Iterable[object] = (),
    ) -> Hooks:
        """Stands in for `storeql.hooks.load_hooks`."""
        given = list(extra_plugins)
        if given:
            return load_hooks(enabled=enabled, disabled=disabled, extra_plugins=given)
        names = (tuple(enabled), tuple(disabled))
        if names not in self._hooks:
            self._hooks[names] = load_hooks(enabled=enabled, disabled=disabled)
        return self._hooks[names]

    def fitted(self, hooks: Hooks, build: Callable[[Hooks], Any]) -> tuple[Hooks, Any]:
        """Stands in for `storeql.schema.promotions.room.fitted`."""
        if hooks not in self._hooks.values():
            return fitted(hooks, build)
        if hooks not in self._schemas:
            self._schemas[hooks] = fitted(hooks, build)
        return self._schemas[hooks]

    def documents(
        self, schema: GraphQLSchema, guards: Guards, limits: Limits, *, suggestions: bool
    ) -> Documents:
        """Stands in for `storeql.server.documents.Documents`: parsed and validated once."""
        wanted = (schema, limits, suggestions)
        for known, documents in self._documents:
            if known == wanted:
                return documents
        documents = Documents(schema, guards, limits, suggestions=suggestions)
        if any(schema is built._schema for _, built in self._schemas.values()):
            self._documents.append((wanted, documents))
        return documents

"""What the shops of many tests share: hooks and schema, which take a tenth of a second to make."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from storeql.hooks import Hooks, load_hooks
from storeql.schema.promotions.room import fitted


class Made:
    """Remembers what was made for plugins that are installed; given ones are loaded each time."""

    def __init__(self) -> None:
        self._hooks: dict[tuple[tuple[str, ...], tuple[str, ...]], Hooks] = {}
        self._schemas: dict[Hooks, tuple[Hooks, Any]] = {}

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

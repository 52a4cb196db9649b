"""What became of every plugin, apart from other commands: they need not load the schema for it."""

from __future__ import annotations

from storeql.hooks import PluginInfo, load_hooks
from storeql.schema.build import build_schema
from storeql.schema.promotions.room import fitted
from storeql.settings import Settings


def plugin_infos(settings: Settings) -> list[PluginInfo]:
    """Every plugin that was found, with what became of it when a shop is wired with it."""
    hooks = load_hooks(enabled=settings.plugins_enabled, disabled=settings.plugins_disabled)
    fit, _ = fitted(hooks, build_schema)
    return fit.plugins()

"""How a shop gets its hooks at start: find every plugin, try each, keep the sound ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import structlog

from storeql.hooks.calls import Hooks
from storeql.hooks.discovery import candidates
from storeql.hooks.plugin import (
    BrokenPlugin,
    Candidate,
    LoadedPlugin,
    PluginInfo,
    PluginStatus,
    left_out,
)
from storeql.hooks.trial import tried

log = structlog.get_logger("storeql.hooks")


def load_hooks(
    *,
    enabled: Collection[str] = (),
    disabled: Collection[str] = (),
    extra_plugins: Iterable[object] = (),
    installed: bool = True,
) -> Hooks:
    """The shop's hooks, frozen: built-in, installed and given plugins, all loaded alike.

    Without `installed` the machine's installed plugins are not even looked for.
    `disabled` names plugins to leave out, built-in ones too. `enabled`, when not empty, names the
    installed plugins to take; built-in and given ones need not be named. A plugin that fails its
    trial is left out, logged, and listed as BROKEN; loading never raises because of a plugin.
    """
    loaded: list[LoadedPlugin] = []
    outside: list[PluginInfo] = []
    for candidate in candidates(extra_plugins, installed=installed):
        reason = _disabled_because(candidate, enabled, disabled)
        if reason:
            outside.append(left_out(candidate, PluginStatus.DISABLED, reason))
            continue
        try:
            plugin = _fitting(tried(candidate), loaded)
            for warning in plugin.warnings:
                log.warning("plugin_deprecated", plugin=candidate.name, reason=warning)
            loaded.append(plugin)
        except BrokenPlugin as error:
            log.error("plugin_broken", plugin=candidate.name, reason=str(error))
            outside.append(left_out(candidate, PluginStatus.BROKEN, str(error)))
    outside.extend(_not_installed(enabled, loaded, outside))
    return Hooks(loaded, outside)


def _disabled_because(
    candidate: Candidate, enabled: Collection[str], disabled: Collection[str]
) -> str:
    if candidate.name in disabled:
        return "Named in STOREQL_PLUGINS_DISABLED."
    installed = candidate.source not in ("built-in", "given")
    if enabled and installed and candidate.name not in enabled:
        return "Not named in STOREQL_PLUGINS_ENABLED."
    return ""


def _fitting(plugin: LoadedPlugin, others: list[LoadedPlugin]) -> LoadedPlugin:
    """The plugin, if nothing it brings is taken; of two that clash the first found stays."""
    _must_be_free("plugin name", [plugin.candidate.name], [p.candidate.name for p in others])
    _must_be_free(
        "kind",
        [kind.key for kind in plugin.promotion_types],
        [kind.key for other in others for kind in other.promotion_types],
    )
    _must_be_free(
        "rule name",
        [kind.Rule.__name__ for kind in plugin.promotion_types],
        [kind.Rule.__name__ for other in others for kind in other.promotion_types],
    )
    _must_be_free(
        "gateway",
        [gateway.key for gateway in plugin.gateways],
        [gateway.key for other in others for gateway in other.gateways],
    )
    return plugin


def _must_be_free(what: str, names: list[str], taken: list[str]) -> None:
    for place, name in enumerate(names):
        if name in taken or name in names[:place]:
            raise BrokenPlugin(f"The {what} {name} is taken.")


def _not_installed(
    enabled: Collection[str], loaded: list[LoadedPlugin], outside: list[PluginInfo]
) -> list[PluginInfo]:
    known = {plugin.candidate.name for plugin in loaded} | {info.name for info in outside}
    missing = [name for name in enabled if name not in known]
    for name in missing:
        log.error("plugin_not_installed", plugin=name)
    return [
        PluginInfo(
            name=name,
            version="",
            source="",
            status=PluginStatus.BROKEN,
            reason="Named in STOREQL_PLUGINS_ENABLED, but not installed.",
        )
        for name in missing
    ]

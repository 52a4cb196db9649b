"""Holds a plugin to what a shop relies on: it loads, it fits in, its kinds and hooks conform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import settings
from hypothesis.errors import Flaky
from structlog.testing import capture_logs

from storeql.authoring.find import Found, find_plugins
from storeql.authoring.kits import drawn_kit, given_kits
from storeql.authoring.tried_hooks import PRICING_HOOKS, HooksConformance, tell
from storeql.hooks import Hooks, PluginStatus, load_hooks
from storeql.hooks.plugin import Candidate, LoadedPlugin
from storeql.hooks.trial import tried
from storeql.schema.build import build_schema
from storeql.schema.promotions.room import fitted
from storeql.testing import PromotionConformance, Unfit, migration_differences

PROPERTIES = [name for name in dir(PromotionConformance) if name.startswith("test_")]
PROFILE = "storeql-plugin-check"
NO_RULES = (
    "no rule could be made from its form: give some to a subclass of PromotionConformance in the "
    "tests of its distribution"
)


class Finding(NamedTuple):
    """One thing that was looked at; `fault` is empty when it holds."""

    subject: str
    what: str
    fault: str = ""


def check_plugin(target: str, *, examples: int) -> Iterator[Finding]:
    """What was found about each plugin that `target` names, as it is found.

    Each property is tried on so many baskets. Raises BadInput when `target` is no plugin; nothing
    that a plugin does raises.
    """
    settings.register_profile(PROFILE, database=None)
    settings.load_profile(PROFILE)
    found = find_plugins(target)
    for candidate in found.plugins:
        fitting = _fitting(candidate)
        yield fitting
        if not fitting.fault:
            yield from _conforms(candidate, found, examples)


def _fitting(candidate: Candidate) -> Finding:
    """Whether a shop with all built-in plugins takes it."""
    extra = () if candidate.source == "built-in" else (candidate,)
    with capture_logs():  # the reason is told once, as a finding
        hooks, _ = fitted(load_hooks(extra_plugins=extra, installed=False), build_schema)
    reasons = [
        info.reason
        for info in hooks.plugins()
        if info.name == candidate.name and info.status is PluginStatus.BROKEN
    ]
    return Finding(candidate.name, "a shop takes it", " ".join(reasons))


def _conforms(candidate: Candidate, found: Found, examples: int) -> Iterator[Finding]:
    plugin = tried(candidate)
    if any(hasattr(plugin.guarded, hook) for hook in PRICING_HOOKS):
        hold = HooksConformance(tried(candidate, report=tell), examples=examples).hold
        yield Finding(candidate.name, "its hooks answer for every basket", _fault(hold))
    if plugin.tables is not None:
        yield Finding(candidate.name, "its migrations make its tables", _migrated(plugin))
    given, unloaded = given_kits(found.tests)
    for path, reason in unloaded.items():
        yield Finding(path.name, "it loads", reason)
    for kind in plugin.promotion_types:
        kits = given.get(kind.key) or drawn_kit(kind, Hooks([plugin]))
        if not kits:
            yield Finding(kind.key, "rules are found to try it with", NO_RULES)
        for kit in kits:
            yield from _kind_conforms(kit, kind.key, examples)


def _migrated(plugin: LoadedPlugin) -> str:
    assert plugin.tables is not None
    with TemporaryDirectory() as folder:
        url, tables = f"sqlite:///{folder}/shop.sqlite", plugin.tables.declared
        try:
            differences = migration_differences(url, plugin.candidate.name, tables)
        except Exception as error:
            return f"it raises {type(error).__name__}: {error}"
    return "\n".join(f"differs: {difference!r}" for difference in differences)


def _kind_conforms(kit: type[PromotionConformance], key: str, examples: int) -> Iterator[Finding]:
    test = type(kit.__name__, (kit,), {"examples": examples})()
    for name in PROPERTIES:
        what = name.removeprefix("test_").replace("_", " ")
        yield Finding(key, what, _fault(getattr(test, name)))


def _fault(hold: Callable[[], None]) -> str:
    try:
        hold()
    except Unfit as unfit:
        return str(unfit)
    except Flaky:
        return "it is not deterministic: the same basket was answered differently"
    except (Exception, SystemExit) as error:
        return f"it raises {type(error).__name__}: {error}"
    return ""

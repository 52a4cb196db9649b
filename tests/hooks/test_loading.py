"""Plugins are tried at start: the sound ones take part, the others are listed with the reason."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from typing import Any

import pytest
from msgspec import Struct

from storeql.hooks import Hooks, PluginInfo, PluginStatus, discovery, hookimpl, load_hooks
from storeql.hooks.plugin import Candidate
from tests.hooks.plugins import FlatRule, Pieces, answering, bringing, captured, gateway, kind

BUILT_IN = {"GIFT_WITH_PURCHASE", "PERCENTAGE", "SPEND_THRESHOLD"}


def info(hooks: Hooks, name: str = "Stranger") -> PluginInfo:
    return next(entry for entry in hooks.plugins() if entry.name == name)


def keys(hooks: Hooks) -> set[str]:
    return {kind.key for kind in hooks.promotion_types}


def test_the_built_in_kinds_are_plugins_like_any_other() -> None:
    hooks = load_hooks()

    assert keys(hooks) >= BUILT_IN
    assert info(hooks, "spend-threshold") == PluginInfo(
        name="spend-threshold",
        version="0.1.0",
        source="built-in",
        status=PluginStatus.ACTIVE,
        promotion_types=("SPEND_THRESHOLD",),
    )
    assert keys(load_hooks(disabled={"percentage"})) >= BUILT_IN - {"PERCENTAGE"}
    assert "PERCENTAGE" not in keys(load_hooks(disabled={"percentage"}))


def test_a_plugins_kind_carries_its_name_and_version() -> None:
    plugin: Any = bringing(kind())
    type(plugin).__version__ = "2.1"

    hooks = load_hooks(extra_plugins=[plugin])

    (flat,) = [found for found in hooks.promotion_types if found.key == "FLAT"]
    assert (flat.plugin, flat.plugin_version) == ("Stranger", "2.1")
    assert info(hooks).promotion_types == ("FLAT",)


def test_disabled_plugins_are_listed_and_do_not_take_part() -> None:
    hooks = load_hooks(disabled={"Stranger"}, extra_plugins=[bringing(kind())])

    assert "FLAT" not in keys(hooks)
    assert info(hooks).status is PluginStatus.DISABLED


def installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Distributions with an entry point of each name, as if they were installed."""
    point = EntryPoint("x", "tests.hooks.plugins", discovery.GROUP)
    monkeypatch.setattr(discovery, "entry_points", lambda group: [point] * len(names))
    found = iter(names)

    def candidate(_point: EntryPoint) -> Candidate:
        name = next(found)
        return Candidate(
            name=name, version="1.0", source=f"shop-{name}", load=lambda: bringing(kind(name))
        )

    own = discovery._from_entry_point
    monkeypatch.setattr(
        discovery,
        "_from_entry_point",
        lambda point: candidate(point) if point.name == "x" else own(point),
    )


def test_enabled_names_the_installed_plugins_to_take(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "ALPHA", "BETA")

    hooks = load_hooks(enabled={"ALPHA", "GAMMA"})

    assert {"ALPHA", *BUILT_IN} <= keys(hooks)
    assert info(hooks, "ALPHA").source == "shop-ALPHA"
    assert info(hooks, "BETA").status is PluginStatus.DISABLED
    assert info(hooks, "GAMMA").reason == "Named in STOREQL_PLUGINS_ENABLED, but not installed."


def test_a_plugin_that_does_not_import_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ("ghost", "storeql.promotions.builtin.ghost")
    monkeypatch.setattr(discovery, "BUILT_IN", (*discovery.BUILT_IN, missing))

    hooks = load_hooks()

    assert keys(hooks) >= BUILT_IN
    assert info(hooks, "ghost").status is PluginStatus.BROKEN
    assert info(hooks, "ghost").reason.startswith("It does not load: ModuleNotFoundError")


class Unsayable(Struct, frozen=True, kw_only=True):
    when: complex


class lowercase(Struct):
    pass


@pytest.mark.parametrize(
    ("plugin", "reason"),
    [
        (answering("storeql_order_zapped", lambda self: 1), "unknown hook 'storeql_order_zapped'"),
        (answering("storeql_order_placed", lambda self, ordre: 1), "Argument(s) {'ordre'}"),
        (type("Stranger", (), {})(), "It implements no hook; is @hookimpl missing?"),
        (answering("storeql_promotion_types", lambda self: 1 / 0), "ZeroDivisionError"),
        (answering("storeql_promotion_types", lambda self: sys.exit(1)), "SystemExit: 1"),
        (answering("storeql_promotion_types", lambda self: 7), "TypeError"),
        (bringing("FLAT"), "returned 'FLAT', which is no PromotionType."),
        (bringing(kind("flat")), "Kind key 'flat' must be upper case"),
        (bringing(kind(rule=dict)), "The Rule of FLAT is no msgspec Struct."),  # type: ignore
        (bringing(kind(rule=lowercase)), "The rule's name lowercase must be in CamelCase."),
        (bringing(kind(rule=Unsayable)), "Unsayable cannot be JSON"),
        (bringing(kind("A"), kind("A")), "The kind A is taken."),
        (bringing(kind("A"), kind("B")), "The rule name FlatRule is taken."),
        (bringing(kind("PERCENTAGE")), "The kind PERCENTAGE is taken."),
        (gateway(captured, key="Points!"), "Gateway key 'Points!' must be lower case"),
    ],
)
def test_an_unsound_plugin_is_left_out_whole_and_says_why(plugin: object, reason: str) -> None:
    hooks = load_hooks(extra_plugins=[plugin])

    entry = info(hooks, type(plugin).__name__)
    assert entry.status is PluginStatus.BROKEN
    assert reason in entry.reason
    assert keys(hooks) == keys(load_hooks())


def test_of_two_plugins_that_clash_the_first_stays() -> None:
    first, second = bringing(kind(), name="First"), bringing(kind(), name="Second")

    hooks = load_hooks(extra_plugins=[second, first])

    assert info(hooks, "First").status is PluginStatus.ACTIVE
    assert info(hooks, "Second").reason == "The kind FLAT is taken."


def test_hook_wrappers_are_refused_for_they_could_change_what_others_answer() -> None:
    def around(self: object, basket: object) -> Any:
        return (yield)

    plugin = type("Stranger", (), {"storeql_basket_built": hookimpl(around, wrapper=True)})()

    assert "hook wrapper" in info(load_hooks(extra_plugins=[plugin])).reason


def test_a_plugin_can_be_left_out_after_a_later_trial() -> None:
    hooks = load_hooks(extra_plugins=[bringing(kind()), Pieces()])

    without = hooks.without("Stranger", "Its GraphQL name is taken.")

    assert "FLAT" in keys(hooks)
    assert "FLAT" not in keys(without)
    assert info(without).reason == "Its GraphQL name is taken."
    assert info(without, "Pieces").status is PluginStatus.ACTIVE


def test_the_rule_of_the_flat_kind_is_kept_as_it_was_written() -> None:
    hooks = load_hooks(extra_plugins=[bringing(kind())])

    (flat,) = [found for found in hooks.promotion_types if found.key == "FLAT"]
    assert flat.Rule is FlatRule

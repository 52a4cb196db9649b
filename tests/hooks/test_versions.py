"""The contract of the hooks has a version, and what is deprecated works on and says so."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from storeql import plugin_list
from storeql.cli import app
from storeql.hooks import (
    HOOKS_VERSION,
    OLDEST_HOOKS_VERSION,
    HookDeprecated,
    Hooks,
    PluginInfo,
    PluginStatus,
    hookimpl,
    hookspec,
    load_hooks,
    trial,
    versions,
)
from tests.hooks.plugins import Pieces, answering

BELL = HookDeprecated("`loud` of storeql_bell_rung goes with version 4: use `volume`.")
OLD_BELL = HookDeprecated("storeql_old_bell goes with version 4: use storeql_bell_rung.")


def stated(version: Any) -> object:
    """A plugin that was built for this version of the hooks."""
    return type("Stranger", (Pieces,), {"storeql_hooks_version": version})()


def given(hooks: Hooks) -> PluginInfo:
    """The one plugin that was handed over."""
    [info] = [info for info in hooks.plugins() if info.source == "given"]
    return info


@pytest.mark.parametrize("version", [OLDEST_HOOKS_VERSION, HOOKS_VERSION])
def test_plugin_built_for_a_version_that_holds_takes_part(version: int) -> None:
    info = given(load_hooks(extra_plugins=[stated(version)]))
    assert (info.status, info.hooks_version) == (PluginStatus.ACTIVE, version)


def test_plugin_that_states_no_version_takes_part() -> None:
    info = given(load_hooks(extra_plugins=[Pieces()]))
    assert (info.status, info.hooks_version) == (PluginStatus.ACTIVE, None)


@pytest.mark.parametrize(
    ("version", "oldest", "reason"),
    [
        (
            HOOKS_VERSION + 1,
            1,
            f"It was built for version {HOOKS_VERSION + 1} of the hooks, and this storeql has "
            f"version {HOOKS_VERSION}: upgrade storeql.",
        ),
        (
            1,
            2,
            "It was built for version 1 of the hooks, and this storeql takes none before 2: "
            "upgrade the plugin.",
        ),
        (0, 1, "storeql_hooks_version must be a whole number from 1, not 0."),
        ("2", 1, "storeql_hooks_version must be a whole number from 1, not '2'."),
        (True, 1, "storeql_hooks_version must be a whole number from 1, not True."),
    ],
)
def test_plugin_built_for_another_version_is_left_out_with_one_sentence(
    version: Any, oldest: int, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "OLDEST_HOOKS_VERSION", oldest)
    info = given(load_hooks(extra_plugins=[stated(version)]))
    assert (info.status, info.reason) == (PluginStatus.BROKEN, reason)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A storeql whose hooks have a deprecated argument, and a deprecated hook."""

    def storeql_bell_rung(volume: int, loud: bool) -> None:
        """How loud a bell is rung."""

    def storeql_old_bell(volume: int) -> None:
        """As it used to be called."""

    module = ModuleType("bells")
    vars(module).update(
        storeql_bell_rung=hookspec(storeql_bell_rung, warn_on_impl_args={"loud": BELL}),
        storeql_old_bell=hookspec(storeql_old_bell, warn_on_impl=OLD_BELL),
    )
    monkeypatch.setattr(trial, "SPECIFICATIONS", (*trial.SPECIFICATIONS, module))


@pytest.mark.parametrize(
    ("hook", "answer", "warning"),
    [
        ("storeql_bell_rung", lambda self, volume, loud: (volume, loud), str(BELL)),
        ("storeql_old_bell", lambda self, volume: (volume, True), str(OLD_BELL)),
    ],
)
@pytest.mark.usefixtures("bells")
@pytest.mark.filterwarnings("error")
def test_what_is_deprecated_works_and_is_told_in_logs_and_list(
    hook: str, answer: Any, warning: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture_logs() as logs:
        hooks = load_hooks(extra_plugins=[answering(hook, answer)])

    info = given(hooks)
    assert (info.status, info.warnings) == (PluginStatus.ACTIVE, (warning,))
    assert [(log["event"], log["reason"]) for log in logs] == [("plugin_deprecated", warning)]
    call = getattr(hooks._call, hook)
    assert call(volume=3, **({"loud": True} if hook == "storeql_bell_rung" else {})) == [(3, True)]

    monkeypatch.setattr(plugin_list, "load_hooks", lambda **_: hooks)
    listed = " ".join(CliRunner().invoke(app, ["plugin", "list"]).stdout.split())
    assert "Stranger given ACTIVE" in listed
    assert "goes with version 4" in listed


@pytest.mark.usefixtures("bells")
def test_new_argument_instead_of_the_deprecated_one_is_not_remarked() -> None:
    plugin = type("Stranger", (), {"storeql_bell_rung": hookimpl(lambda self, volume: volume)})()
    info = given(load_hooks(extra_plugins=[plugin]))
    assert info.warnings == ()

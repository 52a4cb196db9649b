"""The distributions in plugins/, once installed, take part in a shop that knows nothing of them."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from storeql.hooks import PluginStatus, load_hooks
from storeql.testing import a_shop

# By the name of the distribution: the entry point, the kind it brings, its member of the rule.
KINDS = {
    "storeql-happy-hour": ("happy-hour", "HAPPY_HOUR", "happyHour"),
    "storeql-bundle-price": ("bundle-price", "BUNDLE_PRICE", "bundlePrice"),
}
# By the name of the distribution: the entry point, and its query field.
QUERIES = {
    "storeql-delivery-estimates": ("delivery-estimates", "deliveryEstimates"),
    "storeql-loyalty-points": ("loyalty-points", "loyaltyPoints"),
}
PLUGINS = {name: brings[0] for name, brings in {**KINDS, **QUERIES}.items()}
FOLDER = Path(__file__).parents[2] / "plugins"


def installed(distribution: str) -> str:
    """The installed version; without one the test is skipped, or fails where CI is set."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        reason = f"{distribution} is not installed: pip install -e plugins/{distribution}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.mark.parametrize("distribution", PLUGINS)
def test_installed_plugin_is_active(distribution: str) -> None:
    found = installed(distribution)
    [info] = [info for info in load_hooks().plugins() if info.name == PLUGINS[distribution]]
    assert (info.status, info.source, info.version) == (PluginStatus.ACTIVE, distribution, found)
    assert info.promotion_types == tuple(KINDS.get(distribution, ())[1:2])


@pytest.mark.parametrize("distribution", PLUGINS)
def test_installed_plugin_can_be_disabled(distribution: str) -> None:
    installed(distribution)
    name = PLUGINS[distribution]
    hooks = load_hooks(disabled=[name])
    [info] = [info for info in hooks.plugins() if info.name == name]
    assert info.status is PluginStatus.DISABLED
    assert name not in [kind.plugin for kind in hooks.promotion_types]
    assert name not in [plugin for plugin, _ in hooks.query_types]


@pytest.mark.parametrize("distribution", KINDS)
def test_rule_of_an_installed_plugin_is_in_the_schema(distribution: str, tmp_path: Path) -> None:
    installed(distribution)
    _, kind, member = KINDS[distribution]
    with a_shop(tmp_path) as shop:
        shown = shop.graphql(
            """{
              promotionTypes { key }
              __type(name: "PromotionRuleInput") { isOneOf inputFields { name } }
            }"""
        )
    assert kind in [found["key"] for found in shown["promotionTypes"]]
    assert shown["__type"]["isOneOf"]
    assert member in [field["name"] for field in shown["__type"]["inputFields"]]


def test_every_distribution_of_the_folder_is_tested_here() -> None:
    assert {path.parent.name for path in FOLDER.glob("*/pyproject.toml")} == set(PLUGINS)

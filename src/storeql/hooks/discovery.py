"""Where plugins come from: storeql's own, installed distributions, and those handed over."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

import storeql
from storeql.errors import SettingsError
from storeql.hooks.plugin import Candidate

GROUP = "storeql"

# Named like an installed plugin's entry points, so that a source tree has them too and so that
# nothing below this room has to be imported to know its plugins.
BUILT_IN = (
    ("flash-sale", "storeql.promotions.builtin.flash_sale"),
    ("price-drop", "storeql.promotions.builtin.price_drop"),
    ("member-price", "storeql.promotions.builtin.member_price"),
    ("percentage", "storeql.promotions.builtin.percentage"),
    ("nth-piece", "storeql.promotions.builtin.nth_piece"),
    ("n-for-fixed-price", "storeql.promotions.builtin.n_for_fixed_price"),
    ("add-on-purchase", "storeql.promotions.builtin.add_on_purchase"),
    ("bundle", "storeql.promotions.builtin.bundle"),
    ("threshold-percent", "storeql.promotions.builtin.threshold_percent"),
    ("spend-threshold", "storeql.promotions.builtin.spend_threshold"),
    ("gift-with-purchase", "storeql.promotions.builtin.gift_with_purchase"),
    ("voucher-after-purchase", "storeql.promotions.builtin.voucher_after_purchase"),
    ("voucher-discount", "storeql.promotions.builtin.voucher_discount"),
    ("shipping-discount", "storeql.promotions.builtin.shipping_discount"),
    ("cash-on-delivery", "storeql.orders.payments.gateways.cash_on_delivery"),
    ("bank-transfer", "storeql.orders.payments.gateways.bank_transfer"),
    ("fake-card", "storeql.orders.payments.gateways.fake_card"),
)


def candidates(extra_plugins: Iterable[object] = (), *, installed: bool = True) -> list[Candidate]:
    """Every plugin there is: built-in first, then installed, then given; each part by name.

    What is given is a plugin, or the candidate for one that is yet to be loaded.
    """
    built_in = [_from_entry_point(EntryPoint(name, value, GROUP)) for name, value in BUILT_IN]
    found = [_from_entry_point(point) for point in entry_points(group=GROUP)] if installed else []
    given = [_given(plugin) for plugin in extra_plugins]
    return [
        candidate
        for part in (built_in, found, given)
        for candidate in sorted(part, key=lambda candidate: candidate.name)
    ]


def check_names(setting: str, names: Iterable[str]) -> None:
    """Raises SettingsError when the setting names a plugin that is not there."""
    known = {name for name, _ in BUILT_IN} | {point.name for point in entry_points(group=GROUP)}
    strangers = sorted(set(names) - known)
    if strangers:
        raise SettingsError(
            f"{setting} names {', '.join(strangers)}, which is not installed: "
            "`storeql plugin list` shows what is."
        )


def _from_entry_point(point: EntryPoint) -> Candidate:
    if point.dist is None:
        return Candidate(
            name=point.name, version=storeql.__version__, source="built-in", load=point.load
        )
    return Candidate(
        name=point.name, version=point.dist.version, source=point.dist.name, load=point.load
    )


def _given(plugin: object) -> Candidate:
    if isinstance(plugin, Candidate):
        return plugin
    return Candidate(
        name=getattr(plugin, "__name__", type(plugin).__name__),
        version=getattr(plugin, "__version__", ""),
        source="given",
        load=lambda: plugin,
    )

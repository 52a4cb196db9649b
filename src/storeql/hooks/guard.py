"""A plugin's hooks wrapped so that one that raises or answers nonsense is logged and left out."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import msgspec
import structlog
from pluggy import HookimplMarker, PluginManager

from storeql.hooks.markers import PROJECT
from storeql.hooks.plugin import BrokenPlugin
from storeql.hooks.pricing import Annotation, Refusal, Verdict
from storeql.hooks.taxes import MOST_BASIS_POINTS, TaxRates
from storeql.inputs import MOST_MINOR
from storeql.pricing import Text
from storeql.pricing.soundness import is_text, told

log = structlog.get_logger("storeql.hooks")

Read = Callable[[str, Any], Any]
Report = Callable[[str, str], None]

CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
MOST_VERDICTS = 100
MOST_FACTS = 64_000


def logged(plugin: str, hook: str) -> None:
    """Logs the failure that is being handled; the shop goes on without that answer."""
    log.exception("plugin_failed", plugin=plugin, hook=hook)


def guarded(
    manager: PluginManager, plugin: object, *, name: str, report: Report = logged
) -> SimpleNamespace:
    """An object with the plugin's hook implementations, each guarded, to be registered instead.

    `report` is called with the names of plugin and hook while a failure is handled. Raises
    BrokenPlugin for a plugin with no hook at all and for hook wrappers, which could change what
    other plugins answered.
    """
    namespace = SimpleNamespace()
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is None:
            continue
        if options["wrapper"] or options["hookwrapper"]:
            raise BrokenPlugin(f"{attribute} is a hook wrapper, which a shop does not take.")
        hook = options["specname"] or attribute
        function = _guard(getattr(plugin, attribute), hook=hook, plugin=name, report=report)
        setattr(namespace, attribute, HookimplMarker(PROJECT)(**options)(function))
    if not vars(namespace):
        raise BrokenPlugin("It implements no hook; is @hookimpl missing?")
    return namespace


def _guard(
    function: Callable[..., Any], *, hook: str, plugin: str, report: Report
) -> Callable[..., Any]:
    read = READERS.get(hook)
    if read is None:
        return functools.wraps(function)(lambda *args: function(*args))

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        try:
            return read(plugin, function(*args))
        except (Exception, SystemExit):
            report(plugin, hook)
            return FALLBACKS.get(hook, _nothing)(plugin)

    return call


def _read_facts(plugin: str, answer: Any) -> Mapping[str, Any] | None:
    if answer is None:
        return None
    text = msgspec.json.encode(answer)
    if len(text) > MOST_FACTS:
        raise ValueError(f"facts of more than {MOST_FACTS} bytes")
    facts = msgspec.json.decode(text)
    if not isinstance(facts, dict):
        raise TypeError(f"facts must be a mapping, not {type(answer).__name__}")
    return {plugin: facts}


def _read_verdicts(plugin: str, answer: Any) -> tuple[Verdict, ...] | None:
    if answer is None:
        return None
    verdicts = tuple(answer)
    if len(verdicts) > MOST_VERDICTS:
        raise ValueError(f"more than {MOST_VERDICTS} verdicts")
    for verdict in verdicts:
        _check_verdict(verdict)
    return tuple(msgspec.structs.replace(verdict, plugin=plugin) for verdict in verdicts)


def _check_verdict(verdict: Any) -> None:
    if not isinstance(verdict, Annotation | Refusal):
        raise TypeError(f"neither an Annotation nor a Refusal: {told(verdict)}")
    message = verdict.message
    if not (isinstance(message, Text) and is_text(message.en) and is_text(message.zh)):
        raise TypeError(f"no Text in both languages: {told(message)}")
    if type(verdict.code) is not str or not CODE.fullmatch(verdict.code):
        raise ValueError(f"a code is capitals, digits and _, not {told(verdict.code)}")
    if verdict.line_id is not None and not is_text(verdict.line_id):
        raise TypeError(f"no line id: {told(verdict.line_id)}")


def _read_rates(_plugin: str, answer: Any) -> TaxRates | None:
    if answer is None:
        return None
    if not isinstance(answer, TaxRates):
        raise TypeError(f"no TaxRates: {answer!r}")
    rates = (*answer.lines.values(), *answer.gifts.values(), answer.delivery)
    if not all(type(rate) is int and 0 <= rate <= MOST_BASIS_POINTS for rate in rates):
        raise ValueError(f"a rate is no whole number from 0 to {MOST_BASIS_POINTS}: {answer!r}")
    return answer


def _read_delivery(_plugin: str, answer: Any) -> Mapping[str, int] | None:
    if answer is None:
        return None
    prices = dict(answer)
    for slug, price in prices.items():
        if not isinstance(slug, str) or type(price) is not int or not 0 <= price <= MOST_MINOR:
            raise ValueError(f"no price in minor units by a method's slug: {slug!r}: {price!r}")
    return prices


def _tax_unknown(plugin: str) -> Refusal:
    text = Text("The tax cannot be worked out right now.", "暂时无法计算税费，请稍后再试。")
    return Refusal(code="TAX_UNKNOWN", message=text, plugin=plugin)


def _ignore(_plugin: str, _answer: Any) -> None:
    return None


def _nothing(_plugin: str) -> None:
    return None


# Hooks that are not named here are called at start only, where an error must come through.
READERS: Mapping[str, Read] = {
    "storeql_basket_built": _read_facts,
    "storeql_cart_priced": _read_verdicts,
    "storeql_order_priced": _read_verdicts,
    "storeql_order_placed": _ignore,
    "storeql_order_changed": _ignore,
    "storeql_cart_changing": _read_verdicts,
    "storeql_tax_rates": _read_rates,
    "storeql_delivery_rates": _read_delivery,
}

# What stands in for the answer of a plugin that failed; nothing where no hook is named.
FALLBACKS: Mapping[str, Callable[[str], Any]] = {"storeql_tax_rates": _tax_unknown}

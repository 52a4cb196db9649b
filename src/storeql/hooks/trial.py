"""The trial each plugin passes at start: it loads, its hooks fit, what it brings is sound."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import msgspec
from msgspec import Struct
from pluggy import PluginManager, PluginValidationError

from storeql.hooks import (
    carriers,
    carts,
    events,
    migrations,
    payments,
    pricing,
    promotions,
    queries,
    taxes,
)
from storeql.hooks.guard import Report, guarded, logged
from storeql.hooks.markers import PROJECT
from storeql.hooks.migrations import history_of
from storeql.hooks.payments import PaymentGateway
from storeql.hooks.plugin import BrokenPlugin, Candidate, LoadedPlugin, OwnTables, PluginTables
from storeql.hooks.versions import check_version, deprecations
from storeql.pricing import PromotionType, Texts

SPECIFICATIONS = (
    promotions,
    carts,
    pricing,
    taxes,
    carriers,
    payments,
    events,
    migrations,
    queries,
)

KIND_KEY = re.compile(r"(?=.{1,64}\Z)[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
GATEWAY_KEY = re.compile(r"[a-z][a-z0-9_-]{0,63}")
RULE_NAME = re.compile(r"[A-Z][A-Za-z0-9]{0,100}")


def new_manager() -> PluginManager:
    """A pluggy manager that knows storeql's hooks and no plugin."""
    manager = PluginManager(PROJECT)
    for specification in SPECIFICATIONS:
        manager.add_hookspecs(specification)
    return manager


def tried(candidate: Candidate, *, report: Report = logged) -> LoadedPlugin:
    """The plugin, loaded and found sound by itself; raises BrokenPlugin with the reason.

    `report` hears of hooks that fail later.
    """
    plugin = _load(candidate)
    version = check_version(plugin)
    manager = new_manager()
    namespace = guarded(manager, plugin, name=candidate.name, report=report)
    try:
        with deprecations() as warnings:
            manager.register(namespace, name=candidate.name)
        manager.check_pending()
    except PluginValidationError as error:
        reason = str(error).split(" in plugin ")[0]
        raise BrokenPlugin(" ".join(reason.split())) from error
    return LoadedPlugin(
        candidate=candidate,
        guarded=namespace,
        promotion_types=tuple(_kinds(manager, candidate)),
        gateways=tuple(_gateways(manager, candidate)),
        tables=_tables(manager, candidate),
        query_types=tuple(_answered(manager, "storeql_query_types", type)),
        hooks_version=version,
        warnings=tuple(warnings),
    )


def _load(candidate: Candidate) -> object:
    try:
        return candidate.load()
    except (Exception, SystemExit) as error:
        raise BrokenPlugin(f"It does not load: {_told(error)}") from error


def _kinds(manager: PluginManager, candidate: Candidate) -> list[PromotionType[Any]]:
    kinds = _answered(manager, "storeql_promotion_types", PromotionType)
    for kind in kinds:
        _check_kind(kind)
    return [
        replace(kind, plugin=candidate.name, plugin_version=candidate.version) for kind in kinds
    ]


def _gateways(manager: PluginManager, candidate: Candidate) -> list[PaymentGateway]:
    gateways = _answered(manager, "storeql_payment_gateways", PaymentGateway)
    for gateway in gateways:
        if not GATEWAY_KEY.fullmatch(gateway.key):
            raise BrokenPlugin(
                f"Gateway key {gateway.key!r} must be lower case, such as bank-card."
            )
    return [
        replace(gateway, plugin=candidate.name, plugin_version=candidate.version)
        for gateway in gateways
    ]


def _tables(manager: PluginManager, candidate: Candidate) -> OwnTables | None:
    found = _called(manager, "storeql_migrations")
    for tables in found:
        if not isinstance(tables, PluginTables):
            raise BrokenPlugin(f"storeql_migrations returned {tables!r}, which is no PluginTables.")
        return OwnTables(tables, history_of(candidate.name, tables))
    return None


def _answered(manager: PluginManager, hook: str, expected: type[Any]) -> list[Any]:
    try:
        answers = [value for answer in _called(manager, hook) for value in answer]
    except TypeError as error:
        raise BrokenPlugin(f"{hook} failed: {_told(error)}") from error
    for value in answers:
        if not isinstance(value, expected):
            raise BrokenPlugin(f"{hook} returned {value!r}, which is no {expected.__name__}.")
    return answers


def _called(manager: PluginManager, hook: str) -> list[Any]:
    try:
        found: list[Any] = getattr(manager.hook, hook)()
    except (Exception, SystemExit) as error:
        raise BrokenPlugin(f"{hook} failed: {_told(error)}") from error
    return found


def _check_kind(kind: PromotionType[Any]) -> None:
    if not KIND_KEY.fullmatch(kind.key):
        raise BrokenPlugin(f"Kind key {kind.key!r} must be upper case, such as HAPPY_HOUR.")
    if not isinstance(kind.texts, Texts):
        raise BrokenPlugin(f"{kind.key} has no texts.")
    if not (isinstance(kind.Rule, type) and issubclass(kind.Rule, Struct)):
        raise BrokenPlugin(f"The Rule of {kind.key} is no msgspec Struct.")
    if not RULE_NAME.fullmatch(kind.Rule.__name__):
        raise BrokenPlugin(f"The rule's name {kind.Rule.__name__} must be in CamelCase.")
    _check_rule(kind.Rule)


def _check_rule(rule_type: type[Struct]) -> None:
    try:
        decoder = msgspec.json.Decoder(rule_type)
        msgspec.json.schema(rule_type)
    except Exception as error:
        raise BrokenPlugin(f"{rule_type.__name__} cannot be JSON: {_told(error)}") from error
    try:
        rule = rule_type()
    except (TypeError, ValueError):
        return  # It has fields that must be given; there is no example to try.
    try:
        survives = decoder.decode(msgspec.json.encode(rule)) == rule
    except Exception as error:
        raise BrokenPlugin(
            f"{rule_type.__name__}'s defaults are refused: {_told(error)}"
        ) from error
    if not survives:
        raise BrokenPlugin(f"{rule_type.__name__} does not survive JSON unchanged.")


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip()[:500]

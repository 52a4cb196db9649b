"""Puts a change on a promotion and checks the whole that comes out, all problems at once."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from storeql.db import Connection
from storeql.decimals import scaled
from storeql.inputs import Fields, plain
from storeql.pricing import BASIS_POINTS, Conditions
from storeql.pricing.currencies import exponent_of, is_currency
from storeql.promotions.campaigns.fit import check_campaign
from storeql.promotions.limits.quotas import check_quotas
from storeql.promotions.records import Status, StoredPromotion, Terms
from storeql.promotions.rules.fields import MOST_MINOR, MOST_WHOLE
from storeql.promotions.rules.form import gift_variants, kind_name
from storeql.promotions.rules.read_input import read_rule
from storeql.promotions.set_up.existing import (
    check_audience,
    check_payment_methods,
    check_rule,
    check_scope,
)
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.types import PromotionTypes

LONGEST_GROUP = 64
LAST_PRIORITY = 10_000
MINUTES_PER_DAY = 1440
DAYS_PER_WEEK = 7
MOST_NAMES = 100
MOST_FUNDERS = 10
PLAIN = (
    "priority",
    "starts_at",
    "ends_at",
    "usage_limit",
    "customer_limit",
    "currency",
    "campaign_id",
)
NAMES = ("channels", "tiers", "countries", "regions", "delivery_methods", "payment_methods")
TERMS = (
    "scope",
    "conditions",
    "exclusion_group",
    "stacking_group",
    "stackable_with",
    "needs_code",
    "funders",
    "give_back",
)


def settled(
    connection: Connection,
    current: StoredPromotion,
    change: PromotionChange,
    *,
    types: PromotionTypes,
    fields: Fields,
) -> StoredPromotion:
    """The promotion with the change made; what is wrong with it is noted in `fields`."""
    values: dict[str, Any] = _given(change, PLAIN)
    if change.name is not UNSET:
        values["name"] = fields.line("name", change.name)
    if change.description is not UNSET:
        values["description"] = fields.block("description", change.description, most=2000)
    values["terms"] = _plain(msgspec.structs.replace(current.terms, **_given(change, TERMS)))
    wanted = msgspec.structs.replace(current, **values)
    _check_currency(current, wanted, change, fields)
    wanted = _with_rule(wanted, change, types, fields)
    wanted = _with_budget(wanted, change, fields)
    _check_numbers(wanted, fields)
    _check_terms(connection, wanted.terms, fields)
    check_payment_methods(wanted.terms.conditions, types.payment_methods, fields.at("audience"))
    _check_gifts(connection, wanted, change, fields)
    check_campaign(connection, wanted, fields)
    check_quotas(connection, wanted, change, types=types, fields=fields)
    return wanted


def _plain(terms: Terms) -> Terms:
    """The terms with names without outer spaces, and countries as addresses keep them."""
    conditions = terms.conditions
    names = {name: tuple(map(plain, getattr(conditions, name))) for name in NAMES}
    names["countries"] = tuple(code.upper() for code in names["countries"])
    return msgspec.structs.replace(terms, conditions=msgspec.structs.replace(conditions, **names))


def _given(change: PromotionChange, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(change, name) for name in names}
    return {name: value for name, value in values.items() if value is not UNSET}


def _check_currency(
    current: StoredPromotion, wanted: StoredPromotion, change: PromotionChange, fields: Fields
) -> None:
    if wanted.currency is not None and not is_currency(wanted.currency):
        fields.report("UNKNOWN_CURRENCY", "There is no such currency.", "currency")
    if wanted.currency == current.currency or not current.kind:
        return
    if current.status is not Status.DRAFT:
        fields.report("CURRENCY_IS_FIXED", "The currency can only change in a draft.", "currency")
    elif change.rule is UNSET or (current.budget_minor is not None and change.budget is UNSET):
        message = "With another currency the rule and the budget must be given again."
        fields.report("AMOUNTS_NEEDED", message, "currency")


def _exponent(wanted: StoredPromotion) -> int:
    known = wanted.currency is not None and is_currency(wanted.currency)
    return exponent_of(wanted.currency) if known and wanted.currency else 2


def _with_rule(
    wanted: StoredPromotion, change: PromotionChange, types: PromotionTypes, fields: Fields
) -> StoredPromotion:
    if change.rule is UNSET:
        return _of_kind(wanted, change.kind, types, fields)
    key = change.rule.kind
    if change.kind not in (UNSET, key):
        fields.report("KIND_MISMATCH", "The rule is of another kind.", "kind")
    kind = types.get(key)
    if kind is None:
        fields.report("UNKNOWN_KIND", "No plugin brings this kind of promotion.", "rule")
        return wanted
    if wanted.status is not Status.DRAFT and key != wanted.kind:
        fields.report("KIND_IS_FIXED", "The kind can only change in a draft.", "rule")
    at = fields.at("rule", kind_name(key))
    form = types.form(key)
    rule = read_rule(kind, form, change.rule.values, exponent=_exponent(wanted), fields=at)
    made = msgspec.structs.replace(wanted, kind=key, rule=rule)
    _check_rule_currency(made, types, fields)
    return made


def _of_kind(
    wanted: StoredPromotion, key: str | UnsetType, types: PromotionTypes, fields: Fields
) -> StoredPromotion:
    """The promotion as one of this kind; a draft of another kind has no rule then."""
    if key in (UNSET, wanted.kind):
        return wanted
    if types.get(key) is None:
        fields.report("UNKNOWN_KIND", "No plugin brings this kind of promotion.", "kind")
    elif wanted.status is not Status.DRAFT:
        fields.report("KIND_IS_FIXED", "The kind can only change in a draft.", "kind")
    return msgspec.structs.replace(wanted, kind=key, rule=None, rule_json="null")


def _check_rule_currency(wanted: StoredPromotion, types: PromotionTypes, fields: Fields) -> None:
    known = types.get(wanted.kind) is not None
    if wanted.currency is None and known and types.form(wanted.kind).has_amounts:
        fields.report("REQUIRED", "A rule with amounts needs a currency.", "currency")


def _with_budget(
    wanted: StoredPromotion, change: PromotionChange, fields: Fields
) -> StoredPromotion:
    if change.budget is UNSET:
        return wanted
    if change.budget is None:
        return msgspec.structs.replace(wanted, budget_minor=None)
    if wanted.currency is None:
        fields.report("REQUIRED", "A budget needs a currency.", "currency")
    budget = scaled(change.budget, _exponent(wanted))
    if budget is None:
        fields.report("TOO_PRECISE", "The currency has fewer decimals.", "budget")
        return wanted
    fields.whole("budget", budget, least=1, most=MOST_MINOR)
    return msgspec.structs.replace(wanted, budget_minor=budget)


def _check_numbers(wanted: StoredPromotion, fields: Fields) -> None:
    fields.whole("priority", wanted.priority, least=1, most=LAST_PRIORITY)
    for name, limit in (
        ("usageLimit", wanted.usage_limit),
        ("customerLimit", wanted.customer_limit),
    ):
        if limit is not None:
            fields.whole(name, limit, least=1, most=MOST_WHOLE)
    starts_at, ends_at = wanted.starts_at, wanted.ends_at
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        fields.report("ENDS_BEFORE_START", "This must be after the start.", "endsAt")


def _check_terms(connection: Connection, terms: Terms, fields: Fields) -> None:
    check_scope(connection, terms.scope, fields)
    check_audience(connection, terms.conditions, fields)
    _check_hours(terms.conditions, fields.at("audience"))
    _check_names(terms.conditions, fields.at("audience"))
    for name, group in (
        ("exclusionGroup", terms.exclusion_group),
        ("stackingGroup", terms.stacking_group),
    ):
        if group is not None:
            fields.line(name, group, most=LONGEST_GROUP)
    fields.count("stackableWith", terms.stackable_with, most=MOST_NAMES)
    for place, group in enumerate(terms.stackable_with):
        fields.at("stackableWith").line(str(place), group, most=LONGEST_GROUP)
    _check_funders(terms, fields)


def _check_hours(conditions: Conditions, fields: Fields) -> None:
    window = conditions.window
    if any(not 1 <= day <= DAYS_PER_WEEK for day in window.weekdays):
        fields.report("OUT_OF_RANGE", "Weekdays go from 1 (Monday) to 7.", "weekdays")
    fields.whole("fromMinute", window.from_minute, most=MINUTES_PER_DAY - 1)
    fields.whole("untilMinute", window.until_minute, least=1, most=MINUTES_PER_DAY)
    if window.from_minute == window.until_minute:
        fields.report("EMPTY_WINDOW", "The hours must not begin and end alike.", "untilMinute")
    fields.whole("minimumQuantity", conditions.minimum_quantity, most=MOST_WHOLE)


def _check_names(conditions: Conditions, fields: Fields) -> None:
    for name, texts in (
        ("tiers", conditions.tiers),
        ("regions", conditions.regions),
        ("paymentMethods", conditions.payment_methods),
    ):
        fields.count(name, texts, most=MOST_NAMES)
        for place, text in enumerate(texts):
            fields.at(name).line(str(place), text)


def _check_funders(terms: Terms, fields: Fields) -> None:
    if not fields.count("funders", terms.funders, least=1, most=MOST_FUNDERS):
        return
    for place, share in enumerate(terms.funders):
        fields.at("funders", str(place)).line("name", share.funder, most=LONGEST_GROUP)
    parts = [share.basis_points for share in terms.funders]
    if sum(parts) != BASIS_POINTS or min(parts) <= 0:
        fields.report("PARTS_MISS_WHOLE", "The funders' parts must sum to 100 %.", "funders")


def _check_gifts(
    connection: Connection, wanted: StoredPromotion, change: PromotionChange, fields: Fields
) -> None:
    gifts = gift_variants(wanted.rule) if wanted.rule is not None else ()
    if wanted.rule is not None and change.rule is not UNSET:
        check_rule(connection, wanted.rule, fields.at("rule", kind_name(wanted.kind)))
    if change.gift_stocks is UNSET:
        return
    seen: set[int] = set()
    for place, stock in enumerate(change.gift_stocks):
        at = fields.at("giftStocks", str(place))
        at.whole("quantity", stock.quantity, most=MOST_WHOLE)
        if str(stock.variant_id) not in gifts:
            at.report("NOT_A_GIFT", "The rule does not give this variant away.", "variantId")
        if stock.variant_id in seen:
            at.report("DUPLICATE", "This variant has a stock already.", "variantId")
        seen.add(stock.variant_id)

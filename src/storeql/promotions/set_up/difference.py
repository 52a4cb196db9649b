"""Two versions of a promotion compared field by field, under the names the API has for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

import msgspec
from msgspec import Struct

from storeql.db import Connection
from storeql.pricing import Conditions, Selection, Text
from storeql.promotions.limits.policy import Taken
from storeql.promotions.records import StoredPromotion, Terms
from storeql.promotions.rules.form import FieldKind, FormField, form_of
from storeql.promotions.set_up.field_words import words_of
from storeql.promotions.set_up.versions import versions_of
from storeql.promotions.types import PromotionTypes


class Measure(Enum):
    """How a value is to be shown: minor units, basis points, milliseconds and row numbers are not
    what the API speaks."""

    PLAIN = "PLAIN"
    AMOUNT = "AMOUNT"
    PERCENT = "PERCENT"
    INSTANT = "INSTANT"
    ID = "ID"


class Told(Struct, frozen=True):
    """A value, or several in a tuple; `unit` is the currency of an AMOUNT, the type of an ID."""

    value: Any
    measure: Measure = Measure.PLAIN
    unit: str = ""


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field that is not what it was; None on the side where there is nothing.

    `path` is where an update takes it, such as `rule.tiers.0.off`.
    """

    path: str
    label: Text
    before: Told | None
    after: Told | None


class Difference(Struct, frozen=True, kw_only=True):
    """What changed between two versions, in the order of the fields; nothing when alike."""

    promotion_id: int
    before: int
    after: int
    changes: Sequence[FieldChange]


Fields = dict[str, tuple[Text, Told]]
MEASURES = {
    FieldKind.AMOUNT: Measure.AMOUNT,
    FieldKind.PERCENT: Measure.PERCENT,
    FieldKind.ID: Measure.ID,
}
SELECTION = (
    ("productIds", "product_ids", "Product"),
    ("variantIds", "variant_ids", "ProductVariant"),
    ("categoryIds", "category_ids", "Category"),
    ("collectionIds", "collection_ids", "Collection"),
    ("tagIds", "tag_ids", "Tag"),
)
PLAIN_CONDITIONS = (
    ("channels", "channels"),
    ("tiers", "tiers"),
    ("firstOrderOnly", "first_order_only"),
    ("countries", "countries"),
    ("regions", "regions"),
    ("deliveryMethods", "delivery_methods"),
    ("paymentMethods", "payment_methods"),
    ("minimumQuantity", "minimum_quantity"),
)


def difference(
    connection: Connection, promotion_id: int, before: int, after: int, *, types: PromotionTypes
) -> Difference | None:
    """What the version `after` has otherwise than `before`; None when one of them is not there."""
    found = versions_of(connection, promotion_id, [before, after], types)
    if before not in found or after not in found:
        return None
    changes = changes_between(found[before].promotion, found[after].promotion)
    return Difference(promotion_id=promotion_id, before=before, after=after, changes=changes)


def changes_between(before: StoredPromotion, after: StoredPromotion) -> tuple[FieldChange, ...]:
    """The fields that differ, in their order; an empty list and nothing are alike."""
    old, new = told_fields(before), told_fields(after)
    found = []
    for path in {**new, **old}:
        label, was = old.get(path) or (new[path][0], None)
        label, now = new.get(path) or (label, None)
        if was != now:
            found.append(FieldChange(path=path, label=label, before=was, after=now))
    return tuple(found)


def told_fields(promotion: StoredPromotion) -> Fields:
    """Every field that holds something, by its path, with its words."""
    currency = promotion.currency or ""
    plain = {
        "name": Told(promotion.name),
        "description": Told(promotion.description),
        "kind": Told(promotion.kind),
        "currency": Told(promotion.currency),
        "status": Told(promotion.status.value),
        "priority": Told(promotion.priority),
        "startsAt": Told(promotion.starts_at, Measure.INSTANT),
        "endsAt": Told(promotion.ends_at, Measure.INSTANT),
        "usageLimit": Told(promotion.usage_limit),
        "customerLimit": Told(promotion.customer_limit),
        "budget": Told(promotion.budget_minor, Measure.AMOUNT, currency),
        "campaignId": Told(promotion.campaign_id, Measure.ID, "Campaign"),
        **_terms(promotion.terms),
        **{
            f"giftStocks.{stock.variant_id}": Told(stock.quantity)
            for stock in promotion.gift_stocks
        },
        **{f"quotas.{quota.variant_id}": Told(quota.quantity) for quota in promotion.quotas},
    }
    rule = dict(_rule(promotion, currency))
    named = {path: (words_of(path), told) for path, told in plain.items()} | rule
    return {path: entry for path, entry in named.items() if entry[1].value not in (None, "", ())}


def _rule(promotion: StoredPromotion, currency: str) -> Iterator[tuple[str, tuple[Text, Told]]]:
    if promotion.rule is not None:
        yield from _form(form_of(type(promotion.rule)).fields, promotion.rule, "rule", currency)
    elif promotion.rule_json != "null":
        yield "rule", (words_of("rule"), Told(msgspec.json.decode(promotion.rule_json)))


def _form(
    fields: Sequence[FormField], group: Struct, path: str, currency: str
) -> Iterator[tuple[str, tuple[Text, Told]]]:
    for field in fields:
        value, at = getattr(group, field.attribute), f"{path}.{field.name}"
        if value is None:
            continue
        if field.kind is not FieldKind.GROUP:
            measure = MEASURES.get(field.kind, Measure.PLAIN)
            unit = currency if measure is Measure.AMOUNT else field.id_of or ""
            yield at, (field.label, Told(value, measure, unit))
        elif not field.is_list:
            yield from _form(field.fields, value, at, currency)
        else:
            for place, entry in enumerate(value):
                yield from _form(field.fields, entry, f"{at}.{place}", currency)


def _terms(terms: Terms) -> Mapping[str, Told]:
    return {
        **_selection("scope.include", terms.scope.include),
        **_selection("scope.exclude", terms.scope.exclude),
        **_conditions(terms.conditions),
        "requiresCode": Told(terms.needs_code),
        "exclusionGroup": Told(terms.exclusion_group),
        "stackingGroup": Told(terms.stacking_group),
        "stackableWith": Told(terms.stackable_with),
        **{
            f"funders.{share.funder}": Told(share.basis_points, Measure.PERCENT)
            for share in terms.funders
        },
        "giveBack.onCancel": _taken(terms.give_back.on_cancel),
        "giveBack.onRefund": _taken(terms.give_back.on_refund),
        "giveBack.commitAt": Told(terms.give_back.commit_at.value),
    }


def _taken(back: tuple[Taken, ...]) -> Told:
    return Told(tuple(one.value for one in back))


def _selection(path: str, selection: Selection) -> Mapping[str, Told]:
    return {
        f"{path}.{name}": Told(
            tuple(sorted(getattr(selection, attribute), key=int)), Measure.ID, kind
        )
        for name, attribute, kind in SELECTION
    }


def _conditions(conditions: Conditions) -> Mapping[str, Told]:
    window = conditions.window
    return {
        **{
            f"audience.{name}": Told(getattr(conditions, attribute))
            for name, attribute in PLAIN_CONDITIONS
        },
        "audience.groupIds": Told(conditions.group_ids, Measure.ID, "CustomerGroup"),
        "audience.weekdays": Told(window.weekdays),
        "audience.fromMinute": Told(window.from_minute),
        "audience.untilMinute": Told(window.until_minute),
    }

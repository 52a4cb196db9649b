"""Reads the offers of a case: a rule as the API takes it, and the terms around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storeql.inputs import Fields
from storeql.pricing import Conditions, Promotion, Scope, Selection
from storeql.pricing.currencies import exponent_of
from storeql.promotions.rules.form import FieldKind, FormField, kind_name
from storeql.promotions.rules.read_input import read_rule
from storeql.promotions.types import PromotionTypes

TERMS = {
    *("priority", "only", "except", "tagged", "products", "tiers", "groups", "first_order"),
    *("group", "stack", "stacks_with", "code", "minimum_pieces", "regions", "payment"),
    *("uses", "customer_uses", "budget", "quota", "gift_stock"),
}


def promotion_of(
    name: str, offer: Mapping[str, Any], types: PromotionTypes, currency: str = "CNY"
) -> Promotion:
    """The offer as the engine takes it. Raises ValueError for a rule that a shop would refuse."""
    by_input = {kind_name(kind.key): kind for kind in types}
    kinds = [member for member in offer if member in by_input]
    if len(kinds) != 1 or offer.keys() - TERMS - set(kinds):
        raise ValueError(f"offer {name} has one kind and known terms, not {', '.join(offer)}")
    kind = by_input[kinds[0]]
    form, fields = types.form(kind.key), Fields()
    values = _attributes(form.fields, offer[kinds[0]])
    rule = read_rule(kind, form, values, exponent=exponent_of(currency), fields=fields)
    if rule is None:
        raise ValueError(f"offer {name}: {[problem.message for problem in fields.problems]}")
    return Promotion(
        id=name,
        version=1,
        name=name,
        type=kind,
        rule=rule,
        priority=offer.get("priority", 100),
        scope=_scope(offer),
        conditions=_conditions(offer),
        exclusion_group=offer.get("group"),
        stacking_group=offer.get("stack"),
        stackable_with=tuple(offer.get("stacks_with", ())),
        needs_code="code" in offer,
    )


def _attributes(form: Sequence[FormField], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The API's names of fields turned into the rule's own."""
    known = {field.name: field for field in form}
    unknown = typed.keys() - known.keys()
    if unknown:
        raise ValueError(f"there is no field {', '.join(sorted(unknown))}")
    return {known[name].attribute: _value(known[name], value) for name, value in typed.items()}


def _value(field: FormField, value: Any) -> Any:
    if field.kind is not FieldKind.GROUP:
        return value
    return [_attributes(field.fields, one) for one in value]


def _scope(offer: Mapping[str, Any]) -> Scope:
    include = Selection(
        variant_ids=frozenset(offer.get("only", ())),
        product_ids=frozenset(offer.get("products", ())),
        tag_ids=frozenset(offer.get("tagged", ())),
    )
    return Scope(include=include, exclude=Selection(variant_ids=frozenset(offer.get("except", ()))))


def _conditions(offer: Mapping[str, Any]) -> Conditions:
    return Conditions(
        tiers=tuple(offer.get("tiers", ())),
        group_ids=tuple(offer.get("groups", ())),
        first_order_only=offer.get("first_order", False),
        regions=tuple(offer.get("regions", ())),
        payment_methods=tuple(offer.get("payment", ())),
        minimum_quantity=offer.get("minimum_pieces", 0),
    )

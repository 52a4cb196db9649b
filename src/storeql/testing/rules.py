"""Draws valid rules of a kind from its form, as a Hypothesis strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st
from msgspec import Struct

from storeql.promotions.rules.form import FieldKind, FormField, form_of
from storeql.testing.baskets import BUYERS

R = TypeVar("R", bound=Struct)

SEEDS = st.integers(0, 9_999)
TRIES = 100
MOST_ENTRIES = 3
REACHABLE_MINOR = (10_00, 100_00, 500_00)
REACHABLE_PIECES = (4,)
"""Numbers up to these are of use: the kit's baskets hold prices and pieces of that size."""
NUMBERS = (FieldKind.WHOLE, FieldKind.AMOUNT, FieldKind.PERCENT)
IDS: Mapping[str, Sequence[str]] = {
    "ProductVariant": ("1", "2", "3", "4"),
    "Product": ("1", "2"),
    "CustomerGroup": BUYERS[2].group_ids,
    "Promotion": ("7",),
}
WORDS = (BUYERS[2].tier or "", "silver")


def rules_of(rule_type: type[R]) -> st.SearchStrategy[R]:
    """Rules that their struct accepts; nothing at all where a hundred tries find none.

    What the form does not say is met by trying again, and by writing lists of groups in ascending
    order, as tiers are. Ids are such as the kit's baskets hold, texts the names of member tiers.
    A rule is one draw, made from a seed: a rule of many fields costs no more than a number.
    """
    return SEEDS.map(lambda seed: _made(rule_type, Random(seed))).filter(_is_made)


def _is_made(rule: object) -> bool:
    return rule is not None


def _made(rule_type: type[R], dice: Random) -> Any:
    form = form_of(rule_type).fields
    for _ in range(TRIES):
        try:
            return msgspec.convert(_group(form, dice), rule_type)
        except msgspec.ValidationError:
            continue
    return None


def _group(form: Sequence[FormField], dice: Random) -> dict[str, Any]:
    return {
        field.attribute: _list(field, dice) if field.is_list else _one(field, dice)
        for field in form
        if not field.is_optional or dice.random() < 0.5
    }


def _list(field: FormField, dice: Random) -> list[Any]:
    least = field.least_entries or 0
    most = MOST_ENTRIES if field.most_entries is None else min(MOST_ENTRIES, field.most_entries)
    found = [_one(field, dice) for _ in range(dice.randint(least, max(least, most)))]
    if field.kind is FieldKind.GROUP:
        return _ascending(found, field.fields)
    return list(dict.fromkeys(found))


def _ascending(groups: list[dict[str, Any]], form: Sequence[FormField]) -> list[dict[str, Any]]:
    """The groups with every number rising from one to the next, and with the fields of the first.

    Alternatives, such as an amount or a number of pieces, have to be the same ones in all tiers.
    """
    alike = [group for group in groups if group.keys() == groups[0].keys()]
    for field in form:
        if field.kind in NUMBERS and alike and field.attribute in alike[0]:
            numbers = sorted(group[field.attribute] for group in alike)
            for group, number in zip(alike, numbers, strict=True):
                group[field.attribute] = number
    return alike


def _one(field: FormField, dice: Random) -> Any:
    if field.kind in NUMBERS:
        return _number(field, dice)
    if field.kind is FieldKind.GROUP:
        return _group(field.fields, dice)
    if field.kind is FieldKind.BOOLEAN:
        return dice.random() < 0.5
    if field.kind is FieldKind.CHOICE:
        return dice.choice(field.choices)
    return dice.choice(IDS[str(field.id_of)] if field.kind is FieldKind.ID else WORDS)


def _number(field: FormField, dice: Random) -> int:
    least = field.least or 0
    reach = dice.choice(REACHABLE_PIECES if field.kind is FieldKind.WHOLE else REACHABLE_MINOR)
    return dice.randint(
        least, least + reach if field.most is None else min(least + reach, field.most)
    )

"""Draws valid rules of a kind from its form, as a Hypothesis strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from hypothesis import assume
from hypothesis import strategies as st
from msgspec import Struct

from storeql.promotions.form import FieldKind, FormField, form_of
from storeql.testing.baskets import BUYERS

R = TypeVar("R", bound=Struct)

TRIES = 20
MOST_ENTRIES = 3
LARGEST = 500_00
"""Amounts up to this are of use: the baskets of the kit hold prices up to twice as much."""
NUMBERS = (FieldKind.WHOLE, FieldKind.AMOUNT, FieldKind.PERCENT)
IDS: Mapping[str, tuple[str, ...]] = {
    "ProductVariant": ("1", "2", "3", "4"),
    "Product": ("1", "2"),
    "CustomerGroup": BUYERS[2].group_ids,
}
WORDS = st.sampled_from((BUYERS[2].tier or "", "silver"))


@st.composite
def rules_of(draw: st.DrawFn, rule_type: type[R]) -> R:
    """A rule that its struct accepts.

    What a field cannot say is met often enough by drawing lists of groups in ascending order, as
    tiers are written, and by trying again where `__post_init__` refuses. Ids are such as the kit's
    baskets hold, texts the names of member tiers.
    """
    form = form_of(rule_type).fields
    for _ in range(TRIES):
        raw = draw(_groups(form))
        try:
            return msgspec.convert(raw, rule_type)
        except msgspec.ValidationError:
            continue
    assume(False)
    raise AssertionError("assume gave this example up")


@st.composite
def _groups(draw: st.DrawFn, form: Sequence[FormField]) -> dict[str, Any]:
    raw = {}
    for field in form:
        if field.is_optional and draw(st.booleans()):
            continue
        raw[field.attribute] = draw(_list(field) if field.is_list else _one(field))
    return raw


@st.composite
def _list(draw: st.DrawFn, field: FormField) -> list[Any]:
    least = field.least_entries or 0
    most = max(least, min(MOST_ENTRIES, field.most_entries or MOST_ENTRIES))
    if field.kind is not FieldKind.GROUP:
        found: list[Any] = draw(st.lists(_one(field), min_size=least, max_size=most, unique=True))
        return found
    groups = [draw(_groups(field.fields)) for _ in range(draw(st.integers(least, most)))]
    return _ascending(groups, field.fields)


def _ascending(groups: list[dict[str, Any]], form: Sequence[FormField]) -> list[dict[str, Any]]:
    """The groups with every number rising from one to the next, and with the fields of the first.

    Alternatives, such as an amount or a number of pieces, have to be the same ones in all tiers.
    """
    alike = [group for group in groups if group.keys() == groups[0].keys()]
    for field in form:
        if field.kind in NUMBERS and all(field.attribute in group for group in alike):
            numbers = sorted(group[field.attribute] for group in alike)
            for group, number in zip(alike, numbers, strict=True):
                group[field.attribute] = number
    return alike


def _one(field: FormField) -> st.SearchStrategy[Any]:
    if field.kind in NUMBERS:
        return _number(field)
    if field.kind is FieldKind.GROUP:
        return _groups(field.fields)
    if field.kind is FieldKind.BOOLEAN:
        return st.booleans()
    if field.kind is FieldKind.CHOICE:
        return st.sampled_from(field.choices)
    return st.sampled_from(IDS[str(field.id_of)]) if field.kind is FieldKind.ID else WORDS


def _number(field: FormField) -> st.SearchStrategy[int]:
    """Small numbers more often: those that a basket can reach."""
    least, most = field.least or 0, LARGEST if field.most is None else field.most
    near = min(most, least + (3 if field.kind is FieldKind.WHOLE else LARGEST))
    return st.integers(least, near) | st.integers(least, min(most, near * 2))

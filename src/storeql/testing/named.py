"""The catalogue ids that a rule names, so that tried baskets hold what the rule is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from storeql.promotions.form import FieldKind, FormField, form_of


def named_ids(rule: Struct, type_name: str) -> tuple[str, ...]:
    """Ids of "Variant" or "Product" anywhere in the rule, ascending."""
    return tuple(sorted(set(_walk(form_of(type(rule)).fields, rule, type_name))))


def _walk(fields: tuple[FormField, ...], value: Any, type_name: str) -> Iterator[str]:
    for field in fields:
        inner = getattr(value, field.attribute)
        many = [] if inner is None else inner if field.is_list else [inner]
        if field.id_of == type_name:
            yield from many
        elif field.kind is FieldKind.GROUP:
            for one in many:
                yield from _walk(field.fields, one, type_name)

"""A product's attribute values: checked against its type, kept in one spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam, delete, insert

from storeql.catalog.inputs import AttributeValueInput
from storeql.catalog.problems import AttributeRequired
from storeql.catalog.products.attribute_forms import AttributeForm, AttributeKind
from storeql.catalog.tables import attribute_values
from storeql.db import Connection, statement
from storeql.inputs import Fields, is_blank

LONGEST_VALUE = 1000
MESSAGES = {
    AttributeKind.NUMBER: "A number is written like 12 or 7.5.",
    AttributeKind.BOOLEAN: "Write true or false.",
    AttributeKind.DATE: "A date is written like 2026-03-01.",
    AttributeKind.SELECT: "This is not one of the attribute's choices.",
}
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_FORGET = statement(
    delete(attribute_values).where(attribute_values.c.product_id == bindparam("product_id"))
)
_KEEP = statement(insert(attribute_values), "product_id", "attribute_id", "value")


def checked_values(
    fields: Fields, given: Sequence[AttributeValueInput], forms: Sequence[AttributeForm]
) -> Mapping[int, str]:
    """The canonical value of each attribute that has one, by the attribute's row number.

    Every wrong value and every missing one is noted in `fields`.
    """
    if not fields.count("attributes", given, most=len(forms)):
        return {}
    by_slug = {form.slug: form for form in forms}
    values: dict[int, str] = {}
    places: dict[int, int] = {}
    for place, one in enumerate(given):
        entry = fields.at("attributes", str(place))
        form = by_slug.get(one.attribute)
        if form is None:
            entry.missing("attribute of this product's type", "attribute")
        elif form.id in places:
            entry.report("DUPLICATE", "This attribute comes twice.", "attribute")
        else:
            places[form.id] = place
            values[form.id] = canonical_value(entry, form, one.value, "value")
    _require(fields, forms, values, places)
    return {attribute_id: value for attribute_id, value in values.items() if value}


def save_values(
    connection: Connection, product_id: int, values: Mapping[int, str], *, is_new: bool = False
) -> None:
    """Makes `values` the attribute values of a product."""
    if not is_new:
        connection.run(_FORGET, product_id=product_id)
    connection.run_many(
        _KEEP,
        [
            {"product_id": product_id, "attribute_id": attribute_id, "value": value}
            for attribute_id, value in values.items()
        ],
    )


def _require(
    fields: Fields,
    forms: Sequence[AttributeForm],
    values: Mapping[int, str],
    places: Mapping[int, int],
) -> None:
    for form in forms:
        if form.is_required and is_blank(values.get(form.id, "")):
            place = places.get(form.id)
            at = ("attributes",) if place is None else ("attributes", str(place), "value")
            fields.problems.append(
                AttributeRequired(
                    message=f"{form.name} is required.",
                    field=fields.path(*at),
                    index=fields.index(*at),
                    attribute=form.slug,
                )
            )


def canonical_value(fields: Fields, form: AttributeForm, typed: str, name: str) -> str:
    """A value in the one spelling it is kept in, empty for a blank one; noted at the field `name`.

    What is no value of the attribute comes back as it was typed.
    """
    text = fields.line(name, typed, most=LONGEST_VALUE, required=False)
    if is_blank(text):
        return ""
    value = _read(form, text)
    if value is None:
        fields.report("INVALID_VALUE", MESSAGES[AttributeKind(form.kind)], name)
    return value or text


def _read(form: AttributeForm, text: str) -> str | None:
    match AttributeKind(form.kind):
        case AttributeKind.NUMBER:
            return number_text(text)
        case AttributeKind.BOOLEAN:
            return boolean_text(text)
        case AttributeKind.DATE:
            return date_text(text)
        case AttributeKind.SELECT:
            return text if text in form.choices else None
        case AttributeKind.TEXT:
            return text


def number_text(text: str) -> str | None:
    """A decimal without needless zeros: "07.50" is "7.5", "-0" is "0"; None for no number."""
    if not NUMBER.fullmatch(text):
        return None
    whole, _, decimals = text.removeprefix("-").partition(".")
    shortest = (whole.lstrip("0") or "0") + f".{decimals}".rstrip("0").rstrip(".")
    return shortest if shortest == "0" or not text.startswith("-") else f"-{shortest}"


def boolean_text(text: str) -> str | None:
    """The text true or false; None for anything else."""
    return text.lower() if text.lower() in ("true", "false") else None


def date_text(text: str) -> str | None:
    """A day of the calendar as YYYY-MM-DD; None for anything else."""
    if not DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None

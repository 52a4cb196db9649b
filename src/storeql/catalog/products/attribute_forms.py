"""What a product type says about its attributes: checked, and kept in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, insert, select, update

from storeql.catalog.inputs import AttributeInput
from storeql.catalog.slugs import checked_slug, slug_of
from storeql.catalog.tables import attributes
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields

MOST_ATTRIBUTES = 50
MOST_CHOICES = 100
LONGEST_CHOICE = 200
LONGEST_UNIT = 32


class AttributeKind(StrEnum):
    """What the values of an attribute look like."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    SELECT = "SELECT"
    DATE = "DATE"


class AttributeForm(Struct, frozen=True, kw_only=True):
    """A type's attribute as it is to be kept; `id` is 0 until it is."""

    id: int = 0
    slug: str
    name: str
    kind: str
    is_required: bool
    is_filterable: bool
    choices: Sequence[str]
    unit: str


_attribute = attributes.c
_FORMS = statement(
    select(
        _attribute.id,
        _attribute.slug,
        _attribute.name,
        _attribute.kind,
        _attribute.is_required,
        _attribute.is_filterable,
        _attribute.choices,
        _attribute.unit,
    )
    .where(_attribute.product_type_id == bindparam("product_type_id"))
    .order_by(_attribute.position, _attribute.id)
)
_KEPT = (
    "slug",
    "name",
    "kind",
    "is_required",
    "is_filterable",
    "choices",
    "unit",
    "position",
)
_ADD = statement(insert(attributes), "product_type_id", *_KEPT)
_CHANGE = statement(update(attributes).where(_attribute.id == bindparam("b_id")), *_KEPT)
_REMOVE = statement(delete(attributes).where(any_of(_attribute.id, "ids")))
_CHOICES = msgspec.json.Decoder(tuple[str, ...])


def attribute_forms(connection: Connection, product_type_id: int) -> list[AttributeForm]:
    """The attributes of a type, in order."""
    return [
        AttributeForm(
            id=row[0],
            slug=row[1],
            name=row[2],
            kind=row[3],
            is_required=bool(row[4]),
            is_filterable=bool(row[5]),
            choices=_CHOICES.decode(row[6]),
            unit=row[7],
        )
        for row in connection.rows(_FORMS, product_type_id=product_type_id)
    ]


def checked_forms(fields: Fields, given: Sequence[AttributeInput]) -> list[AttributeForm]:
    """The attributes of an input in order; problems are noted in `fields`."""
    if not fields.count("attributes", given, most=MOST_ATTRIBUTES):
        return []
    forms: list[AttributeForm] = []
    for entry, one in zip(fields.each("attributes", len(given)), given, strict=True):
        form = _checked(entry, one)
        if form.slug and any(form.slug == other.slug for other in forms):
            entry.report("DUPLICATE", "Two attributes have this slug.", "slug")
        forms.append(form)
    return forms


def save_forms(
    connection: Connection,
    product_type_id: int,
    forms: Sequence[AttributeForm],
    *,
    kept: Mapping[str, int],
) -> None:
    """Makes `forms` the attributes of a type; `kept` has the ids of those it has, by slug."""
    removed = kept.keys() - {form.slug for form in forms}
    if removed:
        connection.run(_REMOVE, ids=sorted(kept[slug] for slug in removed))
    rows = [(form, _columns(form, position)) for position, form in enumerate(forms)]
    connection.run_many(
        _CHANGE, [{"b_id": kept[form.slug], **row} for form, row in rows if form.slug in kept]
    )
    connection.run_many(
        _ADD,
        [
            {"product_type_id": product_type_id, **row}
            for form, row in rows
            if form.slug not in kept
        ],
    )


def _columns(form: AttributeForm, position: int) -> Mapping[str, object]:
    return {
        "slug": form.slug,
        "name": form.name,
        "kind": form.kind,
        "is_required": form.is_required,
        "is_filterable": form.is_filterable,
        "choices": msgspec.json.encode(form.choices).decode(),
        "unit": form.unit,
        "position": position,
    }


def _checked(fields: Fields, given: AttributeInput) -> AttributeForm:
    name = fields.line("name", given.name)
    if given.kind not in AttributeKind.__members__:
        fields.report("INVALID_KIND", "This is no kind of attribute.", "kind")
    return AttributeForm(
        slug=checked_slug(fields, given.slug) if given.slug else _slug(fields, name),
        name=name,
        kind=given.kind,
        is_required=given.is_required,
        is_filterable=given.is_filterable,
        choices=_checked_choices(fields, given),
        unit=fields.line("unit", given.unit, most=LONGEST_UNIT, required=False),
    )


def _slug(fields: Fields, name: str) -> str:
    slug = slug_of(name)
    if name and not slug:
        fields.report("REQUIRED", "No slug can be made from this name: give one.", "slug")
    return slug


def _checked_choices(fields: Fields, given: AttributeInput) -> Sequence[str]:
    if given.kind != AttributeKind.SELECT:
        if given.choices:
            fields.report("NOT_ALLOWED", "Only a SELECT has choices.", "choices")
        return ()
    if not fields.count("choices", given.choices, least=1, most=MOST_CHOICES):
        return ()
    below = fields.at("choices")
    choices = [
        below.line(str(place), choice, most=LONGEST_CHOICE)
        for place, choice in enumerate(given.choices)
    ]
    if len(set(choices)) < len(choices):
        fields.report("DUPLICATE", "A choice comes twice.", "choices")
    return tuple(choices)

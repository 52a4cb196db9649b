"""Creates, changes and deletes product types; what products already use stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec import UNSET
from sqlalchemy import bindparam, func, select

from storeql.catalog.inputs import ProductTypeInput, ProductTypeUpdate
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.problems import InUse
from storeql.catalog.products.attribute_forms import (
    AttributeForm,
    attribute_forms,
    checked_forms,
    save_forms,
)
from storeql.catalog.records import ProductType
from storeql.catalog.tables import attribute_values, product_types, products
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields

PRODUCT_TYPES = NamedRows(product_types, ProductType, "product type")

_value = attribute_values.c
_USED_VALUES = statement(
    select(_value.attribute_id, _value.value, func.count())
    .where(any_of(_value.attribute_id, "ids"))
    .group_by(_value.attribute_id, _value.value)
)
_PRODUCTS = statement(
    select(func.count()).select_from(products).where(products.c.product_type_id == bindparam("id"))
)


def create_product_type(connection: Connection, given: ProductTypeInput) -> int:
    """Adds a type with its attributes and returns its row number; raises Rejected."""
    fields = Fields()
    forms = checked_forms(fields, given.attributes)
    type_id = PRODUCT_TYPES.add(connection, fields, given)
    save_forms(connection, type_id, forms, kept={})
    return type_id


def update_product_type(connection: Connection, change: ProductTypeUpdate) -> None:
    """Changes a type; given attributes replace those it has, matched by slug.

    Raises Rejected with InUse where products have values that would be lost. A new required
    attribute is asked for when a product is next saved.
    """
    fields = Fields()
    row = PRODUCT_TYPES.locked(connection, change.id, change.expected_version)
    names = PRODUCT_TYPES.names(connection, fields, row, change)
    if change.attributes is UNSET:
        PRODUCT_TYPES.save(connection, fields, row, **names)
        return
    forms = checked_forms(fields, change.attributes)
    old = attribute_forms(connection, row.id)
    _refuse_losses(connection, fields, old, forms)
    PRODUCT_TYPES.save(connection, fields, row, **names)
    save_forms(connection, row.id, forms, kept={form.slug: form.id for form in old})


def delete_product_type(
    connection: Connection, type_id: int, *, expected_version: int | None = None
) -> None:
    """Deletes a type that no product has; raises Rejected with InUse otherwise."""
    PRODUCT_TYPES.locked(connection, type_id, expected_version)
    count: int = connection.scalar(_PRODUCTS, id=type_id)
    fields = Fields()
    if count:
        _report_use(fields, f"{count} products are of this type.", count, "id")
    fields.refuse_problems()
    PRODUCT_TYPES.delete(connection, type_id)


def _refuse_losses(
    connection: Connection,
    fields: Fields,
    old: Sequence[AttributeForm],
    new: Sequence[AttributeForm],
) -> None:
    places = {form.slug: place for place, form in enumerate(new)}
    used = _used_values(connection, [form.id for form in old if _loses(form, new, places)])
    for form in old:
        place = places.get(form.slug)
        if place is None:
            _refuse_loss(fields, form, sum(used[form.id].values()), "attributes")
        elif new[place].kind != form.kind:
            below = fields.at("attributes", str(place))
            _refuse_loss(below, form, sum(used[form.id].values()), "kind")
        else:
            gone = set(form.choices) - set(new[place].choices)
            below = fields.at("attributes", str(place))
            _refuse_loss(below, form, sum(used[form.id][choice] for choice in gone), "choices")


def _loses(form: AttributeForm, new: Sequence[AttributeForm], places: dict[str, int]) -> bool:
    place = places.get(form.slug)
    if place is None or new[place].kind != form.kind:
        return True
    return not set(form.choices) <= set(new[place].choices)


def _used_values(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    used: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for attribute_id, value, count in connection.rows(_USED_VALUES, ids=ids) if ids else ():
        used[attribute_id][value] = count
    return used


def _refuse_loss(fields: Fields, form: AttributeForm, count: int, field: str) -> None:
    if count:
        message = f"{count} products have values of {form.name} that would be lost."
        _report_use(fields, message, count, field)


def _report_use(fields: Fields, message: str, count: int, field: str) -> None:
    fields.problems.append(
        InUse(
            message=message,
            field=fields.path(field),
            index=fields.index(),
            count=count,
            what="products",
        )
    )

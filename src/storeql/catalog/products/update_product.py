"""Changes a product in its form: its texts, its attribute values, where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from storeql.catalog.event_kinds import PRODUCT_UPDATED
from storeql.catalog.finding.search import index_products
from storeql.catalog.inputs import ProductUpdate
from storeql.catalog.products.attribute_values import checked_values, save_values
from storeql.catalog.products.create_product import type_forms
from storeql.catalog.products.places import checked_places, save_places
from storeql.catalog.products.rows import PRODUCTS, ProductRow
from storeql.catalog.variants.options import (
    Values,
    checked_option_names,
    option_names,
    selected_options,
)
from storeql.catalog.variants.rows import rename_options, save_options, variants_of
from storeql.db import Connection
from storeql.events import tell
from storeql.inputs import Fields


def update_product(connection: Connection, change: ProductUpdate, *, now: int) -> None:
    """Changes a product; a list that is given replaces the whole list.

    Raises Rejected with every problem at once, or with StaleVersion alone.
    """
    fields = Fields()
    row = PRODUCTS.locked(connection, change.id, change.expected_version)
    changed: dict[str, object] = {**PRODUCTS.names(connection, fields, row, change)}
    if change.description is not UNSET:
        changed["description"] = fields.block("description", change.description, required=True)
    values = _checked_values(connection, fields, row, change)
    names = _checked_names(fields, row, change)
    places = checked_places(connection, fields, change)
    PRODUCTS.save(connection, fields, row, **changed, updated_at=now)
    if values is not None:
        save_values(connection, row.id, values)
    if names is not None:
        _rename_options(connection, row, names)
    save_places(connection, row.id, places)
    index_products(connection, [row.id])
    tell(connection, PRODUCT_UPDATED, row.id, now=now)


def _checked_values(
    connection: Connection, fields: Fields, row: ProductRow, change: ProductUpdate
) -> Mapping[int, str] | None:
    if change.attributes is UNSET:
        return None
    forms = type_forms(connection, fields, row.product_type_id)
    return checked_values(fields, change.attributes, forms or ())


def _checked_names(fields: Fields, row: ProductRow, change: ProductUpdate) -> Values | None:
    if change.option_names is UNSET:
        return None
    names = checked_option_names(fields, change.option_names)
    if len(change.option_names) != len(option_names(row.options)):
        message = "Options can be renamed here, not added or removed."
        fields.report("OPTIONS_FIXED", message, "optionNames")
    return names


def _rename_options(connection: Connection, row: ProductRow, names: Values) -> None:
    variants = variants_of(connection, row.id)
    rename_options(connection, {one.id: selected_options(names, one.values) for one in variants})
    save_options(connection, row.id, names, variants)

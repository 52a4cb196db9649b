"""Adds a product in the form its type prescribes, with all its variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.catalog.event_kinds import PRODUCT_CREATED
from storeql.catalog.finding.search import index_products
from storeql.catalog.inputs import ProductInput
from storeql.catalog.prices.causes import checked_reason
from storeql.catalog.prices.guard import NewPriceGuard
from storeql.catalog.products.attribute_forms import AttributeForm, attribute_forms
from storeql.catalog.products.attribute_values import checked_values, save_values
from storeql.catalog.products.places import Places, checked_places, save_places
from storeql.catalog.products.rows import PRODUCTS
from storeql.catalog.tables import product_types
from storeql.catalog.variants.forms import (
    MOST_VARIANTS,
    VariantForm,
    add_forms,
    checked_variant,
    known_to,
    refuse_twins,
)
from storeql.catalog.variants.options import checked_option_names, product_options
from storeql.db import Connection, statement
from storeql.events import tell
from storeql.inputs import Fields

# Nobody changes a type's attributes while a product of it is being saved.
_TYPE = statement(
    select(product_types.c.id)
    .where(product_types.c.id == bindparam("id"))
    .with_for_update(read=True)
)


class _Form(Struct, frozen=True, kw_only=True):
    """A checked product, ready to be saved below its own row."""

    values: Mapping[int, str]
    names: Sequence[str]
    variants: Sequence[VariantForm]
    places: Places
    below_floor_reason: str


def create_product(connection: Connection, given: ProductInput, *, now: int, actor: str) -> int:
    """Adds a product and returns its row number; it is published nowhere yet.

    Raises Rejected with every problem of the product, its attributes and its variants at once.
    """
    fields = Fields()
    description = fields.block("description", given.description, required=True)
    form = _checked(connection, fields, given)
    product_id = PRODUCTS.add(
        connection,
        fields,
        given,
        product_type_id=given.product_type_id,
        description=description,
        options=_options(form),
        created_at=now,
        updated_at=now,
    )
    _save(connection, product_id, form, now=now, actor=actor)
    tell(connection, PRODUCT_CREATED, product_id, now=now)
    return product_id


def type_forms(
    connection: Connection, fields: Fields, product_type_id: int
) -> list[AttributeForm] | None:
    """The attributes of a type, which nobody changes until the end; None when there is none."""
    if connection.one(_TYPE, id=product_type_id) is None:
        fields.missing("product type", "productTypeId")
        return None
    return attribute_forms(connection, product_type_id)


def _checked(connection: Connection, fields: Fields, given: ProductInput) -> _Form:
    forms = type_forms(connection, fields, given.product_type_id)
    names = checked_option_names(fields, given.option_names)
    reason = checked_reason(fields, given.below_floor_reason)
    return _Form(
        values=checked_values(fields, given.attributes, forms) if forms is not None else {},
        names=names,
        variants=_checked_variants(connection, fields, given, names, reason),
        places=checked_places(connection, fields, given),
        below_floor_reason=reason,
    )


def _save(connection: Connection, product_id: int, form: _Form, *, now: int, actor: str) -> None:
    save_values(connection, product_id, form.values, is_new=True)
    add_forms(
        connection,
        product_id,
        form.variants,
        names=form.names,
        first_position=0,
        field=("variants",),
        below_floor_reason=form.below_floor_reason,
        now=now,
        actor=actor,
    )
    save_places(connection, product_id, form.places)
    index_products(connection, [product_id])


def _options(form: _Form) -> str:
    """The product's options as JSON; of variants with problems nothing is kept anyway."""
    values = [one.values for one in form.variants if one.values is not None]
    return product_options(form.names, values)


def _checked_variants(
    connection: Connection,
    fields: Fields,
    given: ProductInput,
    names: Sequence[str],
    below_floor_reason: str,
) -> list[VariantForm]:
    if not fields.count("variants", given.variants, least=1, most=MOST_VARIANTS):
        return []
    guard = NewPriceGuard(connection, category_ids=given.category_ids, reason=below_floor_reason)
    known = known_to(connection, given.variants, guard)
    entries = fields.each("variants", len(given.variants))
    checked = [
        (entry, checked_variant(entry, one, names=names, known=known))
        for entry, one in zip(entries, given.variants, strict=True)
    ]
    refuse_twins(checked)
    return [form for _, form in checked]

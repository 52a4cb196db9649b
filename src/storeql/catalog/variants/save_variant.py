"""Adds a variant to a product and changes one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from storeql.catalog.finding.search import index_products
from storeql.catalog.inputs import VariantInput, VariantUpdate
from storeql.catalog.prices.causes import checked_reason
from storeql.catalog.prices.guard import NewPriceGuard
from storeql.catalog.products.rows import locked_product, touch_products
from storeql.catalog.variants.forms import (
    MOST_VARIANTS,
    add_forms,
    checked_barcode,
    checked_variant,
    checked_weight,
    known_to,
    refuse_twins,
)
from storeql.catalog.variants.options import (
    Values,
    checked_options,
    option_names,
    refuse_equal,
    selected_options,
)
from storeql.catalog.variants.rows import (
    VariantRow,
    change_variant,
    checked_sku,
    product_of_variant,
    save_options,
    sku_taken,
    taken_skus,
    variants_of,
)
from storeql.catalog.versions import check_version
from storeql.db import Connection
from storeql.errors import refuse
from storeql.inputs import Fields

MOST_POSITION = 1_000_000


def create_variant(
    connection: Connection,
    product_id: int,
    given: VariantInput,
    *,
    below_floor_reason: str = "",
    now: int,
    actor: str,
) -> int:
    """Adds a variant after the others and returns its row number; raises Rejected."""
    fields = Fields()
    product = locked_product(connection, product_id, "productId")
    others = variants_of(connection, product_id)
    names = option_names(product.options)
    if len(others) >= MOST_VARIANTS:
        message = f"A product has at most {MOST_VARIANTS} variants."
        fields.report("TOO_MANY", message, "productId")
    reason = checked_reason(fields, below_floor_reason)
    guard = NewPriceGuard(connection, product_id=product_id, reason=reason)
    known = known_to(connection, [given], guard)
    form = checked_variant(fields, given, names=names, known=known)
    refuse_twins([(fields, form)], [other.values for other in others])
    fields.refuse_problems()
    ids = add_forms(
        connection,
        product_id,
        [form],
        names=names,
        first_position=max((other.position for other in others), default=-1) + 1,
        field=("sku",),
        below_floor_reason=reason,
        now=now,
        actor=actor,
    )
    _save_below(connection, product_id, names, now=now)
    return ids[form.sku]


def update_variant(connection: Connection, change: VariantUpdate, *, now: int) -> int:
    """Changes a variant and returns its product's row number; raises Rejected."""
    fields = Fields()
    product_id = product_of_variant(connection, change.id)
    names = option_names(locked_product(connection, product_id, "id").options)
    rows = variants_of(connection, product_id)
    row = next((one for one in rows if one.id == change.id), None)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such variant.", "id")
    check_version(row.version, change.expected_version)
    others = [one.values for one in rows if one.id != change.id]
    changed = _changed(connection, fields, change, row=row, names=names, others=others)
    fields.refuse_problems()
    change_variant(connection, row, changed)
    _save_below(connection, product_id, names, now=now)
    return product_id


def _changed(
    connection: Connection,
    fields: Fields,
    change: VariantUpdate,
    *,
    row: VariantRow,
    names: Sequence[str],
    others: Sequence[Values],
) -> dict[str, object]:
    values: Values | None = row.values
    changed: dict[str, object] = {}
    if change.sku is not UNSET:
        changed["sku"] = sku = checked_sku(fields, change.sku)
        if taken_skus(connection, [sku], besides=row.id):
            fields.report("TAKEN", sku_taken().message, "sku")
    if change.options is not UNSET:
        values = checked_options(fields, change.options, names)
        refuse_equal(fields, values, others)
        changed["options"] = selected_options(names, values) if values is not None else ""
    if change.name is not UNSET:
        typed = fields.line("name", change.name, required=False)
        changed["name"] = typed or " / ".join(values or ())
    if change.position is not UNSET:
        changed["position"] = fields.whole("position", change.position, most=MOST_POSITION)
    if change.weight_grams is not UNSET:
        changed["weight_grams"] = checked_weight(fields, change.weight_grams)
    if change.barcode is not UNSET:
        changed["barcode"] = checked_barcode(fields, change.barcode)
    return changed


def _save_below(connection: Connection, product_id: int, names: Sequence[str], *, now: int) -> None:
    save_options(connection, product_id, names, variants_of(connection, product_id))
    touch_products(connection, [product_id], now=now)
    index_products(connection, [product_id])

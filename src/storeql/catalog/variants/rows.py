"""Variants as writes hold them: read below their locked product, added, changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from storeql.catalog.constraints import refusing_duplicates
from storeql.catalog.tables import products, variants
from storeql.catalog.variants.options import Values, option_values, product_options
from storeql.db import Connection, any_of, statement
from storeql.errors import Problem, refuse
from storeql.inputs import Fields, has_controls

LONGEST_SKU = 64


class VariantRow(Struct, frozen=True):
    """A variant's own columns; `options` is JSON text."""

    id: int
    product_id: int
    sku: str
    name: str
    options: str
    position: int
    weight_grams: int | None
    barcode: str | None
    version: int

    @property
    def values(self) -> Values:
        """The value for each option of the product, in its order."""
        return option_values(self.options)


_variant = variants.c
_COLUMNS = ("sku", "name", "options", "position", "weight_grams", "barcode")
_OF_PRODUCT = statement(
    select(*(_variant[name] for name in VariantRow.__struct_fields__))
    .where(_variant.product_id == bindparam("product_id"))
    .order_by(_variant.position, _variant.id)
)
_PRODUCTS_OF = statement(select(_variant.id, _variant.product_id).where(any_of(_variant.id, "ids")))
_SKUS = statement(select(_variant.sku, _variant.id).where(any_of(_variant.sku, "skus")))
_ADD = statement(insert(variants), "product_id", *_COLUMNS)
_CHANGE = statement(
    update(variants).where(_variant.id == bindparam("b_id")).values(version=_variant.version + 1),
    *_COLUMNS,
)
_RENAME = statement(update(variants).where(_variant.id == bindparam("b_id")), "options")
_OPTIONS = statement(update(products).where(products.c.id == bindparam("b_id")), "options")


def variants_of(connection: Connection, product_id: int) -> list[VariantRow]:
    """The variants of a locked product, in order."""
    return [VariantRow(*row) for row in connection.rows(_OF_PRODUCT, product_id=product_id)]


def products_of_variants(connection: Connection, ids: Iterable[int]) -> dict[int, int]:
    """The product of each variant that exists, by the variant's row number."""
    wanted = sorted(set(ids))
    return dict(connection.rows(_PRODUCTS_OF, ids=wanted)) if wanted else {}


def product_of_variant(connection: Connection, variant_id: int) -> int:
    """The product of a variant; raises Rejected at `id` when there is no such variant."""
    found = products_of_variants(connection, [variant_id]).get(variant_id)
    if found is None:
        raise refuse("NOT_FOUND", "There is no such variant.", "id")
    return found


def taken_skus(connection: Connection, skus: Iterable[str], *, besides: int = 0) -> set[str]:
    """Those of the SKUs that another variant than `besides` has."""
    # PostgreSQL cannot even be asked for a text with NUL; no variant has such a SKU.
    askable = sorted({sku for sku in skus if not has_controls(sku)})
    rows = connection.rows(_SKUS, skus=askable)
    return {sku for sku, variant_id in rows if variant_id != besides}


def add_variants(
    connection: Connection, product_id: int, rows: Sequence[Mapping[str, object]], *field: str
) -> dict[str, int]:
    """Adds variants and returns their row numbers by SKU.

    Raises Rejected at `field` when somebody just took one of the SKUs.
    """
    with refusing_duplicates({"variants.sku": sku_taken(*field)}):
        connection.run_many(_ADD, [{"product_id": product_id, **row} for row in rows])
    skus = {row["sku"] for row in rows}
    return {row.sku: row.id for row in variants_of(connection, product_id) if row.sku in skus}


def change_variant(connection: Connection, row: VariantRow, changes: Mapping[str, object]) -> None:
    """Writes a variant with the changes, and raises its version."""
    values = {**{name: getattr(row, name) for name in _COLUMNS}, **changes}
    with refusing_duplicates({"variants.sku": sku_taken("sku")}):
        connection.run(_CHANGE, b_id=row.id, **values)


def rename_options(connection: Connection, options: Mapping[int, str]) -> None:
    """Writes the options JSON of variants, by row number."""
    connection.run_many(
        _RENAME, [{"b_id": variant_id, "options": text} for variant_id, text in options.items()]
    )


def save_options(
    connection: Connection, product_id: int, names: Sequence[str], rows: Iterable[VariantRow]
) -> None:
    """Gives a product the options that its variants have now."""
    options = product_options(names, [row.values for row in rows])
    connection.run(_OPTIONS, b_id=product_id, options=options)


def checked_sku(fields: Fields, typed: str) -> str:
    """A stock keeping unit: one line of at most 64 characters."""
    return fields.line("sku", typed, most=LONGEST_SKU)


def sku_taken(*field: str) -> Problem:
    """What to mend when a SKU belongs to another variant."""
    return Problem(code="TAKEN", message="This SKU is already in use.", field=field)

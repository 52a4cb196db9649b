"""The difference between products as they are and as they are to be, as rows to write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from storeql.catalog.stock.adjust import StockReason
from storeql.catalog.transfer.state import (
    PriceState,
    ProductState,
    Shelf,
    StockState,
    VariantState,
)
from storeql.catalog.variants.options import product_options, selected_options

Row = dict[str, Any]
OF_PLACES = ("categories", "collections", "tags")


class StockChange(Struct, frozen=True):
    """What a warehouse is to have on hand more or less of a variant."""

    sku: str
    warehouse_id: int
    change: int
    reason: str


class Changes(Struct, kw_only=True):
    """What there is to write: products by slug, variants by SKU, until they have their numbers."""

    new_products: list[ProductState] = field(default_factory=list)
    changed_products: list[Row] = field(default_factory=list)
    new_variants: list[tuple[str, Row]] = field(default_factory=list)
    changed_variants: list[Row] = field(default_factory=list)
    prices: list[tuple[str, int, PriceState]] = field(default_factory=list)
    priced: set[str] = field(default_factory=set)
    stock: list[StockChange] = field(default_factory=list)
    new_levels: list[tuple[str, int]] = field(default_factory=list)
    values: list[tuple[str, int, str]] = field(default_factory=list)
    values_gone: list[tuple[str, int]] = field(default_factory=list)
    joined: dict[str, list[tuple[str, int]]] = field(
        default_factory=lambda: {name: [] for name in OF_PLACES}
    )
    left: dict[str, list[tuple[str, int]]] = field(
        default_factory=lambda: {name: [] for name in OF_PLACES}
    )
    published: list[tuple[str, int, int | None]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    reindexed: set[str] = field(default_factory=set)
    product_ids: dict[str, int] = field(default_factory=dict)
    variant_ids: dict[str, int] = field(default_factory=dict)


def changes_of(shelf: Shelf, products: Iterable[ProductState], *, reason: str) -> Changes:
    """All that differs between the shelf and these states; `reason` is why stock changes."""
    changes = Changes()
    for after in products:
        _compare(changes, shelf.products.get(after.id), after, reason)
    return changes


def _compare(
    changes: Changes, before: ProductState | None, after: ProductState, reason: str
) -> None:
    if before is None:
        changes.new_products.append(after)
        changes.reindexed.add(after.slug)
    else:
        changes.product_ids[after.slug] = before.id
    old = before or ProductState(
        product_type_id=0, slug="", name="", description="", attributes={}, published={},
        variants={},
    )  # fmt: skip
    is_changed = _compare_itself(changes, old, after)
    for variant in after.variants.values():
        is_changed |= _compare_variant(
            changes, old.variants.get(variant.sku), variant, after, reason
        )
    if before is not None and is_changed:
        changes.touched.add(before.id)


def _compare_itself(changes: Changes, old: ProductState, after: ProductState) -> bool:
    """Notes what of the product alone changes; whether anything does."""
    slug = after.slug
    values = [pair for pair in after.attributes.items() if pair not in old.attributes.items()]
    gone = old.attributes.keys() - after.attributes.keys()
    changes.values += [(slug, attribute_id, value) for attribute_id, value in values]
    changes.values_gone += [(slug, attribute_id) for attribute_id in sorted(gone)]
    published = [
        (slug, channel_id, at)
        for channel_id, at in after.published.items()
        if at != old.published.get(channel_id)
    ]
    changes.published += published
    is_moved = _compare_places(changes, old, after)
    texts = (after.name, after.description)
    is_changed = bool(old.id) and (
        texts != (old.name, old.description) or _options_differ(old, after)
    )
    if is_changed:
        changes.changed_products.append(
            {
                "b_id": old.id,
                "name": after.name,
                "description": after.description,
                "options": options_json(after),
            }
        )
    if is_moved or is_changed:
        changes.reindexed.add(slug)
    return bool(values or gone or published or is_moved or is_changed)


def _compare_places(changes: Changes, old: ProductState, after: ProductState) -> bool:
    is_moved = False
    for name in OF_PLACES:
        was, now = set(getattr(old, name)), set(getattr(after, name))
        changes.joined[name] += [(after.slug, row) for row in sorted(now - was)]
        changes.left[name] += [(after.slug, row) for row in sorted(was - now)]
        is_moved |= was != now
    return is_moved


def _compare_variant(
    changes: Changes,
    old: VariantState | None,
    after: VariantState,
    product: ProductState,
    reason: str,
) -> bool:
    """Notes what of a variant changes; whether that is more than its stock."""
    if old is after:
        return False
    row = _row(after, product)
    is_changed = False
    if old is None:
        changes.new_variants.append((product.slug, row))
        changes.reindexed.add(product.slug)
        is_changed = True
    else:
        changes.variant_ids[after.sku] = old.id
        if row != _row(old, product):
            changes.changed_variants.append({"b_id": old.id, **row})
            is_changed = True
    prices = {} if old is None else old.prices
    for channel_id, price in after.prices.items():
        if price != prices.get(channel_id):
            changes.prices.append((after.sku, channel_id, price))
            changes.priced.add(product.slug)
            is_changed = True
    _compare_stock(changes, old, after, reason)
    return is_changed


def _compare_stock(
    changes: Changes, old: VariantState | None, after: VariantState, reason: str
) -> None:
    levels = {} if old is None else old.stock
    why = StockReason.RECEIVED.value if old is None else reason
    for warehouse_id, level in after.stock.items():
        was = levels.get(warehouse_id)
        if was is None:
            changes.new_levels.append((after.sku, warehouse_id))
        change = level.on_hand - (was or StockState(0)).on_hand
        if change:
            changes.stock.append(StockChange(after.sku, warehouse_id, change, why))


def options_json(product: ProductState) -> str:
    """A product's options as its variants have them."""
    ordered = sorted(product.variants.values(), key=lambda one: (one.position, one.id or 1 << 62))
    return product_options(product.option_names, [one.values for one in ordered])


def _options_differ(old: ProductState, after: ProductState) -> bool:
    if old.option_names != after.option_names:
        return True
    return [one.values for one in old.variants.values()] != [
        one.values for one in after.variants.values()
    ]


def _row(variant: VariantState, product: ProductState) -> Row:
    return {
        "sku": variant.sku,
        "name": variant.name,
        "options": selected_options(product.option_names, variant.values),
        "position": variant.position,
        "weight_grams": variant.weight_grams,
        "barcode": variant.barcode,
    }

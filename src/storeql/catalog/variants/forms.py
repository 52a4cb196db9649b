"""New variants as staff give them: checked all at once, then added with prices and stock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from storeql.catalog.inputs import OpeningStock, PriceInput, VariantInput
from storeql.catalog.known_ids import known_ids
from storeql.catalog.prices.causes import Forced, by_hand
from storeql.catalog.prices.current import add_prices, checked_price
from storeql.catalog.prices.guard import NewPriceGuard
from storeql.catalog.stock.adjust import StockReason, open_levels
from storeql.catalog.stock.moves import Move, move
from storeql.catalog.tables import channels, warehouses
from storeql.catalog.variants.options import (
    Values,
    checked_options,
    refuse_equal,
    selected_options,
)
from storeql.catalog.variants.rows import (
    LONGEST_SKU,
    add_variants,
    checked_sku,
    sku_taken,
    taken_skus,
)
from storeql.db import Connection
from storeql.inputs import MOST_PIECES, Fields, plain

MOST_VARIANTS = 100
MOST_PLACES = 50
MOST_GRAMS = 1_000_000_000


class VariantForm(Struct, frozen=True, kw_only=True):
    """A variant that is ready to be added."""

    sku: str
    name: str
    values: Values | None
    weight_grams: int | None
    barcode: str | None
    prices: Sequence[PriceInput]
    stock: Sequence[OpeningStock]
    broken: Mapping[int, int] = {}
    """Floors that its prices go below, by channel."""


class Known(Struct, frozen=True):
    """What the variants of an input may refer to, what is taken, and what floors they keep to."""

    channel_ids: Collection[int]
    warehouse_ids: Collection[int]
    skus: Collection[str]
    guard: NewPriceGuard


def known_to(connection: Connection, given: Iterable[VariantInput], guard: NewPriceGuard) -> Known:
    """What is known of everything the variants name: three statements at most."""
    given = list(given)
    return Known(
        known_ids(connection, channels, (one.channel_id for v in given for one in v.prices)),
        known_ids(connection, warehouses, (one.warehouse_id for v in given for one in v.stock)),
        taken_skus(connection, (plain(one.sku) for one in given)),
        guard,
    )


def checked_variant(
    fields: Fields, given: VariantInput, *, names: Sequence[str], known: Known
) -> VariantForm:
    """A variant with every problem of it noted in `fields`; price and stock are mandatory."""
    sku = checked_sku(fields, given.sku)
    if sku in known.skus:
        fields.report("TAKEN", sku_taken().message, "sku")
    values = checked_options(fields, given.options, names)
    broken = _check_prices(fields, given.prices, known)
    _check_stock(fields, given.stock, known.warehouse_ids)
    return VariantForm(
        sku=sku,
        name=fields.line("name", given.name, required=False) or " / ".join(values or ()),
        values=values,
        weight_grams=checked_weight(fields, given.weight_grams),
        barcode=checked_barcode(fields, given.barcode),
        prices=given.prices,
        stock=given.stock,
        broken=broken,
    )


def refuse_twins(
    forms: Sequence[tuple[Fields, VariantForm]], others: Iterable[Values] = ()
) -> None:
    """Notes variants that have the SKU or the options of another one."""
    skus: set[str] = set()
    options = set(others)
    for entry, form in forms:
        if form.sku and form.sku in skus:
            entry.report("DUPLICATE", "Another variant of the input has this SKU.", "sku")
        refuse_equal(entry, form.values, options)
        skus.add(form.sku)
        options.add(form.values or ())


def add_forms(
    connection: Connection,
    product_id: int,
    forms: Sequence[VariantForm],
    *,
    names: Sequence[str],
    first_position: int,
    field: Sequence[str],
    below_floor_reason: str = "",
    now: int,
    actor: str,
) -> dict[str, int]:
    """Adds variants with prices and opening stock; returns their row numbers by SKU."""
    rows = [
        _row(form, names, position) for position, form in enumerate(forms, start=first_position)
    ]
    ids = add_variants(connection, product_id, rows, *field)
    prices = [(ids[form.sku], price) for form in forms for price in form.prices]
    broken = {
        (ids[form.sku], channel_id): minor
        for form in forms
        for channel_id, minor in form.broken.items()
    }
    forced = Forced(floors=broken, reason=below_floor_reason)
    cause = by_hand(actor)
    add_prices(connection, prices, product_ids=[product_id], cause=cause, now=now, forced=forced)
    opening = [(ids[form.sku], one) for form in forms for one in form.stock]
    open_levels(connection, ((variant_id, one.warehouse_id) for variant_id, one in opening))
    received = [
        Move(variant_id, one.warehouse_id, one.on_hand, 0, StockReason.RECEIVED)
        for variant_id, one in opening
        if one.on_hand
    ]
    move(connection, received, now=now, actor=actor)
    return ids


def checked_weight(fields: Fields, grams: int | None) -> int | None:
    """What a piece weighs, at most a thousand tonnes."""
    return grams if grams is None else fields.whole("weightGrams", grams, most=MOST_GRAMS)


def checked_barcode(fields: Fields, typed: str | None) -> str | None:
    """A bar code's text, None for a blank one."""
    return fields.line("barcode", typed or "", most=LONGEST_SKU, required=False) or None


def _check_prices(fields: Fields, prices: Sequence[PriceInput], known: Known) -> Mapping[int, int]:
    """Notes what is wrong; the floors that prices are forced below, by channel."""
    broken: dict[int, int] = {}
    if not fields.count("prices", prices, least=1, most=MOST_PLACES):
        return broken
    seen: set[int] = set()
    for entry, price in zip(fields.each("prices", len(prices)), prices, strict=True):
        checked_price(entry, price, known.channel_ids)
        if price.channel_id in seen:
            entry.report("DUPLICATE", "This channel has a price already.", "channelId")
        seen.add(price.channel_id)
        floor = known.guard.check(entry, price)
        if floor is not None:
            broken[price.channel_id] = floor
    return broken


def _check_stock(
    fields: Fields, stock: Sequence[OpeningStock], warehouse_ids: Collection[int]
) -> None:
    if not fields.count("stock", stock, least=1, most=MOST_PLACES):
        return
    seen: set[int] = set()
    for entry, one in zip(fields.each("stock", len(stock)), stock, strict=True):
        entry.whole("onHand", one.on_hand, most=MOST_PIECES)
        if one.warehouse_id not in warehouse_ids:
            entry.missing("warehouse", "warehouseId")
        if one.warehouse_id in seen:
            entry.report("DUPLICATE", "This warehouse comes twice.", "warehouseId")
        seen.add(one.warehouse_id)


def _row(form: VariantForm, names: Sequence[str], position: int) -> Mapping[str, object]:
    return {
        "sku": form.sku,
        "name": form.name,
        "options": selected_options(names, form.values or ()),
        "position": position,
        "weight_grams": form.weight_grams,
        "barcode": form.barcode,
    }

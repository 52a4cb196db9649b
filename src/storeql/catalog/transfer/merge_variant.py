"""Puts what a row says of a variant into its product's state; whatever does not fit is noted."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET, Struct

from storeql.catalog.inputs import OptionInput, PriceInput
from storeql.catalog.prices.current import checked_price
from storeql.catalog.prices.floor_book import FloorBook
from storeql.catalog.prices.guard import refuse_below
from storeql.catalog.stock.adjust import ONLY_LESS, ONLY_MORE
from storeql.catalog.transfer.drafts import AskedPrice, VariantDraft
from storeql.catalog.transfer.state import PriceState, ProductState, StockState, VariantState
from storeql.catalog.variants.forms import MOST_VARIANTS
from storeql.catalog.variants.options import Values, checked_options, refuse_equal
from storeql.inputs import Fields


class Names(Struct, frozen=True):
    """Slugs of channels and warehouses by row number, for the names of columns; currencies."""

    channels: Mapping[int, str]
    warehouses: Mapping[int, str]
    currencies: Mapping[int, str]


def merge_variant(
    state: ProductState,
    draft: VariantDraft,
    fields: Fields,
    *,
    names: Names,
    floors: FloorBook,
    reason: str,
) -> None:
    """Changes the product's variant with the draft's SKU, or adds one after the others.

    `reason` is why stock is to change, except a new variant's first. Prices that change keep to
    the floors.
    """
    old = state.variants.get(draft.sku)
    made = _new_variant(state, draft, fields) if old is None else old.copy()
    _merge_options(state, made, draft, fields)
    if draft.name is not UNSET:
        made.name = draft.name or " / ".join(made.values)
    elif old is None:
        made.name = " / ".join(made.values)
    if draft.weight_grams is not UNSET:
        made.weight_grams = draft.weight_grams
    if draft.barcode is not UNSET:
        made.barcode = draft.barcode
    for channel_id, asked in draft.prices.items():
        column = f"price.{names.channels[channel_id]}"
        if _merge_price(made, channel_id, asked, fields, names):
            _check_floor(state, made, channel_id, floors, fields, column, names)
    for warehouse_id, on_hand in draft.stock.items():
        column = f"stock.{names.warehouses[warehouse_id]}"
        _merge_stock(made, warehouse_id, on_hand, fields, column, reason if old else "")
    if not fields.problems:
        state.variants[made.sku] = made


def _new_variant(state: ProductState, draft: VariantDraft, fields: Fields) -> VariantState:
    if len(state.variants) >= MOST_VARIANTS:
        fields.report("TOO_MANY", f"A product has at most {MOST_VARIANTS} variants.", "sku")
    if all(asked.price_minor is UNSET for asked in draft.prices.values()):
        fields.report("REQUIRED", "A new variant needs a price in at least one channel.", "price")
    if not draft.stock:
        fields.report("REQUIRED", "A new variant needs stock in a warehouse; 0 will do.", "stock")
    position = max((one.position for one in state.variants.values()), default=-1) + 1
    return VariantState(sku=draft.sku, position=position, prices={}, stock={})


def _merge_options(
    state: ProductState, made: VariantState, draft: VariantDraft, fields: Fields
) -> None:
    if draft.options is UNSET and made.id:
        return
    given = () if draft.options is UNSET else draft.options
    typed = [OptionInput(name=name, value=value) for name, value in given]
    values = checked_options(fields, typed, state.option_names)
    if values is None or (values == made.values and made.id):
        return
    refuse_equal(fields, values, _others(state, made.sku))
    made.values = values


def _others(state: ProductState, sku: str) -> set[Values]:
    return {one.values for one in state.variants.values() if one.sku != sku}


def _merge_price(
    made: VariantState, channel_id: int, asked: AskedPrice, fields: Fields, names: Names
) -> bool:
    """Whether there is another price now."""
    old, slug = made.prices.get(channel_id), names.channels[channel_id]
    price = asked.price_minor
    if price is UNSET and old is None:
        if asked.compare_at_minor or asked.cost_minor:
            fields.report("REQUIRED", "There is no price in this channel yet.", f"price.{slug}")
        return False
    if price is UNSET:
        assert old is not None
        price = old.price_minor
    old = old or PriceState(price)
    compare_at = asked.compare_at_minor
    cost = asked.cost_minor
    merged = PriceState(
        price,
        old.compare_at_minor if compare_at is UNSET else compare_at,
        old.cost_minor if cost is UNSET else cost,
    )
    if merged == made.prices.get(channel_id):
        return False
    columns = (f"price.{slug}", f"compare_at.{slug}", f"cost.{slug}")
    checked_price(fields, price_input(channel_id, merged), (channel_id,), names=columns)
    made.prices[channel_id] = merged
    return True


def _check_floor(
    state: ProductState,
    made: VariantState,
    channel_id: int,
    floors: FloorBook,
    fields: Fields,
    column: str,
    names: Names,
) -> None:
    price = made.prices[channel_id]
    floor = floors.floor(
        product_id=state.id or None,
        category_ids=state.categories,
        channel_id=channel_id,
        cost_minor=price.cost_minor,
    )
    if floor is not None and price.price_minor < floor.minor:
        currency = names.currencies[channel_id]
        refuse_below(fields, column, price_minor=price.price_minor, floor=floor, currency=currency)


def price_input(channel_id: int, price: PriceState) -> PriceInput:
    """A price as the writes of prices take it."""
    return PriceInput(
        channel_id=channel_id,
        price_minor=price.price_minor,
        compare_at_minor=price.compare_at_minor,
        cost_minor=price.cost_minor,
    )


def _merge_stock(
    made: VariantState, warehouse_id: int, on_hand: int, fields: Fields, column: str, reason: str
) -> None:
    old = made.stock.get(warehouse_id, StockState(0))
    change = on_hand - old.on_hand
    if on_hand < old.reserved:
        message = f"{old.reserved} of {old.on_hand} are promised to orders."
        fields.report("STOCK_RESERVED", message, column)
    elif (change < 0 and reason in ONLY_MORE) or (change > 0 and reason in ONLY_LESS):
        message = f"{old.on_hand} are on hand: {reason} cannot make them {on_hand}."
        fields.report("WRONG_SIGN", message, column)
    made.stock[warehouse_id] = StockState(on_hand, old.reserved)

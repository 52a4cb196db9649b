"""The shared reads of products: planned from a selection, one SELECT per relation asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select

from storeql.catalog.finding.filters import (
    FilterShape,
    ProductFilter,
    check_filter,
    in_channel,
)
from storeql.catalog.finding.listing import (
    ListingShape,
    ProductSort,
    Scope,
    count_statement,
    one_statement,
    page_statement,
    wanted_columns,
)
from storeql.catalog.finding.search_terms import typed_terms
from storeql.catalog.prices.at_instant import is_any_due
from storeql.catalog.prices.for_buyer import OfferedVariant, lowest_prices, offered_variants
from storeql.catalog.records import (
    ChannelPrice,
    Image,
    Product,
    ProductType,
    QuantityPrice,
    StockLevel,
    Variant,
)
from storeql.catalog.relations import (
    VARIANT_NAMES,
    Grouped,
    load_attribute_values,
    load_channel_prices,
    load_collections,
    load_images,
    load_product_types,
    load_publications,
    load_stock_levels,
    load_tags,
    load_variant_images,
    named,
    variants_statement,
)
from storeql.catalog.tables import channels
from storeql.catalog.taxonomy.categories import load_categories
from storeql.db import Connection, Selection, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
)
from storeql.errors import BadInput
from storeql.pricing.price_choice import price_breaks

EVERYTHING = ProductFilter()


class View(Struct, frozen=True, kw_only=True):
    """Through whose eyes the catalogue is read.

    `channel` is a slug, None the shop's default channel; `now` is in milliseconds. With `drafts`
    products show that are not published there: only for staff who manage products. Prices are
    those of a buyer in the customer groups `group_ids`.
    """

    now: int
    channel: str | None = None
    drafts: bool = False
    group_ids: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """What of the view changes a statement's text."""
        return Scope(self.channel is not None, self.drafts)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the view's conditions."""
        return {**named(self.channel), "now": self.now}


class ProductOrder(Struct, frozen=True):
    """The order of a listing; relevance needs a search text, a manual order its collection."""

    by: ProductSort = ProductSort.NAME
    descending: bool = False


def products(
    connection: Connection,
    selection: Selection,
    *,
    view: View,
    page: PageRequest,
    filter: ProductFilter = EVERYTHING,
    order: ProductOrder | None = None,
) -> Page[Product]:
    """One page of the products that a filter finds; raises BadInput for what cannot be asked."""
    check_filter(filter)
    order = _order(filter, order)
    kind = str if order.by is ProductSort.NAME else int
    cursor_sort = f"{order.by}{'-' if order.descending else '+'}"
    window = window_of(page, cursor_sort, kind)
    wanted = node_selection(selection)
    params = _params(filter, view)
    if params is None:
        return page_of((), window, False, selection, str, 0)
    by_price = order.by is ProductSort.PRICE or filter.is_by_price
    filter_shape = shape_now(connection, filter, view, by_price=by_price)
    shape = ListingShape(
        filter_shape,
        view.scope,
        wanted_columns(wanted),
        order.by,
        order.descending,
        window.shape,
    )
    rows, more = cut(connection.rows(page_statement(shape), **params, **window.params), window)
    if not rows:
        _check_channel(connection, view)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(count_statement(filter_shape, view.scope), **params)
    nodes = build_products(connection, [row[:-1] for row in rows], wanted, view)

    def cursor(place: int) -> str:
        return make_cursor(cursor_sort, rows[place][-1], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def product(
    connection: Connection,
    selection: Selection,
    *,
    view: View,
    id: int | None = None,
    slug: str | None = None,
) -> Product | None:
    """The product with this row number or slug; None when the view does not show it."""
    by, value = ("id", id) if slug is None else ("slug", slug)
    if isinstance(value, str) and "\0" in value:
        return None
    made = one_statement(by, view.scope, wanted_columns(selection))
    rows = connection.rows(made, **{by: value}, **view.params)
    if not rows:
        _check_channel(connection, view)
    found = build_products(connection, rows, selection, view)
    return found[0] if found else None


def variants(
    connection: Connection, ids: Sequence[int], selection: Selection, *, view: View
) -> dict[int, Variant]:
    """Variants by row number, priced in the view's channel; unknown ones are left out."""
    made = variants_statement(selection.columns(*VARIANT_NAMES), view.channel is not None, "id")
    rows = connection.rows(made, ids=ids, **view.params)
    return {one.id: one for one in _build_variants(connection, rows, selection, view)}


def _build_variants(
    connection: Connection, rows: Sequence[tuple[Any, ...]], wanted: Selection, view: View
) -> list[Variant]:
    """Records from rows of `variants_statement`, with the relations that are asked for."""
    levels: Grouped[StockLevel] = {}
    ids = [row[0] for row in rows]
    if wanted.wants("stock_levels"):
        levels = load_stock_levels(connection, ids)
    owners: dict[int, Product] = {}
    if wanted.wants("product"):
        below = wanted.of("product")
        owners = products_by_id(connection, [row[1] for row in rows], below, view=view)
    shown: Grouped[Image] = {}
    if wanted.wants("images"):
        shown = load_variant_images(connection, ids)
    prices: Grouped[ChannelPrice] = {}
    if wanted.wants("channel_prices"):
        prices = load_channel_prices(connection, ids, now=view.now)
    built = [
        Variant(
            *(
                *row,
                levels.get(row[0], ()),
                owners.get(row[1]),
                shown.get(row[0], ()),
                prices.get(row[0], ()),
            )
        )
        for row in rows
    ]
    return _priced(connection, built, wanted, view)


def _priced(
    connection: Connection, built: list[Variant], wanted: Selection, view: View
) -> list[Variant]:
    """The variants with what takes price lists to tell, read only where that is asked for."""
    is_members = bool(view.group_ids) and wanted.wants("price", "compare_at_price")
    if not built or not (is_members or wanted.wants("price_breaks")):
        return built
    ids = [one.id for one in built]
    offered = offered_variants(connection, ids, channel=view.channel, now=view.now)
    return [_for_buyer(one, offered.get(one.id), view) for one in built]


def _for_buyer(one: Variant, offered: OfferedVariant | None, view: View) -> Variant:
    if offered is None:
        return one
    chosen = offered.chosen(view.group_ids, now=view.now)
    breaks = price_breaks(offered.prices, group_ids=view.group_ids, at=view.now)
    return msgspec.structs.replace(
        one,
        price_minor=chosen.price_minor,
        compare_at_minor=chosen.compare_at_minor,
        price_breaks=[
            QuantityPrice(step.from_quantity, step.price_minor, one.currency) for step in breaks
        ],
    )


def _load_variants(
    connection: Connection, product_ids: Sequence[int], wanted: Selection, view: View
) -> Grouped[Variant]:
    made = variants_statement(wanted.columns(*VARIANT_NAMES), view.channel is not None)
    rows = connection.rows(made, ids=product_ids, **view.params)
    groups: dict[int, list[Variant]] = {}
    for one in _build_variants(connection, rows, wanted, view):
        groups.setdefault(one.product_id, []).append(one)
    return groups


def variant(connection: Connection, id: int, selection: Selection, *, view: View) -> Variant | None:
    """One variant; None when the view does not show its product."""
    return shown_variants(connection, [id], selection, view=view).get(id)


def shown_variants(
    connection: Connection, ids: Sequence[int], selection: Selection, *, view: View
) -> dict[int, Variant]:
    """Variants by row number, without those whose product the view does not show."""
    asked = selection.merged(Selection.of_names("product.slug"))
    found = variants(connection, ids, asked, view=view)
    return {row: one for row, one in found.items() if one.product is not None}


def currency_of(connection: Connection, view: View) -> str:
    """The currency of the view's channel; raises BadInput when there is no such channel."""
    made = CURRENCY if view.channel is not None else DEFAULT_CURRENCY
    currency = connection.scalar(made, **named(view.channel))
    if currency is None:
        which = "no default channel yet" if view.channel is None else f"no channel {view.channel!r}"
        raise BadInput(f"There is {which}.")
    return str(currency)


def products_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, view: View
) -> dict[int, Product]:
    """Products by row number as the view shows them."""
    unique = sorted(set(ids))
    shape = ListingShape(
        ProductFilter(ids=unique).shape,
        view.scope,
        wanted_columns(selection),
        ProductSort.CREATED_AT,
        False,
        (False, False),
    )
    params = {"ids": unique, "page_limit": len(unique), **view.params}
    rows = connection.rows(page_statement(shape), **params)
    found = build_products(connection, [row[:-1] for row in rows], selection, view)
    return {one.id: one for one in found}


def build_products(
    connection: Connection, rows: Sequence[tuple[Any, ...]], wanted: Selection, view: View
) -> list[Product]:
    """Records from rows of `listing`, with the relations that are asked for."""
    if not rows:
        return []
    ids = [row[0] for row in rows]
    related: list[Grouped[Any]] = [
        load(connection, ids, wanted.of(name), view) if wanted.wants(name) else {}
        for name, load in RELATIONS.items()
    ]
    types: Mapping[int, ProductType] = {}
    if wanted.wants("product_type"):
        types = load_product_types(connection, (row[8] for row in rows), wanted.of("product_type"))
    built = [
        Product(*(*row, types.get(row[8]), *(groups.get(row[0], ()) for groups in related)))
        for row in rows
    ]
    return _for_members(connection, built, view) if wanted.wants("price") else built


def _for_members(connection: Connection, built: list[Product], view: View) -> list[Product]:
    """The products at the lowest prices of a buyer who is in groups: one statement for these."""
    if not view.group_ids:
        return built
    lowest = lowest_prices(
        connection,
        [one.id for one in built],
        channel=view.channel,
        group_ids=view.group_ids,
        now=view.now,
    )
    replace = msgspec.structs.replace
    return [replace(one, price_minor=lowest.get(one.id, one.price_minor)) for one in built]


# The record's relations in order.
RELATIONS: dict[str, Callable[..., Grouped[Any]]] = {
    "variants": _load_variants,
    "categories": lambda c, ids, wanted, view: load_categories(c, ids, wanted),
    "collections": lambda c, ids, wanted, view: load_collections(c, ids),
    "tags": lambda c, ids, wanted, view: load_tags(c, ids),
    "attributes": lambda c, ids, wanted, view: load_attribute_values(c, ids),
    "images": lambda c, ids, wanted, view: load_images(c, ids),
    "publications": lambda c, ids, wanted, view: load_publications(c, ids),
}

CURRENCY = statement(select(channels.c.currency).where(in_channel(True)))
DEFAULT_CURRENCY = statement(select(channels.c.currency).where(in_channel(False)))


def _order(filter: ProductFilter, order: ProductOrder | None) -> ProductOrder:
    if order is None:
        return _natural_order(filter)
    if order.by is ProductSort.RELEVANCE and filter.search is None:
        raise BadInput("Sorting by relevance needs a search text.")
    if order.by is ProductSort.MANUAL and filter.collection is None:
        raise BadInput("A manual order is a collection's: filter by one.")
    return order


def _natural_order(filter: ProductFilter) -> ProductOrder:
    if filter.search is not None:
        return ProductOrder(ProductSort.RELEVANCE, descending=True)
    return ProductOrder(ProductSort.NAME if filter.collection is None else ProductSort.MANUAL)


def _params(filter: ProductFilter, view: View) -> dict[str, Any] | None:
    """Everything the filter and the view ask; None when the search text can find nothing."""
    params = {**filter.params, **view.params}
    if filter.search is not None:
        terms = typed_terms(filter.search)
        if terms is None:
            return None
        params.update(terms.params)
    return params


def shape_now(
    connection: Connection, filter: ProductFilter, view: View, *, by_price: bool
) -> FilterShape:
    """The filter's shape; what goes by prices asks first whether some flipped just now."""
    is_due = by_price and is_any_due(connection, view.now)
    return msgspec.structs.replace(filter.shape, is_due=is_due) if is_due else filter.shape


def _check_channel(connection: Connection, view: View) -> None:
    """An empty answer may have the simplest of reasons: there is no such channel."""
    currency_of(connection, view)

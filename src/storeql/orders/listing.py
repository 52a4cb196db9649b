"""The SELECTs behind order reads: one per shape of filter, sort, page and asked columns."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, null, select

from storeql.carts.cart_rows import storable
from storeql.db import Selection, Statement, any_of, one_of, statement
from storeql.db.paging import windowed
from storeql.inputs import plain
from storeql.orders.fulfilment.states import ORDERS_OF, FulfilmentStatus
from storeql.orders.states import UNSHIPPED
from storeql.orders.tables import orders

MOST_WORDS = 5
LONGEST_WORD = 300  # SQLite refuses very long patterns.

ALWAYS = ("id", "customer_id", "currency")
"""Columns that every read needs; they come first."""

# The columns of an order in the order of its record, and the selected field that asks for each.
# The last two are documents, which are decoded.
COLUMNS = (
    ("number", "number"),
    ("state", "state"),
    ("channel_id", "channel_id"),
    ("email", "email"),
    ("phone", "phone"),
    ("name", "name"),
    ("list_minor", "list_total"),
    ("discount_minor", "discount_total"),
    ("gift_minor", "gift_total"),
    ("subtotal_minor", "subtotal"),
    ("shipping_list_minor", "shipping_list_total"),
    ("shipping_minor", "shipping_total"),
    ("tax_minor", "tax_total"),
    ("total_minor", "total"),
    ("delivery_method", "delivery_method"),
    ("delivery_name", "delivery_name"),
    ("payment_method", "payment_method"),
    ("placed_at", "placed_at"),
    ("updated_at", "updated_at"),
    ("version", "version"),
    ("stacking_version", "stacking_version"),
    ("fulfilment_status", "fulfilment_status"),
    ("ship_by_at", "ship_by"),
    ("delivered_at", "delivered_at"),
    ("completed_at", "completed_at"),
    ("payment_status", "payment_status"),
    ("authorized_minor", "authorized_total"),
    ("captured_minor", "captured_total"),
    ("returning_minor", "returning_total"),
    ("refunded_minor", "refunded_total"),
    ("address", "address"),
    ("pricing", "trace"),
)
FIELD_NAMES = tuple(field for _, field in COLUMNS)

# Fields that are computed from several columns, by what they need.
COMPUTED = {
    "refundable_total": Selection.of_names("captured_total", "returning_total", "refunded_total"),
    "is_late": Selection.of_names("state", "ship_by"),
    "outstanding_total": Selection.of_names("total", "authorized_total", "captured_total"),
}


def columns_of(selection: Selection) -> tuple[bool, ...]:
    """Which of COLUMNS a selection needs."""
    for name, needed in COMPUTED.items():
        if selection.wants(name):
            selection = selection.merged(needed)
    return selection.columns(*FIELD_NAMES)


class OrderSort(StrEnum):
    """What a list of orders is sorted by."""

    PLACED_AT = "PLACED_AT"
    TOTAL = "TOTAL"


SORT_COLUMNS = {OrderSort.PLACED_AT: orders.c.placed_at, OrderSort.TOTAL: orders.c.total_minor}


class OrderFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks nothing.

    Ranges are half-open in time and closed in money (minor units). `late_at`: at this instant
    something of it was to have left the house and has not. `search` is words that all
    occur in the number, e-mail, phone, name or SKUs.
    """

    states: tuple[str, ...] | None = None
    payment_statuses: tuple[str, ...] | None = None
    channel_id: int | None = None
    customer_id: int | None = None
    payment_method: str | None = None
    placed_from: int | None = None
    placed_until: int | None = None
    currency: str | None = None
    total_from_minor: int | None = None
    total_to_minor: int | None = None
    fulfilment_statuses: tuple[str, ...] | None = None
    late_at: int | None = None
    search: str | None = None

    @property
    def shape(self) -> FilterShape:
        """What of the filter changes a statement's text."""
        given = tuple(getattr(self, name) is not None for name in self.__struct_fields__[:-1])
        return FilterShape(given, len(_words(self.search)))

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions that are set."""
        names = self.__struct_fields__[:-1]
        given = {name: getattr(self, name) for name in names}
        params = {name: _storable(value) for name, value in given.items() if value is not None}
        if self.fulfilment_statuses is not None:
            found = (ORDERS_OF[FulfilmentStatus(one)] for one in self.fulfilment_statuses)
            params["status_states"] = sorted({state.value for one in found for state in one})
        patterns = {f"word_{n}": _pattern(word) for n, word in enumerate(_words(self.search))}
        return {**params, **patterns}


class FilterShape(Struct, frozen=True):
    """Which conditions are set, and how many words are searched for."""

    given: tuple[bool, ...]
    words: int


class PageShape(Struct, frozen=True):
    """Everything that changes the text of a page's SELECT."""

    filter: FilterShape
    columns: tuple[bool, ...]
    sort: OrderSort
    descending: bool
    window: tuple[bool, bool]


@lru_cache(maxsize=512)
def page_statement(shape: PageShape) -> Statement:
    """One page of orders; the sort value comes last."""
    value = SORT_COLUMNS[shape.sort]
    query = _filtered(select(*_columns(shape.columns), value.label("sort_value")), shape.filter)
    return statement(
        windowed(query, shape.window, value=value, row=orders.c.id, descending=shape.descending)
    )


@lru_cache(maxsize=128)
def count_statement(shape: FilterShape) -> Statement:
    """How many orders a filter finds."""
    return statement(_filtered(select(func.count()).select_from(orders), shape))


@lru_cache(maxsize=64)
def orders_statement(key: str, columns: tuple[bool, ...]) -> Statement:
    """Orders by `values` of a key (id, number, cart_id); the token of their cart comes last."""
    token: ColumnElement[str] = literal_column(
        "(SELECT c.token FROM carts AS c WHERE c.id = orders.cart_id)"
    )
    query = select(*_columns(columns), token.label("cart_token"))
    return statement(query.where(any_of(orders.c[key], "keys")))


def _columns(wanted: tuple[bool, ...]) -> list[ColumnElement[Any]]:
    """What is always needed, and the wanted columns in record order (NULL for the others)."""
    asked = [
        (orders.c[name] if yes else null()).label(f"order_{name}")
        for (name, _), yes in zip(COLUMNS, wanted, strict=True)
    ]
    return [*(orders.c[name] for name in ALWAYS), *asked]


def _filtered(query: Select[Any], shape: FilterShape) -> Select[Any]:
    order = orders.c
    conditions: tuple[ColumnElement[bool], ...] = (
        any_of(order.state, "states"),
        any_of(order.payment_status, "payment_statuses"),
        order.channel_id == bindparam("channel_id"),
        order.customer_id == bindparam("customer_id"),
        order.payment_method == bindparam("payment_method"),
        order.placed_at >= bindparam("placed_from"),
        order.placed_at < bindparam("placed_until"),
        order.currency == bindparam("currency"),
        order.total_minor >= bindparam("total_from_minor"),
        order.total_minor <= bindparam("total_to_minor"),
        and_(
            any_of(order.fulfilment_status, "fulfilment_statuses"),
            any_of(order.state, "status_states"),
        ),
        and_(
            one_of(order.state, *sorted(state.value for state in UNSHIPPED)),
            order.ship_by_at < bindparam("late_at"),
        ),
    )
    query = query.where(
        *(one for one, is_set in zip(conditions, shape.given, strict=True) if is_set)
    )
    return query.where(
        *(order.search_text.like(bindparam(f"word_{n}"), escape="\\") for n in range(shape.words))
    )


def _words(search: str | None) -> list[str]:
    return plain(search or "").casefold().split()[:MOST_WORDS]


def _pattern(word: str) -> str:
    literal = storable(word[:LONGEST_WORD])
    for special in ("\\", "%", "_"):
        literal = literal.replace(special, f"\\{special}")
    return f"%{literal}%"


def _storable(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value

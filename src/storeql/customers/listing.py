"""The SELECTs behind customer listings: one per shape of filter, page and asked columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, bindparam, func, null, select

from storeql.customers.tables import customer_group_members, customers
from storeql.db import Statement, any_of, statement
from storeql.db.paging import windowed
from storeql.inputs import plain

COLUMN_NAMES = (
    "email",
    "name",
    "phone",
    "tier",
    "is_active",
    "order_count",
    "created_at",
    "updated_at",
    "version",
)


class CustomerFilter(Struct, frozen=True, kw_only=True):
    """Which customers; None asks nothing. `search` is a part of an e-mail, a name or a phone."""

    search: str | None = None
    tier: str | None = None
    group_id: int | None = None
    is_active: bool | None = None

    @property
    def shape(self) -> tuple[bool, ...]:
        """Which conditions are set: what of the filter changes a statement's text."""
        return tuple(getattr(self, name) is not None for name in self.__struct_fields__)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions that are set."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        if self.search is not None:
            given["search"] = _pattern(self.search)
        return {name: _storable(value) for name, value in given.items() if value is not None}


@lru_cache(maxsize=512)
def page_statement(
    filter_shape: tuple[bool, ...], columns: tuple[bool, ...], window_shape: tuple[bool, bool]
) -> Statement:
    """One page, newest first; the sort value comes last."""
    value = customers.c.created_at
    query = _filtered(select(*_columns(columns), value.label("sort_value")), filter_shape)
    return statement(
        windowed(query, window_shape, value=value, row=customers.c.id, descending=True)
    )


@lru_cache(maxsize=32)
def count_statement(filter_shape: tuple[bool, ...]) -> Statement:
    """How many customers a filter finds."""
    return statement(_filtered(select(func.count()).select_from(customers), filter_shape))


@lru_cache(maxsize=256)
def customers_statement(columns: tuple[bool, ...]) -> Statement:
    """Customers by `ids`."""
    return statement(select(*_columns(columns)).where(any_of(customers.c.id, "ids")))


def _columns(wanted: tuple[bool, ...]) -> list[ColumnElement[Any]]:
    """The id, and the wanted columns in record order (NULL for the others)."""
    asked = zip(COLUMN_NAMES, wanted, strict=True)
    return [
        customers.c.id,
        *((customers.c[name] if yes else null()).label(f"customer_{name}") for name, yes in asked),
    ]


def _filtered(query: Select[Any], shape: tuple[bool, ...]) -> Select[Any]:
    members = select(customer_group_members.c.customer_id).where(
        customer_group_members.c.group_id == bindparam("group_id")
    )
    conditions: tuple[ColumnElement[bool], ...] = (
        customers.c.search_text.like(bindparam("search"), escape="\\"),
        customers.c.tier == bindparam("tier"),
        customers.c.id.in_(members),
        customers.c.is_active == bindparam("is_active"),
    )
    return query.where(*(one for one, is_set in zip(conditions, shape, strict=True) if is_set))


def _pattern(search: str) -> str:
    literal = plain(search).casefold()
    for special in ("\\", "%", "_"):
        literal = literal.replace(special, f"\\{special}")
    return f"%{literal}%"


def _storable(value: Any) -> Any:
    # PostgreSQL has no NUL in texts: nothing is found for one, on both engines alike.
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value

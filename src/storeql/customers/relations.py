"""What belongs to customers: their addresses and groups, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, null, select

from storeql.customers.address import decode_address
from storeql.customers.records import CustomerAddress, CustomerGroup
from storeql.customers.tables import (
    customer_addresses,
    customer_group_members,
    customer_groups,
)
from storeql.db import Connection, Selection, any_of, statement
from storeql.db.named import named_page
from storeql.db.paging import Page, PageRequest


def load_addresses(connection: Connection, ids: Sequence[int]) -> dict[int, list[CustomerAddress]]:
    """Address books by customer, the default address first, then the newest."""
    books = defaultdict(list)
    for row_id, customer_id, text, is_default, version in connection.rows(_ADDRESSES, ids=ids):
        entry = CustomerAddress(
            row_id, customer_id, decode_address(text), bool(is_default), version
        )
        books[customer_id].append(entry)
    return books


def address(connection: Connection, address_id: int, *, customer_id: int) -> CustomerAddress | None:
    """One entry of a customer's own book; None for anybody else's."""
    books = load_addresses(connection, [customer_id])
    return next((one for one in books.get(customer_id, ()) if one.id == address_id), None)


def load_groups(
    connection: Connection, ids: Sequence[int], *, wanted: Selection
) -> dict[int, list[CustomerGroup]]:
    """The groups of each customer by name."""
    made = _GROUPS_COUNTED if wanted.wants("member_count") else _GROUPS
    found = defaultdict(list)
    for customer_id, *group in connection.rows(made, ids=ids):
        found[customer_id].append(CustomerGroup(*group))
    return found


def groups_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[CustomerGroup]:
    """One page of the shop's groups by name."""

    def build(rows: list[Any], wanted: Selection) -> list[CustomerGroup]:
        counts: dict[int, int] = {}
        if rows and wanted.wants("member_count"):
            counts = dict(connection.rows(_COUNTS, ids=[row[0] for row in rows]))
        return [CustomerGroup(*(*row, counts.get(row[0], 0))) for row in rows]

    return named_page(connection, selection, page, customer_groups, build)


def groups_by_id(
    connection: Connection, selection: Selection, *, ids: Sequence[int]
) -> dict[int, CustomerGroup]:
    """Groups by row number; unknown ones are left out."""
    made = _SOME_GROUPS_COUNTED if selection.wants("member_count") else _SOME_GROUPS
    return {row[0]: CustomerGroup(*row) for row in connection.rows(made, ids=ids)}


def group(connection: Connection, selection: Selection, *, id: int) -> CustomerGroup | None:
    """One group, None without one."""
    return groups_by_id(connection, selection, ids=[id]).get(id)


_groups = customer_groups.c
_members = customer_group_members.c
_count = (
    select(func.count())
    .where(_members.group_id == _groups.id)
    .correlate(customer_groups)
    .scalar_subquery()
)
_group_columns = (_groups.id, _groups.slug, _groups.name, _groups.version)
_of_customers = (
    select(_members.customer_id, *_group_columns)
    .join(customer_groups, _groups.id == _members.group_id)
    .where(any_of(_members.customer_id, "ids"))
    .order_by(_groups.name_key, _groups.id)
)
_some = select(*_group_columns).where(any_of(_groups.id, "ids"))

_ADDRESSES = statement(
    select(
        customer_addresses.c.id,
        customer_addresses.c.customer_id,
        customer_addresses.c.address,
        customer_addresses.c.is_default,
        customer_addresses.c.version,
    )
    .where(any_of(customer_addresses.c.customer_id, "ids"))
    .order_by(customer_addresses.c.is_default.desc(), customer_addresses.c.id.desc())
)
_GROUPS = statement(_of_customers.add_columns(null()))
_GROUPS_COUNTED = statement(_of_customers.add_columns(_count))
_COUNTS = statement(
    select(_members.group_id, func.count())
    .where(any_of(_members.group_id, "ids"))
    .group_by(_members.group_id)
)
_SOME_GROUPS = statement(_some.add_columns(null()))
_SOME_GROUPS_COUNTED = statement(_some.add_columns(_count))

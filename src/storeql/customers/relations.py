"""What belongs to customers: their addresses, groups and sessions, for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, null, select

from storeql.access import Actor
from storeql.customers.address import decode_address
from storeql.customers.records import CustomerAddress, CustomerGroup, Session
from storeql.customers.tables import (
    customer_addresses,
    customer_group_members,
    customer_groups,
    sessions,
)
from storeql.db import Connection, Selection, any_of, statement

MOST_GROUPS = 500
MOST_SESSIONS = 200


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


def groups(connection: Connection, selection: Selection) -> list[CustomerGroup]:
    """The shop's groups by slug, 500 at most."""
    made = _ALL_GROUPS_COUNTED if selection.wants("member_count") else _ALL_GROUPS
    return [CustomerGroup(*row) for row in connection.rows(made)]


def groups_by_id(
    connection: Connection, selection: Selection, *, ids: Sequence[int]
) -> dict[int, CustomerGroup]:
    """Groups by row number; unknown ones are left out."""
    made = _SOME_GROUPS_COUNTED if selection.wants("member_count") else _SOME_GROUPS
    return {row[0]: CustomerGroup(*row) for row in connection.rows(made, ids=ids)}


def group(connection: Connection, selection: Selection, *, id: int) -> CustomerGroup | None:
    """One group, None without one."""
    return groups_by_id(connection, selection, ids=[id]).get(id)


def own_sessions(connection: Connection, actor: Actor, *, now: int) -> Sequence[Session]:
    """The sessions of the actor that still hold, last seen first; none for apps and guests."""
    loads = {"customer": load_sessions, "staff": load_staff_sessions}
    if actor.id is None or actor.kind not in loads:
        return ()
    found = loads[actor.kind](connection, [actor.id], current=actor.session_id, now=now)
    return found.get(actor.id, ())


def load_sessions(
    connection: Connection, ids: Sequence[int], *, current: int | None, now: int
) -> dict[int, list[Session]]:
    """The sessions of each customer that still hold, last seen first."""
    found = defaultdict(list)
    for row in connection.rows(_CUSTOMER_SESSIONS, ids=ids, now=now):
        found[row[1]].append(session_of(row, current))
    return found


def load_staff_sessions(
    connection: Connection, ids: Sequence[int], *, current: int | None, now: int
) -> dict[int, list[Session]]:
    """The sessions of each staff member that still hold, last seen first."""
    found = defaultdict(list)
    for row in connection.rows(_STAFF_SESSIONS, ids=ids, now=now):
        found[row[2]].append(session_of(row, current))
    return found


def session_of(row: Sequence[Any], current: int | None) -> Session:
    """The record of a row of sessions."""
    return Session(*(*row, row[0] == current))


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
_all = select(*_group_columns).order_by(_groups.slug).limit(MOST_GROUPS)
_some = select(*_group_columns).where(any_of(_groups.id, "ids"))
_open_sessions = (
    select(
        sessions.c.id,
        sessions.c.customer_id,
        sessions.c.staff_id,
        sessions.c.user_agent,
        sessions.c.client_ip,
        sessions.c.created_at,
        sessions.c.last_seen_at,
        sessions.c.expires_at,
    )
    .where(sessions.c.revoked_at.is_(None), sessions.c.expires_at > bindparam("now"))
    .order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc())
    .limit(MOST_SESSIONS)
)

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
_ALL_GROUPS = statement(_all.add_columns(null()))
_ALL_GROUPS_COUNTED = statement(_all.add_columns(_count))
_SOME_GROUPS = statement(_some.add_columns(null()))
_SOME_GROUPS_COUNTED = statement(_some.add_columns(_count))
_CUSTOMER_SESSIONS = statement(_open_sessions.where(any_of(sessions.c.customer_id, "ids")))
_STAFF_SESSIONS = statement(_open_sessions.where(any_of(sessions.c.staff_id, "ids")))

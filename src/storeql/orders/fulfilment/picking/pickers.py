"""Who can be given a pick list: active staff whose roles let them do the warehouse's work."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct
from sqlalchemy import ColumnElement, exists, func, literal, or_, select

from storeql.access import Permission
from storeql.customers.tables import roles, staff_members, staff_roles
from storeql.db import Connection, Selection, Statement, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed

SORT = "pickers"
_staff = staff_members.c


class Picker(Struct, frozen=True):
    """A member of staff, by the name that people call them or their address."""

    id: int
    name: str


def pickers_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[Picker]:
    """One page of them, in the order they came."""
    window = window_of(page, SORT)
    rows, more = cut(connection.rows(_page_statement(window.shape), **window.params), window)
    total = connection.scalar(_COUNT) if selection.wants("total_count") else None
    nodes = [Picker(*row) for row in rows]
    return page_of(
        nodes,
        window,
        more,
        selection,
        lambda place: make_cursor(SORT, nodes[place].id, nodes[place].id),
        total,
    )


def _may_pick() -> ColumnElement[bool]:
    """Permissions are a JSON list of names: each stands there in quotes."""
    named = [
        roles.c.permissions.contains(literal(f'"{one.value}"'))
        for one in (Permission.FULFIL_ORDERS, Permission.MANAGE_ORDERS)
    ]
    granted = exists(
        select(literal(1))
        .select_from(staff_roles.join(roles, roles.c.id == staff_roles.c.role_id))
        .where(staff_roles.c.staff_id == _staff.id, or_(*named))
        .correlate(staff_members)
    )
    return _staff.is_active & granted


@lru_cache(maxsize=4)
def _page_statement(window: tuple[bool, bool]) -> Statement:
    name = func.coalesce(func.nullif(_staff.name, ""), _staff.email)
    query = select(_staff.id, name).where(_may_pick())
    return statement(windowed(query, window, value=_staff.id, row=_staff.id))


_COUNT = statement(select(func.count()).select_from(staff_members).where(_may_pick()))

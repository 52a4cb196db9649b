"""The shared reads of staff, roles and app tokens: one SELECT per relation asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from storeql.customers.authenticate import permissions_of
from storeql.customers.resolvers import Reader
from storeql.customers.session_reads import load_sessions
from storeql.customers.staff.records import AppToken, Role, StaffMember
from storeql.customers.staff.roles import OWNER
from storeql.customers.tables import app_tokens, roles, staff_members, staff_roles
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)


def staff_page(
    connection: Connection, selection: Selection, *, page: PageRequest, reader: Reader
) -> Page[StaffMember]:
    """One page of the staff, in the order they came."""

    def build(rows: Sequence[tuple[Any, ...]], wanted: Selection) -> list[StaffMember]:
        return _members(connection, rows, wanted=wanted, reader=reader)

    return _page(connection, "staff", selection, page, build)


def staff_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, reader: Reader
) -> dict[int, StaffMember]:
    """Staff members by row number; unknown ones are left out."""
    rows = connection.rows(_STAFF, ids=sorted(set(ids))) if ids else []
    return {one.id: one for one in _members(connection, rows, wanted=selection, reader=reader)}


def staff_member(
    connection: Connection, selection: Selection, *, id: int, reader: Reader
) -> StaffMember | None:
    """The staff member with this row number, None without one."""
    return staff_by_id(connection, [id], selection, reader=reader).get(id)


def roles_page(connection: Connection, selection: Selection, *, page: PageRequest) -> Page[Role]:
    """One page of the roles, in the order they were made."""
    return _page(connection, "roles", selection, page, lambda rows, _: [_role(row) for row in rows])


def roles_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Role]:
    """Roles by row number; unknown ones are left out."""
    return {row[0]: _role(row) for row in connection.rows(_ROLES, ids=ids)}


def role(connection: Connection, role_id: int) -> Role | None:
    """One role, None without one."""
    return roles_by_id(connection, [role_id]).get(role_id)


def app_tokens_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[AppToken]:
    """One page of the app tokens, revoked ones included, newest first."""
    return _page(
        connection, "app_tokens", selection, page, lambda rows, _: [_app_token(r) for r in rows]
    )


def app_tokens_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, AppToken]:
    """App tokens by row number; unknown ones are left out."""
    return {row[0]: _app_token(row) for row in connection.rows(_APP_TOKENS, ids=ids)}


def app_token(connection: Connection, token_id: int) -> AppToken | None:
    """One app token, None without one."""
    return app_tokens_by_id(connection, [token_id]).get(token_id)


def _page(
    connection: Connection,
    of: str,
    selection: Selection,
    page: PageRequest,
    build: Callable[[Sequence[tuple[Any, ...]], Selection], list[Any]],
) -> Page[Any]:
    window = window_of(page, of)
    rows, more = cut(connection.rows(_page_statement(of, window.shape), **window.params), window)
    total = connection.scalar(_COUNTS[of]) if selection.wants("total_count") else None
    nodes = build(rows, node_selection(selection))

    def cursor(place: int) -> str:
        return make_cursor(of, rows[place][0], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def _members(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    *,
    wanted: Selection,
    reader: Reader,
) -> list[StaffMember]:
    ids = [row[0] for row in rows]
    held: dict[int, list[Role]] = defaultdict(list)
    if ids and wanted.wants("roles", "permissions"):
        for staff_id, *role_row in connection.rows(_MEMBER_ROLES, ids=ids):
            held[staff_id].append(_role(role_row))
    sessions = (
        load_sessions(connection, "staff", ids, current=reader.session_id, now=reader.now)
        if ids and wanted.wants("sessions")
        else {}
    )
    return [_member(row, held[row[0]], sessions.get(row[0], ())) for row in rows]


def _member(row: Sequence[Any], held: Sequence[Role], sessions: Sequence[Any]) -> StaffMember:
    row_id, email, name, is_active, created_at, version = row
    permissions = sorted({name for one in held for name in one.permissions})
    return StaffMember(
        row_id, email, name, bool(is_active), created_at, version, held, permissions, sessions
    )


def _role(row: Sequence[Any]) -> Role:
    row_id, slug, name, permissions, version = row
    granted = sorted(permissions_of((permissions,)))
    return Role(row_id, slug, name, granted, version, slug == OWNER)


def _app_token(row: Sequence[Any]) -> AppToken:
    row_id, name, permissions, *rest = row
    return AppToken(row_id, name, sorted(permissions_of((permissions,))), *rest)


_role_columns = [roles.c[name] for name in ("id", "slug", "name", "permissions", "version")]
_lists: dict[str, tuple[Any, bool]] = {
    "staff": (
        select(
            *(
                staff_members.c[name]
                for name in ("id", "email", "name", "is_active", "created_at", "version")
            )
        ),
        False,
    ),
    "roles": (select(*_role_columns), False),
    "app_tokens": (
        select(*(app_tokens.c[name] for name in AppToken.__struct_fields__)),
        True,
    ),
}


@lru_cache(maxsize=32)
def _page_statement(of: str, window_shape: tuple[bool, bool]) -> Statement:
    query, descending = _lists[of]
    row = query.selected_columns.id
    return statement(windowed(query, window_shape, value=row, row=row, descending=descending))


_COUNTS = {
    of: statement(select(func.count()).select_from(table))
    for of, table in (("staff", staff_members), ("roles", roles), ("app_tokens", app_tokens))
}
_STAFF = statement(_lists["staff"][0].where(any_of(staff_members.c.id, "ids")))
_ROLES = statement(_lists["roles"][0].where(any_of(roles.c.id, "ids")))
_APP_TOKENS = statement(_lists["app_tokens"][0].where(any_of(app_tokens.c.id, "ids")))
_MEMBER_ROLES = statement(
    select(staff_roles.c.staff_id, *_role_columns)
    .join(roles, roles.c.id == staff_roles.c.role_id)
    .where(any_of(staff_roles.c.staff_id, "ids"))
    .order_by(roles.c.id)
)

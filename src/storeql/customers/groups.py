"""Customer groups that promotions and prices can be meant for, and who is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from storeql.customers.event_kinds import CUSTOMER_UPDATED
from storeql.customers.fields import PersonFields
from storeql.customers.tables import customer_group_members, customer_groups, customers
from storeql.customers.versions import missing, too_late
from storeql.db import Connection, any_of, statement
from storeql.db.name_order import NAME_KEY, keyed
from storeql.errors import Problem, Rejected, refuse
from storeql.events import tell

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_MEMBERS_AT_ONCE = 500
MOST_GROUPS_OF_ONE = 100


class NewGroup(Struct, frozen=True):
    """`slug` is what rules and URLs call the group; it never changes."""

    slug: str
    name: str


class GroupUpdate(Struct, frozen=True, kw_only=True):
    """A new name for a group."""

    id: int
    expected_version: int
    name: str


class MembersChange(Struct, frozen=True, kw_only=True):
    """Customers (row numbers) to put into a group and to take out of it."""

    group_id: int
    add: Sequence[int] = ()
    remove: Sequence[int] = ()


def create_group(connection: Connection, typed: NewGroup) -> int:
    """The id of the new group; raises Rejected with TAKEN among others."""
    fields = PersonFields()
    slug = checked_slug(fields, typed.slug)
    name = fields.line("name", typed.name, most=255)
    fields.refuse_problems()
    row = keyed(customer_groups, {"slug": slug, "name": name})
    group_id: int | None = connection.scalar(_CREATE, **row)
    if group_id is None:
        raise refuse("TAKEN", "There is a group with this slug.", "slug")
    return group_id


def update_group(connection: Connection, typed: GroupUpdate) -> int:
    """The id of the renamed group."""
    fields = PersonFields()
    name = fields.line("name", typed.name, most=255)
    fields.refuse_problems()
    row = keyed(customer_groups, {"name": name})
    if not connection.run(_UPDATE, b_id=typed.id, expected=typed.expected_version, **row):
        raise too_late(connection.scalar(_VERSION, id=typed.id))
    return typed.id


def delete_group(connection: Connection, group_id: int) -> None:
    """Deletes a group; its members stay customers."""
    if not connection.run(_DELETE, id=group_id):
        raise missing()


def change_members(connection: Connection, typed: MembersChange, *, now: int) -> int:
    """The id of the group; entries that change nothing are fine, unknown customers are not."""
    problems = _too_many("add", typed.add) + _too_many("remove", typed.remove)
    if problems:
        raise Rejected(problems)
    if not connection.run(_HOLD, b_id=typed.group_id):
        raise missing()
    problems = _unknown(connection, typed.add)
    if problems:
        raise Rejected(problems)
    members = [{"customer_id": row, "group_id": typed.group_id} for row in sorted({*typed.add})]
    connection.run_many(_ADD, members)
    _refuse_full(connection, typed.add)
    if typed.remove:
        connection.run(_REMOVE, group_id=typed.group_id, ids=typed.remove)
    for customer_id in sorted({*typed.add, *typed.remove}):
        tell(connection, CUSTOMER_UPDATED, customer_id, now=now)
    return typed.group_id


def checked_slug(fields: PersonFields, typed: str) -> str:
    """A slug of small letters, digits and single hyphens, at most 100 characters."""
    slug = fields.line("slug", typed, most=100)
    if slug and not SLUG.fullmatch(slug):
        fields.report("INVALID_SLUG", "A slug has small letters, digits and hyphens.", "slug")
    return slug


def _too_many(name: str, rows: Sequence[int]) -> list[Problem]:
    if len(rows) <= MOST_MEMBERS_AT_ONCE:
        return []
    message = f"At most {MOST_MEMBERS_AT_ONCE} customers at once."
    return [Problem(code="TOO_MANY", message=message, field=[name])]


def _unknown(connection: Connection, rows: Sequence[int]) -> list[Problem]:
    known = {row[0] for row in connection.rows(_KNOWN, ids=rows)} if rows else set()
    message = "There is no such customer."
    return [
        Problem(code="NOT_FOUND", message=message, field=["add", str(place)], index=place)
        for place, row in enumerate(rows)
        if row not in known
    ]


def _refuse_full(connection: Connection, rows: Sequence[int]) -> None:
    full = {row[0] for row in connection.rows(_IN_TOO_MANY, ids=rows)} if rows else set()
    message = f"A customer is in at most {MOST_GROUPS_OF_ONE} groups."
    problems = [
        Problem(code="TOO_MANY", message=message, field=["add", str(place)], index=place)
        for place, row in enumerate(rows)
        if row in full
    ]
    if problems:
        raise Rejected(problems)


_groups = customer_groups.c
_members = customer_group_members.c

_CREATE = statement(
    insert(customer_groups).on_conflict_do_nothing(index_elements=["slug"]).returning(_groups.id),
    "slug",
    "name",
    NAME_KEY,
)
_UPDATE = statement(
    customer_groups.update()
    .where(_groups.id == bindparam("b_id"), _groups.version == bindparam("expected"))
    .values(version=_groups.version + 1),
    "name",
    NAME_KEY,
)
_VERSION = statement(select(_groups.version).where(_groups.id == bindparam("id")))
_DELETE = statement(delete(customer_groups).where(_groups.id == bindparam("id")))
# Holds the group, so that it cannot be deleted before its new members are in.
_HOLD = statement(
    customer_groups.update().where(_groups.id == bindparam("b_id")).values(version=_groups.version)
)
_KNOWN = statement(select(customers.c.id).where(any_of(customers.c.id, "ids")))
_ADD = statement(insert(customer_group_members).on_conflict_do_nothing(), "customer_id", "group_id")
_IN_TOO_MANY = statement(
    select(_members.customer_id)
    .where(any_of(_members.customer_id, "ids"))
    .group_by(_members.customer_id)
    .having(func.count() > literal_column(str(MOST_GROUPS_OF_ONE)))
)
_REMOVE = statement(
    delete(customer_group_members).where(
        _members.group_id == bindparam("group_id"), any_of(_members.customer_id, "ids")
    )
)

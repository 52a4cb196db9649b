"""Adds staff members and changes them: name, roles, password, and whether they may come in."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from storeql.access import Actor
from storeql.customers.fields import PersonFields
from storeql.customers.passwords import PASSWORDS, Passwords
from storeql.customers.sessions import end_staff_sessions
from storeql.customers.staff.member_roles import (
    check_may_manage,
    check_owner_left,
    give_roles,
    is_active_owner,
    role_problems,
)
from storeql.customers.staff.roles import hold_roles
from storeql.customers.tables import staff_members
from storeql.customers.versions import too_late
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse


class NewStaffMember(Struct, frozen=True, kw_only=True):
    """A person who will work in the shop; `role_ids` are row numbers."""

    email: str
    password: str
    name: str = ""
    role_ids: Sequence[int] = ()


class StaffUpdate(Struct, frozen=True, kw_only=True):
    """What to change of a member; None leaves it as it is. It takes effect at once.

    A new password, and being made inactive, end all sessions of the member.
    """

    id: int
    expected_version: int
    name: str | None = None
    is_active: bool | None = None
    role_ids: Sequence[int] | None = None
    password: str | None = None


def add_staff_member(
    write: Write, typed: NewStaffMember, *, actor: Actor, now: int, passwords: Passwords = PASSWORDS
) -> int:
    """The new member's id; raises Rejected (EMAIL_TAKEN, GRANT_EXCEEDS_OWN among others)."""
    fields = PersonFields()
    email = fields.email("email", typed.email)
    name = fields.line("name", typed.name, most=200, required=False)
    password = fields.new_password("password", typed.password)
    fields.refuse_problems()
    hashed = passwords.hash(password)

    def save(connection: Connection) -> int:
        hold_roles(connection)
        problems = role_problems(connection, typed.role_ids, actor=actor)
        if problems:
            raise Rejected(problems)
        staff_id: int | None = connection.scalar(
            _ADD, email=email, name=name, password_hash=hashed, created_at=now
        )
        if staff_id is None:
            raise refuse("EMAIL_TAKEN", "A staff member has this e-mail address.", "email")
        give_roles(connection, staff_id, role_ids=typed.role_ids)
        return staff_id

    return write(save)


def update_staff_member(
    write: Write, typed: StaffUpdate, *, actor: Actor, now: int, passwords: Passwords = PASSWORDS
) -> int:
    """The changed member's id; raises Rejected (LAST_OWNER, StaleVersion among others)."""
    fields = PersonFields()
    name = None if typed.name is None else fields.line("name", typed.name, most=200, required=False)
    password = typed.password and fields.new_password("password", typed.password)
    if typed.password == "":
        fields.report("REQUIRED", "This must not be empty.", "password")
    fields.refuse_problems()
    hashed = passwords.hash(password) if password else None
    return write(lambda c: _save(c, typed, name=name, hashed=hashed, actor=actor, now=now))


def _save(
    connection: Connection,
    typed: StaffUpdate,
    *,
    name: str | None,
    hashed: str | None,
    actor: Actor,
    now: int,
) -> int:
    hold_roles(connection)
    check_may_manage(connection, typed.id, actor=actor)
    was_owner = is_active_owner(connection, typed.id)
    changed = connection.run(
        _UPDATE,
        b_id=typed.id,
        expected=typed.expected_version,
        new_name=name,
        new_active=typed.is_active,
        new_hash=hashed,
    )
    if not changed:
        raise too_late(connection.scalar(_VERSION, id=typed.id))
    if typed.role_ids is not None:
        problems = role_problems(connection, typed.role_ids, actor=actor)
        if problems:
            raise Rejected(problems)
        give_roles(connection, typed.id, role_ids=typed.role_ids)
    if was_owner:
        check_owner_left(connection)
    if typed.is_active is False or hashed is not None:
        end_staff_sessions(connection, typed.id, now=now)
    return typed.id


_staff = staff_members.c

_ADD = statement(
    insert(staff_members).on_conflict_do_nothing(index_elements=["email"]).returning(_staff.id),
    "email",
    "name",
    "password_hash",
    "created_at",
)
_UPDATE = statement(
    staff_members.update()
    .where(_staff.id == bindparam("b_id"), _staff.version == bindparam("expected"))
    .values(
        name=func.coalesce(bindparam("new_name", type_=_staff.name.type), _staff.name),
        is_active=func.coalesce(
            bindparam("new_active", type_=_staff.is_active.type), _staff.is_active
        ),
        password_hash=func.coalesce(
            bindparam("new_hash", type_=_staff.password_hash.type), _staff.password_hash
        ),
        version=_staff.version + 1,
    )
)
_VERSION = statement(select(_staff.version).where(_staff.id == bindparam("id")))

"""What an operator does from the command line: the database, staff, tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, select

from storeql.access import STAFF_PERMISSIONS, Actor
from storeql.checks import Finding, check_books
from storeql.customers.staff.app_tokens import NewAppToken, create_app_token
from storeql.customers.staff.members import NewStaffMember
from storeql.customers.staff.members import add_staff_member as add_member
from storeql.customers.staff.roles import ensure_built_in_roles
from storeql.customers.tables import roles
from storeql.db import Database, statement
from storeql.db.migrate import migrate
from storeql.db.revisions import check_schema
from storeql.errors import SettingsError
from storeql.hooks import load_hooks
from storeql.settings import Settings
from storeql.shop import system_clock

DAY_MS = 24 * 60 * 60 * 1000
OPERATOR = Actor("app", name="command line", permissions=STAFF_PERMISSIONS)

ROLE = statement(select(roles.c.id).where(roles.c.slug == bindparam("slug")))


def migrate_shop(settings: Settings) -> str:
    """Brings the database to the newest schema and its built-in roles; the schema's revision."""
    hooks = load_hooks(enabled=settings.plugins_enabled, disabled=settings.plugins_disabled)
    revision = migrate(settings.database_url, *hooks.histories)
    database = Database(settings.database_url, pool_size=1)
    try:
        database.write(ensure_built_in_roles)
    finally:
        database.close()
    return revision


def books(settings: Settings) -> Iterator[Finding]:
    """Every rule of the shop's books with the rows that break it; the schema must be the newest."""
    database = _opened(settings)
    try:
        yield from check_books(database)
    finally:
        database.close()


def add_staff_member(
    settings: Settings, *, email: str, password: str, name: str, role: str
) -> None:
    """Adds a member of staff; raises Rejected or SettingsError."""
    database = _opened(settings)
    try:
        database.write(ensure_built_in_roles)
        with database.reading() as connection:
            role_id = connection.scalar(ROLE, slug=role)
        if role_id is None:
            raise SettingsError(f"There is no role {role!r}.")
        typed = NewStaffMember(email=email, name=name, password=password, role_ids=(role_id,))
        add_member(database.write, typed, actor=OPERATOR, now=system_clock())
    finally:
        database.close()


def make_app_token(
    settings: Settings, *, name: str, permissions: Sequence[str], days: int | None
) -> str:
    """A new app token, shown this once; raises Rejected."""
    database, now = _opened(settings), system_clock()
    typed = NewAppToken(
        name=name,
        permissions=tuple(permissions),
        expires_at=None if days is None else now + days * DAY_MS,
    )
    try:
        made = database.write(
            lambda connection: create_app_token(
                connection, typed, actor=OPERATOR, secret=settings.secret, now=now
            )
        )
    finally:
        database.close()
    return made.token


def _opened(settings: Settings) -> Database:
    database = Database(settings.database_url, pool_size=1)
    check_schema(database)
    return database

"""Changes the password of a signed-in person and ends all their other sessions."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Table, bindparam, select

from storeql.access import Actor
from storeql.customers.attempts import Limit, count_attempt, forget_attempts
from storeql.customers.fields import PersonFields
from storeql.customers.passwords import PASSWORDS, Passwords
from storeql.customers.problems import TooManyAttempts
from storeql.customers.sessions import end_customer_sessions, end_staff_sessions
from storeql.customers.sign_in_limits import account_subject
from storeql.customers.tables import customers, staff_members
from storeql.customers.write import Write
from storeql.db import Connection, Statement, statement
from storeql.errors import NotSignedIn, Rejected, refuse
from storeql.settings import Settings


class PasswordChange(Struct, frozen=True):
    """The password held now and the one wanted."""

    current: str
    new: str


def change_password(
    write: Write,
    typed: PasswordChange,
    *,
    actor: Actor,
    settings: Settings,
    now: int,
    passwords: Passwords = PASSWORDS,
) -> None:
    """The customer or staff member signs in with the new password from now on.

    Wrong current passwords count as failed sign-ins. Raises Rejected (INVALID_CREDENTIALS,
    TOO_MANY_ATTEMPTS, PASSWORD_LENGTH) and changes nothing then.
    """
    if actor.id is None or actor.kind not in _TABLES:
        raise NotSignedIn("Sign in to change your password.")
    fields = PersonFields()
    new = fields.new_password("newPassword", typed.new)
    fields.refuse_problems()
    kept = _admitted_hash(write, actor, settings, now)
    if not passwords.verify(kept, typed.current):
        raise _mistaken()
    hashed = passwords.hash(new)
    write(lambda connection: _save(connection, actor, kept=kept, hashed=hashed, now=now))


def _admitted_hash(write: Write, actor: Actor, settings: Settings, now: int) -> str | None:
    def admit(connection: Connection) -> TooManyAttempts | str | None:
        row = connection.one(_ACCOUNT[actor.kind], id=actor.id)
        if row is None:
            return None
        limit = Limit(account_subject(actor.kind, row[0]), settings.sign_in_attempts)
        kept: str | None = row[1]
        return count_attempt(connection, [limit], now=now) or kept

    admitted = write(admit)
    if isinstance(admitted, TooManyAttempts):
        raise Rejected([admitted])
    return admitted


def _save(connection: Connection, actor: Actor, *, kept: str | None, hashed: str, now: int) -> None:
    # The condition on the old hash lets only one of two simultaneous changes through.
    email = connection.scalar(_CHANGE[actor.kind], b_id=actor.id, kept=kept, hashed=hashed)
    if email is None:
        raise _mistaken()
    assert actor.id is not None
    forget_attempts(connection, account_subject(actor.kind, email))
    end = end_customer_sessions if actor.kind == "customer" else end_staff_sessions
    end(connection, actor.id, but=actor.session_id, now=now)


def _mistaken() -> Rejected:
    return refuse("INVALID_CREDENTIALS", "This is not your password.", "currentPassword")


def _account_statement(table: Table) -> Statement:
    return statement(
        select(table.c.email, table.c.password_hash).where(table.c.id == bindparam("id"))
    )


def _change_statement(table: Table) -> Statement:
    return statement(
        table.update()
        .where(table.c.id == bindparam("b_id"), table.c.password_hash == bindparam("kept"))
        .values(password_hash=bindparam("hashed"))
        .returning(table.c.email)
    )


_TABLES: dict[str, Table] = {"customer": customers, "staff": staff_members}
_ACCOUNT = {kind: _account_statement(table) for kind, table in _TABLES.items()}
_CHANGE = {kind: _change_statement(table) for kind, table in _TABLES.items()}

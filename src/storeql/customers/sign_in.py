"""Signs a customer or a staff member in with an e-mail address and a password.

Two short transactions with the slow hash between them. Unknown, inactive and mistaken all get the
same answer after the same time.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct
from sqlalchemy import Table, bindparam, select

from storeql.customers.attempts import count_attempt, forget_attempts, forgive_attempt
from storeql.customers.contact import normal_email
from storeql.customers.passwords import PASSWORDS, Passwords
from storeql.customers.problems import TooManyAttempts
from storeql.customers.sessions import Client, NewSession, begin_session
from storeql.customers.sign_in_limits import account_subject, network_subject, sign_in_limits
from storeql.customers.tables import customers, staff_members
from storeql.customers.write import Write
from storeql.db import Connection, Statement, statement
from storeql.errors import Rejected, refuse
from storeql.settings import Settings

Kind: TypeAlias = Literal["customer", "staff"]


class Credentials(Struct, frozen=True):
    """What a person types to sign in."""

    email: str
    password: str


class SignedIn(Struct, frozen=True):
    """The account signed in to and its new session."""

    account_id: int
    session: NewSession


def sign_in(
    write: Write,
    typed: Credentials,
    *,
    kind: Kind,
    settings: Settings,
    client: Client,
    now: int,
    passwords: Passwords = PASSWORDS,
) -> SignedIn:
    """A new session; raises Rejected with INVALID_CREDENTIALS or TOO_MANY_ATTEMPTS."""
    attempt = _Attempt(kind, normal_email(typed.email) or "", client, settings, now)
    account = write(lambda connection: _admit(connection, attempt))
    if isinstance(account, TooManyAttempts):
        raise Rejected([account])
    if not passwords.verify(account.password_hash, typed.password) or not account.is_active:
        raise _mistaken()
    assert account.password_hash is not None
    fresh = account.password_hash
    if passwords.is_outdated(fresh):
        fresh = passwords.hash(typed.password)
    return write(lambda connection: _begin(connection, attempt, account=account, fresh=fresh))


class _Attempt(Struct, frozen=True):
    kind: Kind
    email: str
    client: Client
    settings: Settings
    now: int


class _Account(Struct, frozen=True):
    id: int = 0
    password_hash: str | None = None
    is_active: bool = False


def _admit(connection: Connection, attempt: _Attempt) -> _Account | TooManyAttempts:
    most = attempt.settings.sign_in_attempts
    limits = sign_in_limits(attempt.kind, attempt.email, client=attempt.client, most=most)
    exceeded = count_attempt(connection, limits, now=attempt.now)
    if exceeded is not None:
        return exceeded
    row = connection.one(_ACCOUNT[attempt.kind], email=attempt.email)
    return _Account() if row is None else _Account(row[0], row[1], bool(row[2]))


def _begin(connection: Connection, attempt: _Attempt, *, account: _Account, fresh: str) -> SignedIn:
    # The UPDATE holds the account's row, so that a password changed meanwhile refuses this
    # sign-in, and one changed afterwards ends this session too.
    hold, kept = _HOLD[attempt.kind], account.password_hash
    if not connection.run(hold, b_id=account.id, kept=kept, fresh=fresh):
        raise _mistaken()
    forget_attempts(connection, account_subject(attempt.kind, attempt.email))
    forgive_attempt(connection, [network_subject(attempt.client)])
    session = begin_session(
        connection,
        customer_id=account.id if attempt.kind == "customer" else None,
        staff_id=account.id if attempt.kind == "staff" else None,
        client=attempt.client,
        secret=attempt.settings.secret,
        days=attempt.settings.session_days,
        now=attempt.now,
    )
    return SignedIn(account.id, session)


def _mistaken() -> Rejected:
    return refuse("INVALID_CREDENTIALS", "The e-mail address or the password is not right.")


def _account_statement(table: Table) -> Statement:
    return statement(
        select(table.c.id, table.c.password_hash, table.c.is_active).where(
            table.c.email == bindparam("email")
        )
    )


def _hold_statement(table: Table) -> Statement:
    return statement(
        table.update()
        .where(
            table.c.id == bindparam("b_id"),
            table.c.is_active,
            table.c.password_hash == bindparam("kept"),
        )
        .values(password_hash=bindparam("fresh"))
    )


_TABLES: dict[Kind, Table] = {"customer": customers, "staff": staff_members}
_ACCOUNT = {kind: _account_statement(table) for kind, table in _TABLES.items()}
_HOLD = {kind: _hold_statement(table) for kind, table in _TABLES.items()}

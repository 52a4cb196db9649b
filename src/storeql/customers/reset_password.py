"""Gives a customer who forgot the password a new one, by a secret sent to their address."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, insert, select

from storeql.customers.attempts import Limit, count_attempt, forget_attempts
from storeql.customers.contact import normal_email
from storeql.customers.fields import PersonFields
from storeql.customers.messages import write_message
from storeql.customers.passwords import PASSWORDS, Passwords
from storeql.customers.reset_message import reset_message
from storeql.customers.sessions import Client, end_customer_sessions
from storeql.customers.sign_in_limits import NETWORK_FACTOR, account_subject, network_subject
from storeql.customers.tables import customers, password_resets
from storeql.customers.tokens import RESET, is_token, new_token, token_hash
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.settings import Settings

VALID_MS = 60 * 60 * 1000


class PasswordReset(Struct, frozen=True):
    """The secret that was sent and the password wanted."""

    token: str
    new: str


def request_password_reset(
    write: Write, email: str, *, settings: Settings, client: Client, now: int
) -> None:
    """Writes a message with a secret valid for one hour, if the address is a customer's.

    Known or not, the caller sees the same. Raises Rejected with TOO_MANY_ATTEMPTS when asked too
    often, for one address or from one network.
    """
    known = normal_email(email) or ""
    limits = [
        Limit(f"reset:{known}", settings.sign_in_attempts),
        Limit(network_subject(client, "reset"), settings.sign_in_attempts * NETWORK_FACTOR),
    ]

    # One transaction for both: the second, for known addresses only, would show in the time.
    def work(connection: Connection) -> Rejected | None:
        exceeded = count_attempt(connection, limits, now=now)
        if exceeded is not None:
            return Rejected([exceeded])
        _write_reset(connection, known, settings=settings, now=now)
        return None

    refusal = write(work)
    if refusal is not None:
        raise refusal


def reset_password(
    write: Write,
    typed: PasswordReset,
    *,
    settings: Settings,
    now: int,
    passwords: Passwords = PASSWORDS,
) -> int:
    """The id of the customer, who signs in with the new password and has no session left.

    Raises Rejected with INVALID_TOKEN for a secret that is unknown, used or older than an hour.
    """
    fields = PersonFields()
    new = fields.new_password("newPassword", typed.new)
    fields.refuse_problems()
    if not is_token(typed.token, RESET):
        raise _invalid()
    hashed_token = token_hash(typed.token, settings.secret)
    if write(lambda c: c.scalar(_VALID, token_hash=hashed_token, now=now)) is None:
        raise _invalid()
    hashed = passwords.hash(new)
    return write(lambda c: _save(c, hashed_token, hashed=hashed, now=now))


def _write_reset(connection: Connection, email: str, *, settings: Settings, now: int) -> None:
    row = connection.one(_CUSTOMER, email=email)
    if row is None:
        return
    token = new_token(RESET)
    connection.run(
        _SAVE_RESET,
        customer_id=row[0],
        token_hash=token_hash(token, settings.secret),
        created_at=now,
        expires_at=now + VALID_MS,
    )
    subject, body = reset_message(token, settings.public_url)
    write_message(connection, recipient=row[1], subject=subject, body=body, now=now)


def _save(connection: Connection, hashed_token: str, *, hashed: str, now: int) -> int:
    customer_id: int | None = connection.scalar(_USE, b_hash=hashed_token, now=now)
    if customer_id is None:
        raise _invalid()
    email = connection.scalar(_SET, b_id=customer_id, hashed=hashed)
    if email is None:
        raise _invalid()
    connection.run(_USE_UP, b_customer_id=customer_id, now=now)
    forget_attempts(connection, account_subject("customer", email))
    end_customer_sessions(connection, customer_id, now=now)
    return customer_id


def _invalid() -> Rejected:
    message = "The link is not valid any more: ask for a new one."
    return refuse("INVALID_TOKEN", message, "token")


_now: BindParameter[int] = bindparam("now")
_is_open = password_resets.c.used_at.is_(None)

_CUSTOMER = statement(
    select(customers.c.id, customers.c.email).where(
        customers.c.email == bindparam("email"), customers.c.is_active
    )
)
_SAVE_RESET = statement(
    insert(password_resets), "customer_id", "token_hash", "created_at", "expires_at"
)
_VALID = statement(
    select(password_resets.c.id).where(
        password_resets.c.token_hash == bindparam("token_hash"),
        _is_open,
        password_resets.c.expires_at > _now,
    )
)
_USE = statement(
    password_resets.update()
    .where(
        password_resets.c.token_hash == bindparam("b_hash"),
        _is_open,
        password_resets.c.expires_at > _now,
    )
    .values(used_at=_now)
    .returning(password_resets.c.customer_id)
)
_SET = statement(
    customers.update()
    .where(customers.c.id == bindparam("b_id"), customers.c.is_active)
    .values(password_hash=bindparam("hashed"))
    .returning(customers.c.email)
)
# Older secrets of the same customer open nothing any more.
_USE_UP = statement(
    password_resets.update()
    .where(password_resets.c.customer_id == bindparam("b_customer_id"), _is_open)
    .values(used_at=_now)
)

"""Registers a customer and signs them in, the slow hash outside of any transaction."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from storeql.customers.attempts import Limit, count_attempt, forgive_attempt
from storeql.customers.event_kinds import CUSTOMER_CREATED
from storeql.customers.fields import PersonFields
from storeql.customers.passwords import PASSWORDS, Passwords
from storeql.customers.sessions import Client, begin_session
from storeql.customers.sign_in import SignedIn
from storeql.customers.sign_in_limits import NETWORK_FACTOR, network_subject
from storeql.customers.tables import customers
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.events import tell
from storeql.settings import Settings


class NewCustomer(Struct, frozen=True, kw_only=True):
    """What a customer gives to register; `name` and `phone` may be empty."""

    email: str
    password: str
    name: str = ""
    phone: str = ""


def register(
    write: Write,
    typed: NewCustomer,
    *,
    settings: Settings,
    client: Client,
    now: int,
    passwords: Passwords = PASSWORDS,
) -> SignedIn:
    """The new customer's id and first session; raises Rejected with all problems at once.

    Only registrations that fail (EMAIL_TAKEN) use up the attempts of the client's network.
    """
    checked = checked_customer(typed)
    subject = network_subject(client, "register")
    limit = Limit(subject, settings.sign_in_attempts * NETWORK_FACTOR)
    _admit(write, checked.email, limit=limit, now=now)
    hashed = passwords.hash(checked.password)

    def save(connection: Connection) -> SignedIn:
        customer_id = save_customer(connection, checked, password_hash=hashed, now=now)
        forgive_attempt(connection, [subject])
        session = begin_session(
            connection,
            customer_id=customer_id,
            client=client,
            secret=settings.secret,
            days=settings.session_days,
            now=now,
        )
        return SignedIn(customer_id, session)

    return write(save)


def checked_customer(typed: NewCustomer) -> NewCustomer:
    """The customer as the shop keeps it; raises Rejected with all problems at once."""
    fields = PersonFields()
    checked = NewCustomer(
        email=fields.email("email", typed.email),
        password=fields.new_password("password", typed.password),
        name=fields.line("name", typed.name, most=200, required=False),
        phone=fields.phone("phone", typed.phone),
    )
    fields.refuse_problems()
    return checked


def save_customer(
    connection: Connection, checked: NewCustomer, *, password_hash: str | None, now: int
) -> int:
    """The id of the new row; raises Rejected with EMAIL_TAKEN.

    `password_hash` may be None for a customer who has to reset the password first.
    """
    customer_id: int | None = connection.scalar(
        _SAVE,
        email=checked.email,
        name=checked.name,
        phone=checked.phone,
        password_hash=password_hash,
        search_text=search_text(checked.email, checked.name, checked.phone),
        created_at=now,
        updated_at=now,
    )
    if customer_id is None:
        raise _taken()
    tell(connection, CUSTOMER_CREATED, customer_id, now=now)
    return customer_id


def search_text(email: str, name: str, phone: str) -> str:
    """What the staff's search looks through."""
    return f"{email} {name} {phone}".casefold()[:600]


def _admit(write: Write, email: str, *, limit: Limit, now: int) -> None:
    """Refuses a known address before the slow hash; the INSERT settles what comes in between."""

    def look(connection: Connection) -> Rejected | None:
        exceeded = count_attempt(connection, [limit], now=now)
        if exceeded is not None:
            return Rejected([exceeded])
        return None if connection.scalar(_KNOWN, email=email) is None else _taken()

    refusal = write(look)
    if refusal is not None:
        raise refusal


def _taken() -> Rejected:
    return refuse("EMAIL_TAKEN", "There is an account with this e-mail address.", "email")


_KNOWN = statement(select(customers.c.id).where(customers.c.email == bindparam("email")))
_SAVE = statement(
    insert(customers).on_conflict_do_nothing(index_elements=["email"]).returning(customers.c.id),
    "email",
    "name",
    "phone",
    "password_hash",
    "search_text",
    "created_at",
    "updated_at",
)

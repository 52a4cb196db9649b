"""People of a small shop, made through the shop's own writes, with cheap password hashes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import select

from storeql.access import Actor
from storeql.customers.authenticate import CUSTOMER_PERMISSIONS, authenticate
from storeql.customers.passwords import Passwords
from storeql.customers.register import NewCustomer, register
from storeql.customers.sessions import Client
from storeql.customers.sign_in import Credentials, Kind, SignedIn, sign_in
from storeql.customers.staff.grants import OPERATOR
from storeql.customers.staff.members import NewStaffMember, add_staff_member
from storeql.customers.staff.roles import ensure_built_in_roles
from storeql.customers.tables import roles
from storeql.db import Database, statement
from storeql.settings import Settings

Result = TypeVar("Result")

NOW = 1_764_000_000_000
MINUTE = 60_000
SETTINGS = Settings(secret="a secret of the tests, long enough", sign_in_attempts=10)
CHEAP = Passwords(time_cost=1, memory_kib=8)
PASSWORD = "correct horse"
HOME = Client("203.0.113.7", "Firefox")

ROLE_IDS = statement(select(roles.c.slug, roles.c.id))


def registered(
    database: Database, email: str = "li@example.cn", now: int = NOW, name: str = "Li Lei"
) -> SignedIn:
    """A customer with their first session."""
    return register(
        database.write,
        NewCustomer(email=email, password=PASSWORD, name=name, phone="138 0000 1234"),
        settings=SETTINGS,
        client=HOME,
        now=now,
        passwords=CHEAP,
    )


def signing_in(
    database: Database,
    email: str = "li@example.cn",
    password: str = PASSWORD,
    *,
    kind: Kind = "customer",
    now: int = NOW,
    client: Client = HOME,
    passwords: Passwords = CHEAP,
) -> SignedIn:
    """A new session; raises as the shop does."""
    return sign_in(
        database.write,
        Credentials(email, password),
        kind=kind,
        settings=SETTINGS,
        client=client,
        now=now,
        passwords=passwords,
    )


def customer_actor(person: SignedIn) -> Actor:
    """The customer as an actor in their first session."""
    return Actor(
        "customer", person.account_id, "", CUSTOMER_PERMISSIONS, session_id=person.session.id
    )


def role_ids(database: Database) -> dict[str, int]:
    """Row numbers of the roles by slug, the built-in ones added first."""
    database.write(ensure_built_in_roles)
    with database.reading() as connection:
        return dict(connection.rows(ROLE_IDS))


def hired(database: Database, email: str, *slugs: str, actor: Actor = OPERATOR) -> int:
    """A staff member with these roles."""
    known = role_ids(database)
    return add_staff_member(
        database.write,
        NewStaffMember(email=email, password=PASSWORD, role_ids=[known[slug] for slug in slugs]),
        actor=actor,
        now=NOW,
        passwords=CHEAP,
    )


def staff_actor(database: Database, email: str) -> Actor:
    """The staff member signed in, as a request would see them."""
    return actor_of(database, signing_in(database, email, kind="staff").session.token)


def actor_of(database: Database, token: str, now: int = NOW) -> Actor:
    """Who a token stands for now; raises NotSignedIn."""
    with database.reading() as connection:
        return authenticate(connection, token, secret=SETTINGS.secret, now=now)


def at_once(work: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """Runs all of it at the same time; an exception stands where one was raised."""

    def outcome(one: Callable[[], Result]) -> Result | Exception:
        try:
            return one()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(outcome, work))

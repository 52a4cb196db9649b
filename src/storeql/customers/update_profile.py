"""Lets customers change what the shop calls them and where it reaches them."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.customers.event_kinds import CUSTOMER_UPDATED
from storeql.customers.fields import PersonFields
from storeql.customers.register import search_text
from storeql.customers.tables import customers
from storeql.customers.versions import too_late
from storeql.db import Connection, statement
from storeql.events import tell


class ProfileUpdate(Struct, frozen=True, kw_only=True):
    """What to change; None leaves a field as it is, an empty text clears it."""

    expected_version: int
    name: str | None = None
    phone: str | None = None


def update_profile(
    connection: Connection, typed: ProfileUpdate, *, customer_id: int, now: int
) -> None:
    """Changes the customer's profile; raises Rejected (StaleVersion among others)."""
    fields = PersonFields()
    name = None if typed.name is None else fields.line("name", typed.name, most=200, required=False)
    phone = None if typed.phone is None else fields.phone("phone", typed.phone)
    fields.refuse_problems()
    changed = connection.one(
        _UPDATE,
        b_id=customer_id,
        expected=typed.expected_version,
        new_name=name,
        new_phone=phone,
        now=now,
    )
    if changed is None:
        raise too_late(connection.scalar(_VERSION, id=customer_id))
    connection.run(_INDEX, b_id=customer_id, text=search_text(*changed))
    tell(connection, CUSTOMER_UPDATED, customer_id, now=now)


_UPDATE = statement(
    customers.update()
    .where(
        customers.c.id == bindparam("b_id"),
        customers.c.version == bindparam("expected"),
    )
    .values(
        name=func.coalesce(bindparam("new_name", type_=customers.c.name.type), customers.c.name),
        phone=func.coalesce(
            bindparam("new_phone", type_=customers.c.phone.type), customers.c.phone
        ),
        updated_at=bindparam("now"),
        version=customers.c.version + 1,
    )
    .returning(customers.c.email, customers.c.name, customers.c.phone)
)
_INDEX = statement(
    customers.update()
    .where(customers.c.id == bindparam("b_id"))
    .values(search_text=bindparam("text"))
)
_VERSION = statement(select(customers.c.version).where(customers.c.id == bindparam("id")))

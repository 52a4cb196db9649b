"""Sets what the shop decides about a customer: the member tier, and whether they may sign in."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import bindparam, case, func, select

from storeql.customers.event_kinds import CUSTOMER_UPDATED
from storeql.customers.fields import PersonFields
from storeql.customers.sessions import end_customer_sessions
from storeql.customers.tables import customers
from storeql.customers.versions import too_late
from storeql.db import Connection, statement
from storeql.events import tell


class StandingUpdate(Struct, frozen=True, kw_only=True):
    """What to change; UNSET and None leave a field as it is, except that tier None clears it."""

    customer_id: int
    expected_version: int
    tier: str | UnsetType | None = UNSET
    is_active: bool | None = None


def set_standing(connection: Connection, typed: StandingUpdate, *, now: int) -> None:
    """Changes a customer's standing; a customer made inactive is signed out everywhere."""
    changed = connection.run(
        _UPDATE,
        b_id=typed.customer_id,
        expected=typed.expected_version,
        sets_tier=typed.tier is not UNSET,
        new_tier=_checked_tier(typed.tier),
        new_active=typed.is_active,
        now=now,
    )
    if not changed:
        raise too_late(connection.scalar(_VERSION, id=typed.customer_id))
    if typed.is_active is False:
        end_customer_sessions(connection, typed.customer_id, now=now)
    tell(connection, CUSTOMER_UPDATED, typed.customer_id, now=now)


def _checked_tier(typed: str | UnsetType | None) -> str | None:
    if not isinstance(typed, str):
        return None
    fields = PersonFields()
    tier = fields.line("tier", typed, most=64, required=False)
    fields.refuse_problems()
    return tier or None


_UPDATE = statement(
    customers.update()
    .where(
        customers.c.id == bindparam("b_id"),
        customers.c.version == bindparam("expected"),
    )
    .values(
        tier=case(
            (
                bindparam("sets_tier", type_=customers.c.is_active.type),
                bindparam("new_tier", type_=customers.c.tier.type),
            ),
            else_=customers.c.tier,
        ),
        is_active=func.coalesce(
            bindparam("new_active", type_=customers.c.is_active.type), customers.c.is_active
        ),
        updated_at=bindparam("now"),
        version=customers.c.version + 1,
    )
)
_VERSION = statement(select(customers.c.version).where(customers.c.id == bindparam("id")))

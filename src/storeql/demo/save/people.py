"""Writes who buys and who works here: customers with addresses and groups, and the staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from storeql.customers.address import encode_address
from storeql.customers.register import search_text
from storeql.customers.staff.roles import ensure_built_in_roles
from storeql.customers.tables import (
    customer_addresses,
    customer_group_members,
    customer_groups,
    customers,
    roles,
    staff_members,
    staff_roles,
)
from storeql.db import statement
from storeql.demo.accounts import STAFF
from storeql.demo.content import Group
from storeql.demo.plan.customers import PlannedCustomer
from storeql.demo.save.bulk import Bulk

_ROLES = statement(select(roles.c.slug, roles.c.id))


def save_staff(bulk: Bulk, *, password_hash: str, now: int) -> dict[str, int]:
    """Adds the demo's staff, each with one of the roles every shop has; their ids by role."""
    ensure_built_in_roles(bulk.connection)
    known: dict[str, int] = dict(bulk.connection.rows(_ROLES))
    ids = bulk.add(
        staff_members,
        [
            {
                "email": account.email,
                "name": account.name,
                "password_hash": password_hash,
                "created_at": now,
            }
            for account in STAFF
        ],
    )
    bulk.insert(
        staff_roles,
        [
            {"staff_id": staff_id, "role_id": known[account.role]}
            for staff_id, account in zip(ids, STAFF, strict=True)
        ],
    )
    return {account.role: staff_id for staff_id, account in zip(ids, STAFF, strict=True)}


def save_groups(bulk: Bulk, specs: Sequence[Group]) -> dict[str, int]:
    """Adds the groups; their ids by slug."""
    return bulk.add_named(customer_groups, [{"slug": one.slug, "name": one.name} for one in specs])


def save_customers(
    bulk: Bulk,
    planned: Sequence[PlannedCustomer],
    *,
    groups: dict[str, int],
    password_hash: str,
) -> list[int]:
    """Adds the customers with their addresses; their ids in order."""
    ids = bulk.add(customers, [_customer_row(one, password_hash) for one in planned])
    found = list(zip(ids, planned, strict=True))
    bulk.add(
        customer_addresses,
        [
            {"customer_id": row_id, "address": encode_address(address), "is_default": place == 0}
            for row_id, one in found
            for place, address in enumerate(one.addresses)
        ],
    )
    bulk.insert(
        customer_group_members,
        [
            {"customer_id": row_id, "group_id": groups[slug]}
            for row_id, one in found
            for slug in one.groups
        ],
    )
    return ids


def _customer_row(one: PlannedCustomer, password_hash: str) -> dict[str, Any]:
    return {
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "tier": one.tier,
        "password_hash": password_hash,
        "search_text": search_text(one.email, one.name, one.phone),
        "created_at": one.created_at,
        "updated_at": one.created_at,
    }

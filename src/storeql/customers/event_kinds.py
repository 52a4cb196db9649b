"""The kinds of events about customers."""

from __future__ import annotations

from storeql.access import Permission
from storeql.events import EventKind


def _about_customer(name: str, description: str) -> EventKind:
    return EventKind(
        name=name,
        subject="Customer",
        permission=Permission.MANAGE_CUSTOMERS,
        description=description,
    )


CUSTOMER_CREATED = _about_customer("CUSTOMER_CREATED", "A customer registered.")
CUSTOMER_UPDATED = _about_customer(
    "CUSTOMER_UPDATED",
    "A customer's profile, addresses, groups or standing changed.",
)

CUSTOMER_EVENTS = (CUSTOMER_CREATED, CUSTOMER_UPDATED)

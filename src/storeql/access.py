"""Who may do what: permissions, the actor of a request, and the one `require`.

A field declares its permissions once with the schema directive made from these names; the
executor enforces that declaration. `require` is for writes reached by other doors (commands).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from storeql.errors import Forbidden, NotSignedIn


class Permission(StrEnum):
    """What fields ask for; CUSTOMER and STAFF come with signing in, the rest is granted."""

    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    MANAGE_SETTINGS = "MANAGE_SETTINGS"
    MANAGE_PRODUCTS = "MANAGE_PRODUCTS"
    SELL_BELOW_FLOOR = "SELL_BELOW_FLOOR"
    MANAGE_STOCK = "MANAGE_STOCK"
    MANAGE_ORDERS = "MANAGE_ORDERS"
    FULFIL_ORDERS = "FULFIL_ORDERS"
    MANAGE_CUSTOMERS = "MANAGE_CUSTOMERS"
    MANAGE_PROMOTIONS = "MANAGE_PROMOTIONS"
    MANAGE_CONTENT = "MANAGE_CONTENT"
    MANAGE_STAFF = "MANAGE_STAFF"
    MANAGE_APPS = "MANAGE_APPS"


SIGNING_IN = frozenset({Permission.CUSTOMER, Permission.STAFF})

# What a role or an app token can be granted.
STAFF_PERMISSIONS = frozenset(str(p) for p in Permission if p not in SIGNING_IN)

BUILT_IN_ROLES: dict[str, frozenset[str]] = {
    "owner": STAFF_PERMISSIONS,
    "catalogue": frozenset({Permission.MANAGE_PRODUCTS.value, Permission.MANAGE_STOCK.value}),
    "orders": frozenset({Permission.MANAGE_ORDERS.value, Permission.MANAGE_STOCK.value}),
    "warehouse": frozenset({Permission.FULFIL_ORDERS.value}),
    "marketing": frozenset({Permission.MANAGE_PROMOTIONS.value, Permission.MANAGE_CONTENT.value}),
    "service": frozenset({Permission.MANAGE_CUSTOMERS.value}),
}


class Actor(Struct, frozen=True):
    """Who makes a request; `id` is None for a guest, `session_id` only for session tokens.

    `group_ids` are the groups of a customer, whose price lists they see.
    """

    kind: Literal["guest", "customer", "staff", "app"]
    id: int | None = None
    name: str = ""
    permissions: frozenset[str] = frozenset()
    session_id: int | None = None
    group_ids: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The actor's name in idempotency keys, events and logs: `customer:12`, `guest`."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"

    @property
    def customer_id(self) -> int | None:
        """The customer's row number, None for everybody else."""
        return self.id if self.kind == "customer" else None


GUEST = Actor("guest")


def require(actor: Actor, *permissions: Permission) -> None:
    """Raises NotSignedIn or Forbidden unless the actor has one of the permissions."""
    if any(permission.value in actor.permissions for permission in permissions):
        return
    if actor.kind == "guest":
        raise NotSignedIn("Sign in to do this.")
    raise Forbidden("Your role does not allow this.")

"""What reads about customers return: flat frozen structs with row numbers.

A column that was not asked for is None; a relation that was not asked for is an empty tuple.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.customers.address import Address


class CustomerAddress(Struct, frozen=True):
    """An entry of a customer's address book."""

    id: int
    customer_id: int
    address: Address
    is_default: bool
    version: int


class CustomerGroup(Struct, frozen=True):
    """A set of customers that promotions and prices can be meant for."""

    id: int
    slug: str
    name: str
    version: int
    member_count: int | None = None


class Session(Struct, frozen=True):
    """A session that still holds; exactly one of `customer_id` and `staff_id` is set."""

    id: int
    customer_id: int | None
    staff_id: int | None
    user_agent: str
    client_ip: str
    created_at: int
    last_seen_at: int
    expires_at: int
    is_current: bool


class Customer(Struct, frozen=True):
    """A customer; instants are milliseconds since 1970 UTC."""

    id: int
    email: str | None
    name: str | None
    phone: str | None
    tier: str | None
    is_active: bool | None
    order_count: int | None
    created_at: int | None
    updated_at: int | None
    version: int | None
    addresses: Sequence[CustomerAddress] = ()
    groups: Sequence[CustomerGroup] = ()
    sessions: Sequence[Session] = ()

"""What reads about staff return: flat frozen structs with row numbers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.customers.records import Session


class Role(Struct, frozen=True):
    """A named set of permissions, sorted by name; `is_built_in` is the one nobody can change."""

    id: int
    slug: str
    name: str
    permissions: Sequence[str]
    version: int
    is_built_in: bool


class StaffMember(Struct, frozen=True):
    """A person who works in the shop; `permissions` are those of all their roles together."""

    id: int
    email: str
    name: str
    is_active: bool
    created_at: int
    version: int
    roles: Sequence[Role] = ()
    permissions: Sequence[str] = ()
    sessions: Sequence[Session] = ()


class AppToken(Struct, frozen=True):
    """An app's token without its secret; `created_by` is an actor's key such as staff:3."""

    id: int
    name: str
    permissions: Sequence[str]
    created_by: str
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None

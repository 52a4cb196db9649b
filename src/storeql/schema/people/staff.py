"""The shop's staff, their roles, and the tokens of apps, as staff see them."""

from collections.abc import Sequence

import strawberry

from storeql.access import Permission
from storeql.customers.staff import records
from storeql.schema.fields import answers, attribute
from storeql.schema.ids import Node
from storeql.schema.people.customers import Session
from storeql.schema.scalars import DateTime


@strawberry.type(description="A named set of permissions that staff members have.")
@answers(records.Role)
class Role(Node):
    """A role."""

    slug: str = attribute("What commands call the role; it never changes.")
    name: str = attribute("The name staff see.")
    permissions: Sequence[Permission] = attribute("What it grants, by name.")
    is_built_in: bool = attribute("Whether it is the owner's, which nobody can change.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A person who works in the shop.")
@answers(records.StaffMember)
class StaffMember(Node):
    """A staff member."""

    email: str = attribute("The e-mail address they sign in with.")
    name: str = attribute("Their name; may be empty.")
    is_active: bool = attribute("Whether they may sign in.")
    created_at: DateTime = attribute("When they were added.")
    roles: Sequence[Role] = attribute("Their roles, in the order the roles were made.")
    permissions: Sequence[Permission] = attribute("What all their roles grant, by name.")
    sessions: Sequence[Session] | None = attribute(
        "Where they are signed in now, last seen first; the last 50 at most.",
        Permission.MANAGE_STAFF,
    )
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="The token of an app; the secret itself was shown once.")
@answers(records.AppToken)
class AppToken(Node):
    """An app's token."""

    name: str = attribute("What the app is called.")
    permissions: Sequence[Permission] = attribute("What the app may do, by name.")
    created_by: str = attribute("Who made it, such as staff:3.")
    created_at: DateTime = attribute("When it was made.")
    expires_at: DateTime | None = attribute("When it ends by itself; null for never.")
    last_used_at: DateTime | None = attribute("When it was last used, to the minute.")
    revoked_at: DateTime | None = attribute("When it was revoked; null while it holds.")

"""The access a field declares, once: shown in the SDL as @requires and enforced by the server."""

import strawberry
from strawberry.schema_directive import Location

from storeql.access import SIGNING_IN, Permission

# For what each entry decides by itself who may see it: whoever was granted anything may ask.
ANY_GRANT = tuple(permission for permission in Permission if permission not in SIGNING_IN)

strawberry.enum(
    Permission, name="Permission", description="What a role or an app token can be granted."
)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requires",
    description="The field answers null with an error unless one of these is granted.",
)
class Requires:
    """Declares the permissions of a field; any one of them lets it through."""

    permissions: list[Permission]

    @property
    def permission_names(self) -> tuple[str, ...]:
        """The names as an actor's `granted` holds them."""
        return tuple(permission.value for permission in self.permissions)


def requires(*permissions: Permission) -> Requires:
    """The directive for a field: `@strawberry.field(directives=[requires(...)])`."""
    return Requires(permissions=list(permissions))

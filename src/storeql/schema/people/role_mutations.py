"""Mutations of roles, of apps' tokens, and of sessions that have to end."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers.revoke_session import revoke_session
from storeql.customers.staff import resolvers
from storeql.customers.staff.app_tokens import NewAppToken, create_app_token, revoke_app_token
from storeql.customers.staff.roles import (
    NewRole,
    RoleUpdate,
    create_role,
    delete_role,
    update_role,
)
from storeql.db import Connection, Selection
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.people.context import settings_of
from storeql.schema.people.staff import AppToken, Role
from storeql.schema.scalars import DateTime

Info_: TypeAlias = Info[Any, Any]
CUSTOMER, STAFF = Permission.CUSTOMER, Permission.STAFF
MANAGE_STAFF, MANAGE_APPS = Permission.MANAGE_STAFF, Permission.MANAGE_APPS


@strawberry.input(description="A new role.")
class RoleCreateInput:
    """A role to add."""

    slug: str = strawberry.field(
        description="What commands call it: small letters, digits and hyphens; it never changes."
    )
    name: str = strawberry.field(description="The name staff see.")
    permissions: list[Permission] = strawberry.field(
        description="What it grants; nothing beyond your own permissions."
    )


@strawberry.input(description="What to change; fields left out stay as they are.")
class RoleUpdateInput:
    """A role's change."""

    id: strawberry.ID = strawberry.field(description="The role's id.")
    expected_version: int = strawberry.field(description="The version that was read.")
    name: str | None = strawberry.field(default=None, description="The name staff see.")
    permissions: list[Permission] | None = strawberry.field(
        default=None, description="All it grants from now on; nothing beyond your own."
    )


@strawberry.input(description="Which role to delete.")
class RoleDeleteInput:
    """A role to delete."""

    id: strawberry.ID = strawberry.field(description="The role's id.")


@strawberry.input(description="Which session to end.")
class SessionRevokeInput:
    """A session to end."""

    id: strawberry.ID = strawberry.field(description="The session's id.")


@strawberry.input(description="A token for an app.")
class AppTokenCreateInput:
    """A token to make."""

    name: str = strawberry.field(description="What the app is called.")
    permissions: list[Permission] = strawberry.field(
        description="What the app may do; nothing beyond your own permissions."
    )
    expires_at: DateTime | None = strawberry.field(
        default=None, description="When it ends by itself; never when left out."
    )


@strawberry.input(description="Which token to revoke.")
class AppTokenRevokeInput:
    """A token to revoke."""

    id: strawberry.ID = strawberry.field(description="The token's id.")


@strawberry.type(description="A role after a change.")
class RolePayload:
    """What a change of a role answers."""

    role: Role | None = attribute("The role after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A role that was deleted.")
class RoleDeletePayload:
    """What deleting a role answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A session that was ended.")
class SessionRevokePayload:
    """What ending a session answers."""

    revoked_id: strawberry.ID | None = attribute("The id of the session that ended.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="An app's new token.")
class AppTokenCreatePayload:
    """What making a token answers."""

    token: str | None = attribute("The secret to send as `Authorization: Bearer`, shown this once.")
    app_token: AppToken | None = attribute("What is kept of it.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="An app's token after a change.")
class AppTokenPayload:
    """What revoking a token answers."""

    app_token: AppToken | None = attribute("The token after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class RoleMutation:
    """Mutations of roles, app tokens and sessions."""

    @mutation("Adds a role.", MANAGE_STAFF)
    def role_create(
        self, info: Info_, input: Annotated[RoleCreateInput, argument("The role.")]
    ) -> RolePayload | None:
        typed = NewRole(input.slug, input.name, input.permissions)
        actor = context_of(info).actor

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            role_id = create_role(connection, typed, actor=actor)
            return {"role": resolvers.role(connection, role_id)}

        return run(info, RolePayload, work)

    @mutation("Changes a role; it takes effect at once.", MANAGE_STAFF)
    def role_update(
        self, info: Info_, input: Annotated[RoleUpdateInput, argument("The change.")]
    ) -> RolePayload | None:
        update = RoleUpdate(
            id=row_of("Role", input.id),
            expected_version=input.expected_version,
            name=input.name,
            permissions=input.permissions,
        )
        actor = context_of(info).actor

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            role_id = update_role(connection, update, actor=actor)
            return {"role": resolvers.role(connection, role_id)}

        return run(info, RolePayload, work)

    @mutation("Deletes a role that nobody has.", MANAGE_STAFF)
    def role_delete(
        self, info: Info_, input: Annotated[RoleDeleteInput, argument("Which one.")]
    ) -> RoleDeletePayload | None:
        role_id, actor = row_of("Role", input.id), context_of(info).actor

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_role(connection, role_id, actor=actor)
            return {"deleted_id": input.id}

        return run(info, RoleDeletePayload, work)

    @mutation(
        "Ends a session at once: your own; with MANAGE_STAFF any of the staff's, with "
        "MANAGE_CUSTOMERS any of the customers'.",
        CUSTOMER,
        STAFF,
        MANAGE_STAFF,
        Permission.MANAGE_CUSTOMERS,
    )
    def session_revoke(
        self, info: Info_, input: Annotated[SessionRevokeInput, argument("Which one.")]
    ) -> SessionRevokePayload | None:
        context, session_id = context_of(info), row_of("Session", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            revoke_session(connection, session_id, actor=context.actor, now=context.now)
            return {"revoked_id": input.id}

        return run(info, SessionRevokePayload, work)

    @mutation("Makes a token for an app.", MANAGE_APPS)
    def app_token_create(
        self, info: Info_, input: Annotated[AppTokenCreateInput, argument("The token.")]
    ) -> AppTokenCreatePayload | None:
        context = context_of(info)
        secret = settings_of(context).secret
        typed = NewAppToken(
            name=input.name, permissions=input.permissions, expires_at=input.expires_at
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            made = create_app_token(
                connection, typed, actor=context.actor, secret=secret, now=context.now
            )
            return {"token": made.token, "app_token": resolvers.app_token(connection, made.id)}

        return run(info, AppTokenCreatePayload, work)

    @mutation("Revokes an app's token at once.", MANAGE_APPS)
    def app_token_revoke(
        self, info: Info_, input: Annotated[AppTokenRevokeInput, argument("Which one.")]
    ) -> AppTokenPayload | None:
        context, token_id = context_of(info), row_of("AppToken", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            revoke_app_token(connection, token_id, now=context.now)
            return {"app_token": resolvers.app_token(connection, token_id)}

        return run(info, AppTokenPayload, work)

"""Mutations of the shop's staff: signing in and out, members and their passwords."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers.sign_in import Credentials, sign_in
from storeql.customers.staff import resolvers
from storeql.customers.staff.members import (
    NewStaffMember,
    StaffUpdate,
    add_staff_member,
    update_staff_member,
)
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, user_errors
from storeql.schema.people.account_inputs import PasswordChangeInput, SignInInput
from storeql.schema.people.account_mutations import PlainPayload, password_change, sign_out
from storeql.schema.people.context import attempted, client_of, reader_of, settings_of
from storeql.schema.people.staff import StaffMember
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
STAFF, MANAGE_STAFF = Permission.STAFF, Permission.MANAGE_STAFF


@strawberry.input(description="A person who will work in the shop.")
class StaffMemberCreateInput:
    """A member to add."""

    email: str = strawberry.field(description="The e-mail address to sign in with.")
    password: str = strawberry.field(description="A first password of 8 to 200 characters.")
    name: str = strawberry.field(default="", description="A name; at most 200 characters.")
    roles: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Their roles; none beyond your own permissions."
    )


@strawberry.input(description="What to change; fields left out stay as they are.")
class StaffMemberUpdateInput:
    """A member's change."""

    id: strawberry.ID = strawberry.field(description="The staff member's id.")
    expected_version: int = strawberry.field(description="The version that was read.")
    name: str | None = strawberry.field(
        default=None, description="A name; at most 200 characters; empty to clear it."
    )
    is_active: bool | None = strawberry.field(
        default=None, description="Whether they may sign in; false ends their sessions."
    )
    roles: list[strawberry.ID] | None = strawberry.field(
        default=None, description="All their roles from now on; none beyond your own."
    )
    password: str | None = strawberry.field(
        default=None, description="A new password of 8 to 200 characters; ends their sessions."
    )


@strawberry.type(description="A staff member's new session.")
class StaffSessionPayload:
    """What signing in answers."""

    token: str | None = attribute("The secret to send as `Authorization: Bearer`, shown this once.")
    expires_at: DateTime | None = attribute("When the session ends by itself.")
    staff_member: StaffMember | None = attribute("Who has signed in.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A staff member after a change.")
class StaffMemberPayload:
    """What a change of a member answers."""

    staff_member: StaffMember | None = attribute("The staff member after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class StaffMutation:
    """Mutations of staff."""

    @mutation("Signs a staff member in; a new session each time.")
    def staff_sign_in(
        self, info: Info_, input: Annotated[SignInInput, argument("The address and password.")]
    ) -> StaffSessionPayload:
        context = context_of(info)

        def work() -> dict[str, Any]:
            signed_in = sign_in(
                context.write,
                Credentials(input.email, input.password),
                kind="staff",
                settings=settings_of(context),
                client=client_of(context),
                now=context.now,
            )
            session = signed_in.session
            return {
                "token": session.token,
                "expires_at": session.expires_at,
                **_member(info, signed_in.account_id),
            }

        return attempted(StaffSessionPayload, work)

    @mutation("Ends the session of this request.", STAFF)
    def staff_sign_out(self, info: Info_) -> PlainPayload | None:
        return sign_out(info)

    @mutation("Changes your password and ends your other sessions.", STAFF)
    def staff_password_change(
        self,
        info: Info_,
        input: Annotated[PasswordChangeInput, argument("The old and the new password.")],
    ) -> PlainPayload | None:
        return password_change(info, input)

    @mutation("Adds a staff member.", MANAGE_STAFF)
    def staff_member_create(
        self, info: Info_, input: Annotated[StaffMemberCreateInput, argument("Who comes.")]
    ) -> StaffMemberPayload | None:
        context = context_of(info)
        typed = NewStaffMember(
            email=input.email,
            password=input.password,
            name=input.name,
            role_ids=rows_of("Role", input.roles),
        )

        def work() -> dict[str, Any]:
            staff_id = add_staff_member(context.write, typed, actor=context.actor, now=context.now)
            return _member(info, staff_id)

        return attempted(StaffMemberPayload, work)

    @mutation("Changes a staff member; it takes effect at once.", MANAGE_STAFF)
    def staff_member_update(
        self, info: Info_, input: Annotated[StaffMemberUpdateInput, argument("The change.")]
    ) -> StaffMemberPayload | None:
        context = context_of(info)
        update = StaffUpdate(
            id=row_of("StaffMember", input.id),
            expected_version=input.expected_version,
            name=input.name,
            is_active=input.is_active,
            role_ids=None if input.roles is None else rows_of("Role", input.roles),
            password=input.password,
        )

        def work() -> dict[str, Any]:
            staff_id = update_staff_member(
                context.write, update, actor=context.actor, now=context.now
            )
            return _member(info, staff_id)

        return attempted(StaffMemberPayload, work)


def _member(info: Info_, staff_id: int) -> dict[str, Any]:
    context, wanted = context_of(info), selection_of(info).of("staff_member")
    if not wanted.names:
        return {"staff_member": None}
    found = resolvers.staff_member(
        context.connection, wanted, id=staff_id, reader=reader_of(context)
    )
    return {"staff_member": found}

"""Mutations of a customer's account: register, sign in and out, passwords, profile."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers import resolvers
from storeql.customers.change_password import PasswordChange, change_password
from storeql.customers.messages import deliver_soon
from storeql.customers.register import NewCustomer, register
from storeql.customers.reset_password import (
    PasswordReset,
    request_password_reset,
    reset_password,
)
from storeql.customers.sessions import end_session
from storeql.customers.sign_in import Credentials, SignedIn, sign_in
from storeql.customers.update_profile import ProfileUpdate, update_profile
from storeql.db import Connection, Selection
from storeql.schema.fields import argument, attribute
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.people.account_inputs import (
    CustomerPasswordResetInput,
    CustomerPasswordResetRequestInput,
    CustomerRegisterInput,
    CustomerUpdateInput,
    PasswordChangeInput,
    SignInInput,
)
from storeql.schema.people.context import (
    attempted,
    client_of,
    own_customer_id,
    reader_of,
    settings_of,
)
from storeql.schema.people.customers import CustomerAccount
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
CUSTOMER = Permission.CUSTOMER


@strawberry.type(description="A customer's new session.")
class CustomerSessionPayload:
    """What registering and signing in answer."""

    token: str | None = attribute("The secret to send as `Authorization: Bearer`, shown this once.")
    expires_at: DateTime | None = attribute("When the session ends by itself.")
    customer: CustomerAccount | None = attribute("The account signed in to.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A customer's account after a change.")
class CustomerAccountPayload:
    """What a change of one's own account answers."""

    customer: CustomerAccount | None = attribute("The account after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A change with nothing else to show.")
class PlainPayload:
    """What a change without an object answers."""

    user_errors: list[UserError] = user_errors()


@strawberry.type
class AccountMutation:
    """Mutations of one's own account."""

    @mutation("Registers a customer and signs them in.")
    def customer_register(
        self, info: Info_, input: Annotated[CustomerRegisterInput, argument("Who registers.")]
    ) -> CustomerSessionPayload:
        context = context_of(info)
        typed = NewCustomer(
            email=input.email, password=input.password, name=input.name, phone=input.phone
        )

        def work() -> dict[str, Any]:
            signed_in = register(
                context.write,
                typed,
                settings=settings_of(context),
                client=client_of(context),
                now=context.now,
            )
            return _session(info, signed_in)

        return attempted(CustomerSessionPayload, work)

    @mutation("Signs a customer in; a new session each time.")
    def customer_sign_in(
        self, info: Info_, input: Annotated[SignInInput, argument("The address and password.")]
    ) -> CustomerSessionPayload:
        context = context_of(info)

        def work() -> dict[str, Any]:
            signed_in = sign_in(
                context.write,
                Credentials(input.email, input.password),
                kind="customer",
                settings=settings_of(context),
                client=client_of(context),
                now=context.now,
            )
            return _session(info, signed_in)

        return attempted(CustomerSessionPayload, work)

    @mutation("Ends the session of this request.", CUSTOMER)
    def customer_sign_out(self, info: Info_) -> PlainPayload | None:
        return sign_out(info)

    @mutation("Changes your password and ends your other sessions.", CUSTOMER)
    def customer_password_change(
        self,
        info: Info_,
        input: Annotated[PasswordChangeInput, argument("The old and the new password.")],
    ) -> PlainPayload | None:
        return password_change(info, input)

    @mutation("Sends a secret for a new password; answers the same for every address.")
    def customer_password_reset_request(
        self,
        info: Info_,
        input: Annotated[CustomerPasswordResetRequestInput, argument("Whose password.")],
    ) -> PlainPayload:
        context = context_of(info)

        def work() -> dict[str, Any]:
            request_password_reset(
                context.write,
                input.email,
                settings=settings_of(context),
                client=client_of(context),
                now=context.now,
            )
            deliver_soon(context.database, settings_of(context))
            return {}

        return attempted(PlainPayload, work)

    @mutation("Sets a new password with the secret that was sent; ends all sessions.")
    def customer_password_reset(
        self,
        info: Info_,
        input: Annotated[CustomerPasswordResetInput, argument("The secret and the password.")],
    ) -> PlainPayload:
        context = context_of(info)

        def work() -> dict[str, Any]:
            reset_password(
                context.write,
                PasswordReset(input.token, input.new_password),
                settings=settings_of(context),
                now=context.now,
            )
            return {}

        return attempted(PlainPayload, work)

    @mutation("Changes your name and phone number.", CUSTOMER)
    def customer_update(
        self, info: Info_, input: Annotated[CustomerUpdateInput, argument("What to change.")]
    ) -> CustomerAccountPayload | None:
        context = context_of(info)
        customer_id = own_customer_id(context)
        update = ProfileUpdate(
            expected_version=input.expected_version, name=input.name, phone=input.phone
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_profile(connection, update, customer_id=customer_id, now=context.now)
            wanted = selection.of("customer")
            reader = reader_of(context)
            found = resolvers.customer(connection, wanted, id=customer_id, reader=reader)
            return {"customer": found}

        return run(info, CustomerAccountPayload, work)


def sign_out(info: Info_) -> PlainPayload:
    """Ends the session of this request."""
    context = context_of(info)
    session_id = context.actor.session_id
    if session_id is not None:
        context.write(lambda connection: end_session(connection, session_id, now=context.now))
    return PlainPayload()


def password_change(info: Info_, given: PasswordChangeInput) -> PlainPayload:
    """Changes the actor's password."""
    context = context_of(info)

    def work() -> dict[str, Any]:
        change_password(
            context.write,
            PasswordChange(given.current_password, given.new_password),
            actor=context.actor,
            settings=settings_of(context),
            now=context.now,
        )
        return {}

    return attempted(PlainPayload, work)


def _session(info: Info_, signed_in: SignedIn) -> dict[str, Any]:
    context, wanted = context_of(info), selection_of(info).of("customer")
    found = None
    if wanted.names:
        found = resolvers.customer(
            context.connection, wanted, id=signed_in.account_id, reader=reader_of(context)
        )
    return {
        "token": signed_in.session.token,
        "expires_at": signed_in.session.expires_at,
        "customer": found,
    }

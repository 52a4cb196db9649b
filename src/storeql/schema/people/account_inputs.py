"""What people type to register, sign in and change their accounts."""

import strawberry


@strawberry.input(description="A new customer.")
class CustomerRegisterInput:
    """What it takes to register."""

    email: str = strawberry.field(description="The e-mail address to sign in with.")
    password: str = strawberry.field(description="A password of 8 to 200 characters.")
    name: str = strawberry.field(default="", description="A name; at most 200 characters.")
    phone: str = strawberry.field(default="", description="A phone number of 5 to 20 digits.")


@strawberry.input(description="What a person types to sign in.")
class SignInInput:
    """An address and a password."""

    email: str = strawberry.field(description="The e-mail address, in any spelling.")
    password: str = strawberry.field(description="The password.")


@strawberry.input(description="An old and a new password.")
class PasswordChangeInput:
    """A change of one's own password."""

    current_password: str = strawberry.field(description="The password held now.")
    new_password: str = strawberry.field(description="A password of 8 to 200 characters.")


@strawberry.input(description="Whose password was forgotten.")
class CustomerPasswordResetRequestInput:
    """An address to send a secret to."""

    email: str = strawberry.field(description="The account's e-mail address.")


@strawberry.input(description="A secret that was sent, and a new password.")
class CustomerPasswordResetInput:
    """A new password for a forgotten one."""

    token: str = strawberry.field(description="The secret; valid for one hour, works once.")
    new_password: str = strawberry.field(description="A password of 8 to 200 characters.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class CustomerUpdateInput:
    """A change of one's own profile."""

    expected_version: int = strawberry.field(description="The version that was read.")
    name: str | None = strawberry.field(
        default=None, description="A name; at most 200 characters; empty to clear it."
    )
    phone: str | None = strawberry.field(
        default=None, description="A phone number of 5 to 20 digits; empty to clear it."
    )

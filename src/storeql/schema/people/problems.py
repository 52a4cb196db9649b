"""User errors about accounts, roles and tokens that carry data."""

from collections.abc import Sequence

import strawberry

from storeql.access import Permission
from storeql.customers import problems
from storeql.schema.fields import answers, attribute
from storeql.schema.problems import UserError


@strawberry.type(
    name="TooManyAttempts", description="Too many failures in a short time: try again later."
)
@answers(problems.TooManyAttempts)
class TooManyAttemptsError(UserError):
    """An attempt limit reached."""

    retry_after_seconds: int = attribute("After how many seconds the next attempt is taken.")


@strawberry.type(
    name="GrantExceedsOwn",
    description="Nobody hands out, or takes charge of, more than they hold themselves.",
)
@answers(problems.GrantExceedsOwn)
class GrantExceedsOwnError(UserError):
    """A grant beyond the actor's own permissions."""

    permissions: Sequence[Permission] = attribute("The permissions you do not have.")


@strawberry.type(name="RoleInUse", description="Staff members still have the role.")
@answers(problems.RoleInUse)
class RoleInUseError(UserError):
    """A role that cannot be deleted."""

    members: int = attribute("How many staff members have it.")


PEOPLE_PROBLEMS: list[type] = [TooManyAttemptsError, GrantExceedsOwnError, RoleInUseError]

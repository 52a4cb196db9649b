"""User errors: what is wrong with an input, as typed objects that carry data."""

from collections.abc import Sequence

import strawberry

from storeql.errors import Problem, StaleVersion
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.problem_words import words_of
from storeql.schema.promotions.words import LocalizedText


@strawberry.interface(description="Something in the input to mend; nothing was changed.")
class UserError:
    """The interface of all user errors."""

    code: str = attribute("A stable code in SCREAMING_CASE.")
    message: str = attribute("What is wrong, for a person.")
    field: Sequence[str] | None = attribute("The path of the input field, from `input` down.")
    index: int | None = attribute("The place of the entry when the input is a list.")

    @pure("The message in English and Chinese; English stands in where there is no Chinese.")
    def localized_message(self: Problem) -> LocalizedText:
        return words_of(self)  # type: ignore[return-value]


@strawberry.type(name="InputError", description="An input that cannot be used as it is.")
class InputError(UserError):
    """A problem without data of its own."""

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """True for problems of no more special class."""
        return type(value) is Problem


@strawberry.type(
    name="StaleVersion", description="The object changed after it was read: read it again."
)
@answers(StaleVersion)
class StaleVersionError(UserError):
    """A lost update, prevented."""

    current: int = attribute("The object's version now.")


PROBLEM_TYPES: list[type] = [InputError, StaleVersionError]

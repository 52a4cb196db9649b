"""Fields of inputs: those that must be there, those that may be left out, and lists."""

from typing import Any

import msgspec
import strawberry

from storeql.schema.ids import row_of


def needed(description: str) -> Any:
    """A field that must be given."""
    return strawberry.field(description=description)


def optional(description: str) -> Any:
    """A field that may be left out, which is not the same as giving null."""
    return strawberry.field(default=strawberry.UNSET, description=description)


def defaulting(default: object, description: str) -> Any:
    """A field with a value of its own when it is left out."""
    return strawberry.field(default=default, description=description)


def listed(description: str) -> Any:
    """A list that is empty when it is left out."""
    return strawberry.field(default_factory=list, description=description)


def kept(value: Any) -> Any:
    """What a domain's update reads: UNSET for what was left out, and for a null."""
    return msgspec.UNSET if value is None or value is strawberry.UNSET else value


def kept_or_null(value: Any) -> Any:
    """The same for a field whose null means that there is to be nothing."""
    return msgspec.UNSET if value is strawberry.UNSET else value


def value_or_none(value: Any) -> Any:
    """None for what was left out."""
    return None if value is strawberry.UNSET else value


def row_or_none(type_name: str, opaque: str | None) -> int | None:
    """The row number in an id that may be null; raises BadInput for an id of another type."""
    return None if opaque is None else row_of(type_name, opaque)

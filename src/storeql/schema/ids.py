"""Opaque ids: what clients hold instead of row numbers, and the node interface behind them."""

import base64
import binascii
import re
from binascii import b2a_base64
from typing import Protocol

import strawberry

from storeql.errors import BadInput
from storeql.schema.fields import TYPE_NAMES, pure

DECODED = re.compile(r"([A-Za-z]+):([1-9][0-9]{0,17})")


class Row(Protocol):
    """A record with a row number."""

    @property
    def id(self) -> int:
        """The row number."""
        ...


@strawberry.interface(description="An object with an id that can be fetched again by `node`.")
class Node:
    """The Relay node interface."""

    @pure("The object's opaque id.")
    def id(self: Row) -> strawberry.ID:
        return opaque_id(TYPE_NAMES[type(self)], self.id)


def opaque_id(type_name: str, row: int) -> strawberry.ID:
    """The id of a row of this GraphQL type."""
    # Letters, digits and a colon never make the + and / of base64: it is URL-safe as it is.
    return strawberry.ID(b2a_base64(f"{type_name}:{row}".encode(), newline=False).decode())


def read_id(opaque: str) -> tuple[str, int]:
    """The type name and row number in an id; raises BadInput for any other text."""
    try:
        decoded = base64.b64decode(opaque, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        decoded = ""
    match = DECODED.fullmatch(decoded)
    if match is None:
        raise BadInput("This is not an id of this shop.")
    return match[1], int(match[2])


def row_of(type_name: str, opaque: str) -> int:
    """The row number in an id of this type; raises BadInput for an id of another type."""
    found, row = read_id(opaque)
    if found != type_name:
        raise BadInput(f"This is the id of a {found}, not of a {type_name}.")
    return row


def rows_of(type_name: str, opaque: list[strawberry.ID] | None) -> tuple[int, ...]:
    """The row numbers in ids of this type, in order."""
    return tuple(row_of(type_name, one) for one in opaque or ())

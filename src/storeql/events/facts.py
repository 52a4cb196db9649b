"""How the fields of an event's facts are described, for the schema and for docs/events.md."""

from __future__ import annotations

from enum import Enum

from msgspec import Meta, Struct


class Amount(Struct, frozen=True):
    """Money in an event, in minor units of its currency."""

    minor: int
    currency: str


class Reference(Enum):
    """What a whole number in an event's facts is the row number of."""

    WAREHOUSE = "Warehouse"
    CUSTOMER = "Customer"


def said(description: str, *, names: Reference | None = None) -> Meta:
    """Says what a fact is; a number that `names` an object is shown as that object's id."""
    return Meta(description=description, extra=None if names is None else {"names": names})

"""What a promotion gives back of an order that is undone, and when a later payment counts."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Taken(Enum):
    """What an order takes of a promotion. USAGE: its use, also the customer's. BUDGET: the money,
    also the campaign's. QUOTA: the units. CODE: the use of its code."""

    USAGE = "USAGE"
    BUDGET = "BUDGET"
    QUOTA = "QUOTA"
    CODE = "CODE"


class CommitAt(Enum):
    """When an order that goes ahead before it is paid counts as paid."""

    PLACED = "PLACED"
    PAID = "PAID"


class Paid(Enum):
    """Whether an order is paid when it is placed. LATER: it goes ahead before it is paid."""

    NO = "NO"
    LATER = "LATER"
    YES = "YES"


EVERYTHING = tuple(Taken)


class GiveBack(Struct, frozen=True):
    """`on_cancel` is given back of an order that was not paid, `on_refund` of one that was.

    Gifts go back in any case: they are pieces of the warehouse.
    """

    on_cancel: tuple[Taken, ...] = EVERYTHING
    on_refund: tuple[Taken, ...] = EVERYTHING
    commit_at: CommitAt = CommitAt.PLACED

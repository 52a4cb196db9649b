"""Who may set a price below its floor, and what they say for it."""

from typing import Any

from strawberry.types import Info

from storeql.access import Permission, require
from storeql.schema.mutation import context_of

BELOW_FLOOR_REASON = (
    "Why prices go below their floor: then they may, for who has SELL_BELOW_FLOOR; kept in the"
    " price history. At most 500 characters."
)


def reason_of(info: Info[Any, Any], reason: str) -> str:
    """The reason to go below floors; raises Forbidden for who may not."""
    if reason:
        require(context_of(info).actor, Permission.SELL_BELOW_FLOOR)
    return reason

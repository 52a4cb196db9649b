"""What can stand between a shopper and a change of a cart, with its data."""

from __future__ import annotations

from storeql.errors import Problem
from storeql.pricing import Text


class CartChangeRefused(Problem, frozen=True, kw_only=True):
    """A plugin does not allow the change; `variant_id` when it is about one line."""

    reason: Text
    plugin: str
    variant_id: int | None = None

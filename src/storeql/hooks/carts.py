"""The hook that is asked before a cart is changed, and the frozen value it is asked with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from msgspec import Struct

from storeql.hooks.markers import hookspec
from storeql.hooks.pricing import Verdict


class CartChangeKind(Enum):
    """What somebody did to a cart."""

    CREATED = "CREATED"
    LINES_ADDED = "LINES_ADDED"
    LINES_UPDATED = "LINES_UPDATED"
    LINES_REMOVED = "LINES_REMOVED"
    CODES_ENTERED = "CODES_ENTERED"
    CODES_REMOVED = "CODES_REMOVED"
    DETAILS_UPDATED = "DETAILS_UPDATED"


class ChangedLine(Struct, frozen=True, kw_only=True):
    """A variant in a cart: `quantity` pieces after the change, `before` of them until now."""

    line_id: str
    product_id: str
    variant_id: str
    sku: str
    quantity: int
    before: int
    category_ids: tuple[str, ...] = ()
    tag_ids: tuple[str, ...] = ()


class CartChange(Struct, frozen=True, kw_only=True):
    """A cart as it would be after a change; lines that leave it are not in `lines`.

    Ids are row numbers as text; `country` and `region` are of the address, empty without one.
    """

    kind: CartChangeKind
    at: datetime
    channel: str
    currency: str
    customer_id: str | None = None
    email: str = ""
    country: str = ""
    region: str = ""
    delivery_method: str | None = None
    payment_method: str | None = None
    codes: tuple[str, ...] = ()
    lines: tuple[ChangedLine, ...] = ()


@hookspec
def storeql_cart_changing(change: CartChange) -> Sequence[Verdict] | None:
    """The word before a cart is changed: remarks about it, or a reason not to.

    Called once per change of a cart, inside its transaction, with the whole cart as it would be;
    not when carts are merged at sign-in. The return is a list of `Annotation` and `Refusal`; None
    is an empty list. Any `Refusal` rolls the change back and becomes a `CartChangeRefused` user
    error; annotations are answered with the changed cart. Their `line_id` names a cart line.

    Ordering: plugins answer in the order of their names; all answers are kept.

    Errors: a plugin that raises or returns anything else is logged and left out for this change.
    No network: a transaction is open.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import CartChange, CartChangeKind, ChangedLine, Refusal
    >>> from storeql.hooks import hookimpl, load_hooks
    >>> from storeql.pricing import Text
    >>> class OnePerson:
    ...     @hookimpl
    ...     def storeql_cart_changing(self, change):
    ...         text = Text("At most 5 pieces of one thing.", "每种商品最多五件。")
    ...         return [
    ...             Refusal(code="TOO_MANY", message=text, line_id=line.line_id)
    ...             for line in change.lines
    ...             if line.quantity > max(5, line.before)
    ...         ]
    >>> tea = ChangedLine(
    ...     line_id="1", product_id="7", variant_id="9", sku="TEA-100", quantity=6, before=4
    ... )
    >>> change = CartChange(
    ...     kind=CartChangeKind.LINES_ADDED, at=datetime(2026, 11, 11, tzinfo=UTC),
    ...     channel="web", currency="CNY", lines=(tea,),
    ... )
    >>> hooks = load_hooks(extra_plugins=[OnePerson()])
    >>> [(verdict.plugin, verdict.code) for verdict in hooks.cart_changing(change)]
    [('OnePerson', 'TOO_MANY')]
    """

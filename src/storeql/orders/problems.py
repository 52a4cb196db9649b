"""What can stand between a shopper or a clerk and an order, with its data."""

from __future__ import annotations

from storeql.errors import Problem


class PriceChanged(Problem, frozen=True, kw_only=True):
    """The cart costs another total than the one that was confirmed; amounts in minor units."""

    shown_minor: int
    now_minor: int
    currency: str
    code: str = "PRICE_CHANGED"


class GiftsChanged(Problem, frozen=True, kw_only=True):
    """The order would come with another number of gift pieces than was confirmed."""

    shown: int
    now: int
    code: str = "GIFTS_CHANGED"


class OrderStateConflict(Problem, frozen=True, kw_only=True):
    """The order is in a state that does not allow this; `state` is where it is now."""

    state: str
    code: str = "ORDER_STATE_CONFLICT"


class LineRefused(Problem, frozen=True, kw_only=True):
    """A line of the cart cannot be ordered; `line_id` is the cart line's."""

    line_id: int
    variant_id: int
    sku: str
    code: str = "VARIANT_UNAVAILABLE"


class PaymentPending(Problem, frozen=True, kw_only=True):
    """An earlier attempt to pay by `method` has not been answered yet."""

    method: str
    code: str = "PAYMENT_PENDING"

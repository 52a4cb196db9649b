"""What can stand in the way of a refund, with what is left to give back."""

from __future__ import annotations

from storeql.errors import Problem


class RefundTooLarge(Problem, frozen=True, kw_only=True):
    """More than is left of the order, or of its delivery; `left_minor` can still go back."""

    left_minor: int
    currency: str
    code: str = "REFUND_TOO_LARGE"


class RefundLineTooLarge(Problem, frozen=True, kw_only=True):
    """More of a line than is left of it: of its money, or of its pieces."""

    order_line_id: int
    left_minor: int
    left_quantity: int
    currency: str
    code: str = "REFUND_LINE_TOO_LARGE"

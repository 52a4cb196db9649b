"""What can stand in the way of taking or letting go of money, with what is left."""

from __future__ import annotations

from storeql.errors import Problem


class CaptureTooLarge(Problem, frozen=True, kw_only=True):
    """More than a gateway still holds of a payment; `left_minor` can be taken."""

    left_minor: int
    currency: str
    code: str = "CAPTURE_TOO_LARGE"

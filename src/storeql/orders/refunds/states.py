"""Where a refund is, and what it came from."""

from __future__ import annotations

from enum import StrEnum


class RefundState(StrEnum):
    """How far a refund is.

    PENDING: some of its money was not answered yet. PARTIALLY_FAILED: some is back and the rest
    will not come; FAILED: none will. Both can be tried again.
    """

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    PARTIALLY_FAILED = "PARTIALLY_FAILED"
    FAILED = "FAILED"


class RefundCause(StrEnum):
    """What a refund came from.

    STAFF: somebody decided it. CANCELLATION: the order was cancelled after it was paid.
    AFTER_SALES: something came back. LATE_PAYMENT: money came that the order did not need any
    more. GATEWAY: it was given back at the gateway, which told of it.
    """

    STAFF = "STAFF"
    CANCELLATION = "CANCELLATION"
    AFTER_SALES = "AFTER_SALES"
    LATE_PAYMENT = "LATE_PAYMENT"
    GATEWAY = "GATEWAY"


QUIET = frozenset({RefundCause.CANCELLATION, RefundCause.LATE_PAYMENT})
"""Refunds that nobody asked for: the events of the payment tell of them."""


def state_of(*, amount_minor: int, refunded_minor: int, failed_minor: int) -> RefundState:
    """The state of a refund of this amount, so much of which is back or will not come."""
    if refunded_minor + failed_minor < amount_minor:
        return RefundState.PENDING
    if not failed_minor:
        return RefundState.SUCCEEDED
    return RefundState.PARTIALLY_FAILED if refunded_minor else RefundState.FAILED

"""The life of one attempt to pay as one table: what a gateway's answer makes of it."""

from __future__ import annotations

from enum import StrEnum

from storeql.hooks import PaymentStatus


class PaymentState(StrEnum):
    """Where an attempt to pay is.

    VOID_DUE and REFUND_DUE: the order does not need the money any more, and the gateway has still
    to let go of it or to give it back.
    """

    PENDING = "PENDING"
    AUTHORIZED = "AUTHORIZED"
    CAPTURED = "CAPTURED"
    DECLINED = "DECLINED"
    VOID_DUE = "VOID_DUE"
    VOIDED = "VOIDED"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


_P, _A = PaymentState, PaymentStatus

# An answer that is not named here changes nothing: it is late, or was told before. Money that
# comes for an attempt already given up goes back.
ANSWERS: dict[PaymentState, dict[PaymentStatus, PaymentState]] = {
    _P.PENDING: {
        _A.AUTHORIZED: _P.AUTHORIZED,
        _A.CAPTURED: _P.CAPTURED,
        _A.DECLINED: _P.DECLINED,
        _A.VOIDED: _P.VOIDED,
    },
    _P.AUTHORIZED: {_A.CAPTURED: _P.CAPTURED, _A.VOIDED: _P.VOIDED},
    _P.CAPTURED: {_A.REFUNDED: _P.REFUNDED},
    _P.DECLINED: {_A.AUTHORIZED: _P.VOID_DUE, _A.CAPTURED: _P.REFUND_DUE},
    _P.VOID_DUE: {
        _A.VOIDED: _P.VOIDED,
        _A.DECLINED: _P.DECLINED,
        _A.CAPTURED: _P.REFUND_DUE,
        _A.REFUNDED: _P.REFUNDED,
    },
    _P.VOIDED: {_A.AUTHORIZED: _P.VOID_DUE, _A.CAPTURED: _P.REFUND_DUE},
    _P.REFUND_DUE: {_A.REFUNDED: _P.REFUNDED},
    _P.REFUNDED: {},
}

# What becomes of an attempt when its order is cancelled or paid otherwise.
GIVEN_UP: dict[PaymentState, PaymentState] = {
    _P.PENDING: _P.VOID_DUE,
    _P.AUTHORIZED: _P.VOID_DUE,
    _P.CAPTURED: _P.REFUND_DUE,
}

SETTLED = frozenset({_P.AUTHORIZED, _P.CAPTURED})
"""The order may go ahead."""


def after_answer(state: PaymentState, answer: PaymentStatus, *, needed: bool) -> PaymentState:
    """The state after a gateway's answer; money that is not `needed` any more goes back."""
    following = ANSWERS[state].get(answer, state)
    if following is not state and following in SETTLED and not needed:
        return GIVEN_UP[following]
    return following

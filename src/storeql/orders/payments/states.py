"""The life of an attempt to pay, and of each movement of its money, as tables of answers."""

from __future__ import annotations

from enum import StrEnum

from storeql.hooks import PaymentStatus


class PaymentState(StrEnum):
    """Where an attempt to pay is.

    VOID_DUE and REFUND_DUE: the order does not need the money any more, and the gateway has still
    to let go of it or to give it back. CAPTURED: all of it or a part was taken, and not all of that
    is back.
    """

    PENDING = "PENDING"
    AUTHORIZED = "AUTHORIZED"
    CAPTURED = "CAPTURED"
    DECLINED = "DECLINED"
    VOID_DUE = "VOID_DUE"
    VOIDED = "VOIDED"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


class MovementKind(StrEnum):
    """What a movement does to an attempt's money: hold it, take it, let go of it, give it back.

    AUTHORIZE is the attempt itself: it has no row of its own.
    """

    AUTHORIZE = "AUTHORIZE"
    CAPTURE = "CAPTURE"
    VOID = "VOID"
    REFUND = "REFUND"


class MovementState(StrEnum):
    """Whether a movement was answered; SUCCEEDED and FAILED are for good."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


_P, _A = PaymentState, PaymentStatus

# What an answer about an attempt makes of it. One that is not named here changes nothing: it is
# late, or was told before. Money that comes for an attempt already given up goes back.
ANSWERS: dict[PaymentState, dict[PaymentStatus, PaymentState]] = {
    _P.PENDING: {
        _A.AUTHORIZED: _P.AUTHORIZED,
        _A.CAPTURED: _P.CAPTURED,
        _A.DECLINED: _P.DECLINED,
        _A.VOIDED: _P.VOIDED,
    },
    _P.AUTHORIZED: {_A.CAPTURED: _P.CAPTURED, _A.VOIDED: _P.VOIDED},
    _P.CAPTURED: {},
    _P.DECLINED: {_A.AUTHORIZED: _P.VOID_DUE, _A.CAPTURED: _P.REFUND_DUE},
    _P.VOID_DUE: {
        _A.VOIDED: _P.VOIDED,
        _A.DECLINED: _P.DECLINED,
        _A.CAPTURED: _P.REFUND_DUE,
    },
    _P.VOIDED: {_A.AUTHORIZED: _P.VOID_DUE, _A.CAPTURED: _P.REFUND_DUE},
    _P.REFUND_DUE: {},
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

OPEN = frozenset({_P.PENDING, _P.VOID_DUE, _P.REFUND_DUE})
"""Something has still to be answered, or to be done."""

_K, _M = MovementKind, MovementState

# What an answer to a movement makes of it while it is PENDING; an answer not named here leaves it
# so. A void that comes too late fails, and the money that was taken goes back.
MOVEMENT_ANSWERS: dict[MovementKind, dict[PaymentStatus, MovementState]] = {
    _K.CAPTURE: {
        _A.CAPTURED: _M.SUCCEEDED,
        _A.DECLINED: _M.FAILED,
        _A.VOIDED: _M.FAILED,
    },
    _K.VOID: {
        _A.VOIDED: _M.SUCCEEDED,
        _A.REFUNDED: _M.SUCCEEDED,
        _A.DECLINED: _M.FAILED,
        _A.CAPTURED: _M.FAILED,
    },
    _K.REFUND: {_A.REFUNDED: _M.SUCCEEDED, _A.DECLINED: _M.FAILED},
}


def after_answer(state: PaymentState, answer: PaymentStatus, *, needed: bool) -> PaymentState:
    """The state after a gateway's answer; money that is not `needed` any more goes back."""
    following = ANSWERS[state].get(answer, state)
    if following is not state and following in SETTLED and not needed:
        return GIVEN_UP[following]
    return following


def authorization_state(status: PaymentState, *, was_held: bool) -> MovementState:
    """Whether the gateway answered the attempt itself, whatever happened to its money since."""
    if was_held:
        return _M.SUCCEEDED
    return _M.PENDING if status in OPEN else _M.FAILED


def movement_after(
    kind: MovementKind, state: MovementState, answer: PaymentStatus
) -> MovementState:
    """The state of a movement after a gateway's answer to it."""
    if state is not MovementState.PENDING:
        return state
    return MOVEMENT_ANSWERS[kind].get(answer, state)

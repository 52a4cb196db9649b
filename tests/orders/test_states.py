"""The life of an order and of a payment: every step that is allowed, and every one that is not."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from storeql.hooks import PaymentStatus
from storeql.orders.payments.states import (
    MOVEMENT_ANSWERS,
    MovementKind,
    MovementState,
    PaymentState,
    after_answer,
    movement_after,
)
from storeql.orders.placing.numbers import order_number
from storeql.orders.states import OrderState, may_become

S = OrderState

ALLOWED = {
    (S.PENDING_PAYMENT, S.AWAITING_FULFILMENT),
    (S.PENDING_PAYMENT, S.CANCELLED),
    (S.AWAITING_FULFILMENT, S.ON_HOLD),
    (S.AWAITING_FULFILMENT, S.PICKING),
    (S.AWAITING_FULFILMENT, S.PACKED),
    (S.AWAITING_FULFILMENT, S.CANCELLED),
    (S.ON_HOLD, S.AWAITING_FULFILMENT),
    (S.ON_HOLD, S.PICKING),
    (S.ON_HOLD, S.PACKED),
    (S.ON_HOLD, S.CANCELLED),
    (S.PICKING, S.AWAITING_FULFILMENT),
    (S.PICKING, S.ON_HOLD),
    (S.PICKING, S.PACKED),
    (S.PICKING, S.CANCELLED),
    (S.PACKED, S.AWAITING_FULFILMENT),
    (S.PACKED, S.PICKING),
    (S.PACKED, S.ON_HOLD),
    (S.PACKED, S.SHIPPED),
    (S.PACKED, S.CANCELLED),
    (S.SHIPPED, S.DELIVERED),
    (S.DELIVERED, S.COMPLETED),
}


@pytest.mark.parametrize(("state", "target"), list(product(S, S)))
def test_only_the_allowed_steps_are_allowed(state: OrderState, target: OrderState) -> None:
    assert may_become(state, target) is ((state, target) in ALLOWED)


def test_an_order_that_was_shipped_is_never_cancelled() -> None:
    reachable, todo = set(), [S.SHIPPED]
    while todo:
        state = todo.pop()
        reachable.add(state)
        todo += [target for target in S if may_become(state, target) and target not in reachable]

    assert reachable == {S.SHIPPED, S.DELIVERED, S.COMPLETED}


P, A = PaymentState, PaymentStatus


@pytest.mark.parametrize(("state", "answer"), list(product(P, A)))
def test_an_answer_told_twice_changes_nothing_the_second_time(
    state: PaymentState, answer: PaymentStatus
) -> None:
    once = after_answer(state, answer, needed=True)

    assert after_answer(once, answer, needed=True) is once


@pytest.mark.parametrize("state", [P.VOIDED, P.DECLINED, P.VOID_DUE, P.REFUND_DUE])
def test_money_that_comes_for_an_attempt_given_up_goes_back(state: PaymentState) -> None:
    assert after_answer(state, A.CAPTURED, needed=True) is P.REFUND_DUE


def test_money_that_is_not_needed_any_more_goes_back() -> None:
    assert after_answer(P.PENDING, A.CAPTURED, needed=False) is P.REFUND_DUE
    assert after_answer(P.PENDING, A.AUTHORIZED, needed=False) is P.VOID_DUE


@pytest.mark.parametrize(("kind", "answer"), list(product(MOVEMENT_ANSWERS, A)))
def test_a_movement_ends_once_and_for_good(kind: MovementKind, answer: PaymentStatus) -> None:
    once = movement_after(kind, MovementState.PENDING, answer)

    assert once is MOVEMENT_ANSWERS[kind].get(answer, MovementState.PENDING)
    for later in A:
        if once is not MovementState.PENDING:
            assert movement_after(kind, once, later) is once


@pytest.mark.parametrize("answer", list(A))
def test_money_given_back_never_counts_as_paid_again(answer: PaymentStatus) -> None:
    assert after_answer(P.REFUNDED, answer, needed=True) is P.REFUNDED


def test_order_numbers_are_unique_and_tell_nothing_of_how_many_there_are() -> None:
    day = date(2026, 7, 14)
    numbers = [order_number(cart_id, day) for cart_id in range(1, 5_001)]

    assert numbers[:2] == ["20260714-88986217", "20260714-50789616"]
    assert len(set(numbers)) == 5_000
    assert order_number(100_000_001, day) == "20260714-188986217"

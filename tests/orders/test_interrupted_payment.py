"""What survives when the process dies between the two transactions of a payment."""

from __future__ import annotations

import pytest

from storeql.access import GUEST
from storeql.carts.price_cart import PriceDesk
from storeql.db import Database, Selection
from storeql.hooks import (
    OrderChange,
    OrderSnapshot,
    PaymentGateway,
    PaymentRequest,
    PaymentResult,
    PaymentStatus,
    hookimpl,
)
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.payments.ask_gateway import answer
from storeql.orders.payments.check_payment import check_payment
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.records import Order
from storeql.orders.resolvers import placed_order
from storeql.pricing import Text
from tests.carts.shop import NOW, TEA, desk, open_shop, ready_cart

WANTED = Selection.of_names("number", "state", "payments", "events")


class Killed(BaseException):
    """The process is gone."""


class Bank:
    """A gateway that remembers what it took under which key, and dies when told to."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.given_back: dict[str, int] = {}
        self.dies_after_taking = False
        self.asked: list[str] = []
        self.told: list[str] = []

    def authorize(self, request: PaymentRequest) -> PaymentResult:
        self.asked.append(request.key)
        self.taken[request.key] = request.amount_minor
        if self.dies_after_taking:
            self.dies_after_taking = False
            raise Killed
        return PaymentResult(status=PaymentStatus.CAPTURED, reference=f"bank-{request.key}")

    def refund(self, request: PaymentRequest) -> PaymentResult:
        self.given_back[request.key] = request.amount_minor
        return PaymentResult(status=PaymentStatus.REFUNDED, reference=request.reference)

    @hookimpl
    def storeql_payment_gateways(self) -> list[PaymentGateway]:
        name = Text("Bank", "银行")
        return [
            PaymentGateway(
                key="bank",
                title=name,
                what=name,
                authorize=self.authorize,
                refund=self.refund,
            )
        ]

    @hookimpl
    def storeql_order_placed(self, order: OrderSnapshot) -> None:
        self.told.append(f"PLACED {order.state} {order.total_minor}")

    @hookimpl
    def storeql_order_changed(self, order: OrderSnapshot, change: OrderChange) -> None:
        self.told.append(f"{change.kind} {change.state_before} {change.state_after}")


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def till(database: Database, bank: Bank) -> PriceDesk:
    open_shop(database)
    return desk(extra_plugins=[bank])


def buy(database: Database, till: PriceDesk, token: str) -> int:
    wish = OrderWish(
        cart_token=token, confirmed_minor=3_500, currency="CNY", idempotency_key="key-1"
    )
    return checkout(database.write, wish, actor=GUEST, desk=till, now=NOW)


def order(database: Database, order_id: int) -> Order:
    with database.reading() as connection:
        return placed_order(connection, WANTED, order_id, now=NOW)


def test_the_same_key_resumes_a_payment_whose_answer_was_lost(
    database: Database, till: PriceDesk, bank: Bank
) -> None:
    token = ready_cart(database, {TEA: 1}, payment="bank").token
    bank.dies_after_taking = True
    with pytest.raises(Killed):
        buy(database, till, token)

    order_id = buy(database, till, token)

    found = order(database, order_id)
    assert found.state == "AWAITING_FULFILMENT"
    assert [payment.status for payment in found.payments] == ["CAPTURED"]
    reference = f"{found.number}-1"
    assert (bank.asked, bank.taken) == ([reference, reference], {reference: 3_500})
    assert [event.kind for event in found.events] == [
        "PLACED",
        "PAYMENT_PENDING",
        "PAYMENT_CAPTURED",
    ]


def test_who_lost_the_key_asks_about_the_open_payment_instead(
    database: Database, till: PriceDesk, bank: Bank
) -> None:
    token = ready_cart(database, {TEA: 1}, payment="bank").token
    bank.dies_after_taking = True
    with pytest.raises(Killed):
        buy(database, till, token)

    check_payment(database.write, 1, cart_token=token, actor=GUEST, hooks=till.hooks, now=NOW)

    assert order(database, 1).state == "AWAITING_FULFILMENT"
    assert len(bank.taken) == 1


def test_money_taken_for_an_order_cancelled_meanwhile_is_given_back(
    database: Database, till: PriceDesk, bank: Bank
) -> None:
    token = ready_cart(database, {TEA: 1}, payment="bank").token
    bank.dies_after_taking = True
    with pytest.raises(Killed):
        buy(database, till, token)
    wish = CancelWish(order_id=1, idempotency_key="cancel", cart_token=token)
    cancel_order(database.write, wish, actor=GUEST, hooks=till.hooks, now=NOW)
    assert [payment.status for payment in order(database, 1).payments] == ["VOIDED"]

    late = PaymentResult(status=PaymentStatus.CAPTURED, reference="bank-1")
    reference = f"{order(database, 1).number}-1"
    for _ in range(2):
        answer(database.write, reference, late, hooks=till.hooks, actor="system", now=NOW)

    assert [payment.status for payment in order(database, 1).payments] == ["REFUND_DUE"]
    cancel_order(database.write, wish, actor=GUEST, hooks=till.hooks, now=NOW)
    found = order(database, 1)
    assert (found.state, found.payments[0].status) == ("CANCELLED", "REFUNDED")
    assert list(bank.given_back.values()) == [3_500]


def test_plugins_are_told_once_of_what_was_committed(
    database: Database, till: PriceDesk, bank: Bank
) -> None:
    token = ready_cart(database, {TEA: 1}, payment="bank").token

    buy(database, till, token)
    buy(database, till, token)

    assert bank.told == [
        "PLACED PENDING_PAYMENT 3500",
        "PAYMENT_PENDING PENDING_PAYMENT PENDING_PAYMENT",
        "PAYMENT_CAPTURED PENDING_PAYMENT AWAITING_FULFILMENT",
    ]

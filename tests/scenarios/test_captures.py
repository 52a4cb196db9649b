"""Money that a gateway holds: taken in parts or whole, let go, and what is under way meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.scenarios.till import Bank, Till, amounts, kinds, open_till

AT_ONCE = 20


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def till(database_url: str, tmp_path: Path, bank: Bank) -> Iterator[Till]:
    whole = Bank("whole", in_parts=False)
    with open_till(database_url, str(tmp_path), bank, whole, threads=16) as opened:
        yield opened


def codes(payload: object) -> list[str]:
    return [one["code"] for one in payload["userErrors"]]  # type: ignore[index]


def test_money_that_is_held_is_taken_in_parts_and_then_the_rest(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")
    held = till.order(order_id)
    assert (held["state"], held["paymentStatus"]) == ("AWAITING_FULFILMENT", "AUTHORIZED")
    assert amounts(held) == ("160.00", "0.00", "0.00", "0.00")

    part = till.capture(order_id, "60.00")["order"]
    assert part["paymentStatus"] == "PARTIALLY_PAID"
    assert amounts(part) == ("100.00", "60.00", "0.00", "0.00")
    rest = till.capture(order_id, key="c2")["order"]

    assert rest["paymentStatus"] == "PAID"
    assert amounts(rest) == ("0.00", "160.00", "0.00", "0.00")
    [payment] = rest["payments"]
    assert [
        (one["kind"], one["state"], one["amount"]["amount"]) for one in payment["movements"]
    ] == [
        ("AUTHORIZE", "SUCCEEDED", "160.00"),
        ("CAPTURE", "SUCCEEDED", "60.00"),
        ("CAPTURE", "SUCCEEDED", "100.00"),
    ]
    assert len({one["key"] for one in payment["movements"]}) == 3
    assert (
        kinds(rest)
        == ["PLACED", "PAYMENT_PENDING", "PAYMENT_AUTHORIZED"] + ["PAYMENT_CAPTURED"] * 2
    )
    assert bank.balance == 16_000


def test_more_than_is_held_is_refused_with_what_is_left(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")
    till.capture(order_id, "60.00")

    refused = till.capture(order_id, "100.01", key="c2")

    assert [(one["__typename"], one["left"]) for one in refused["userErrors"]] == [
        ("CaptureTooLarge", {"amount": "100.00"})
    ]
    assert codes(till.capture(order_id, "0.00", key="c3")) == ["CAPTURE_TOO_LARGE"]
    assert bank.balance == 6_000


def test_the_same_key_twice_is_one_capture(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")

    first = till.capture(order_id, "60.00")
    assert till.capture(order_id, "60.00") == first
    assert codes(till.capture(order_id, "61.00")) == ["IDEMPOTENCY_KEY_REUSED"]
    assert bank.balance == 6_000


def test_twenty_at_once_never_take_more_than_is_held(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")

    def take(number: int) -> str:
        return (codes(till.capture(order_id, "30.00", key=f"k{number}")) or ["DONE"])[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = Counter(pool.map(take, range(AT_ONCE)))

    assert outcomes == {"DONE": 5, "CAPTURE_TOO_LARGE": AT_ONCE - 5}
    assert amounts(till.order(order_id)) == ("10.00", "150.00", "0.00", "0.00")
    assert bank.balance == 15_000


def test_a_gateway_that_takes_all_or_nothing_is_asked_for_nothing_else(till: Till) -> None:
    order_id = till.sell("whole", token="hold")

    assert codes(till.capture(order_id, "60.00")) == ["GATEWAY_TAKES_ALL"]
    assert till.capture(order_id, key="c2")["order"]["paymentStatus"] == "PAID"


def test_what_a_gateway_refuses_to_take_is_still_held(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")
    bank.answers["capture"] = "no"

    refused = till.capture(order_id, "60.00")["order"]

    assert amounts(refused) == ("160.00", "0.00", "0.00", "0.00")
    assert refused["payments"][0]["movements"][-1]["state"] == "FAILED"
    assert kinds(refused)[-1] == "PAYMENT_CAPTURE_FAILED"
    bank.answers.clear()
    assert till.capture(order_id, key="c2")["order"]["paymentStatus"] == "PAID"


def test_a_capture_without_an_answer_is_asked_for_again_under_its_key(
    till: Till, bank: Bank
) -> None:
    order_id = till.sell(token="hold")
    bank.answers["capture"] = "dead"

    waiting = till.capture(order_id, "60.00")["order"]
    assert amounts(waiting) == ("160.00", "0.00", "0.00", "0.00")
    assert waiting["payments"][0]["capturableAmount"] == {"amount": "100.00"}
    bank.answers.clear()
    done = till.capture(order_id, "60.00")["order"]

    assert amounts(done) == ("100.00", "60.00", "0.00", "0.00")
    assert bank.balance == 6_000
    assert bank.asked[-1] == bank.asked[-2]


def test_held_money_is_let_go_and_the_order_can_be_paid_another_way(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")

    voided = till.void(order_id)["order"]

    assert (voided["state"], voided["paymentStatus"]) == ("AWAITING_FULFILMENT", "UNPAID")
    assert amounts(voided) == ("0.00", "0.00", "0.00", "0.00")
    assert voided["payments"][0]["status"] == "VOIDED"
    assert voided["outstandingTotal"] == {"amount": "160.00"}
    assert codes(till.void(order_id, key="v2")) == ["NOTHING_TO_VOID"]
    assert bank.sum_of("void") == 16_000

    paid = till.change(
        "orderPay", orderId=order_id, paymentMethod="bank", paymentToken="take", idempotencyKey="p"
    )["order"]
    assert (paid["state"], paid["paymentStatus"]) == ("AWAITING_FULFILMENT", "PAID")
    assert [one["status"] for one in paid["payments"]] == ["VOIDED", "CAPTURED"]


def test_an_order_paid_in_two_ways_is_given_back_to_both(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")
    till.capture(order_id, "60.00")
    rest = till.void(order_id)["order"]
    assert (amounts(rest), rest["paymentStatus"]) == (
        ("0.00", "60.00", "0.00", "0.00"),
        "PARTIALLY_PAID",
    )
    paid = till.change(
        "orderPay", orderId=order_id, paymentMethod="whole", paymentToken="take", idempotencyKey="p"
    )["order"]
    assert [(one["method"], one["capturedAmount"]["amount"]) for one in paid["payments"]] == [
        ("bank", "60.00"),
        ("whole", "100.00"),
    ]

    some = till.refund(order_id, "50.00")["refund"]
    both = till.refund(order_id, "110.00", key="r2")["refund"]

    assert [one["amount"]["amount"] for one in some["movements"]] == ["50.00"]
    assert [(one["amount"]["amount"], one["isByHand"]) for one in both["movements"]] == [
        ("10.00", False),
        ("100.00", False),
    ]
    assert both["state"] == "SUCCEEDED"
    assert till.order(order_id)["paymentStatus"] == "REFUNDED"
    assert bank.balance == 0


def test_a_refund_of_two_payments_of_which_one_fails_is_half_done(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")
    till.capture(order_id, "60.00")
    till.void(order_id)
    till.change(
        "orderPay", orderId=order_id, paymentMethod="whole", paymentToken="take", idempotencyKey="p"
    )
    bank.answers["refund"] = "no"

    half = till.refund(order_id, "160.00")

    assert half["refund"]["state"] == "PARTIALLY_FAILED"
    assert (half["refund"]["refundedAmount"], half["refund"]["failedAmount"]) == (
        {"amount": "100.00"},
        {"amount": "60.00"},
    )
    by_hand = till.change(
        "orderRefundRetry", refundId=half["refund"]["id"], byHand=True, idempotencyKey="again"
    )
    step = by_hand["refund"]["movements"][-1]
    assert (step["amount"], step["isByHand"]) == ({"amount": "60.00"}, True)
    done = till.change("moneyMovementResolve", movementId=step["id"], succeeded=True)["order"]
    assert done["refunds"]["nodes"][0]["state"] == "SUCCEEDED"


def test_a_refund_may_be_of_one_payment_alone(till: Till) -> None:
    order_id = till.sell(token="hold")
    till.capture(order_id, "60.00")
    till.void(order_id)
    paid = till.change(
        "orderPay", orderId=order_id, paymentMethod="whole", paymentToken="take", idempotencyKey="p"
    )["order"]
    first, second = (one["id"] for one in paid["payments"])

    too_much = till.refund(order_id, "60.01", paymentIds=[first])
    assert [one["left"] for one in too_much["userErrors"]] == [{"amount": "60.00"}]
    given = till.refund(order_id, "100.00", key="r2", paymentIds=[second])["order"]
    assert [one["refundedAmount"]["amount"] for one in given["payments"]] == ["0.00", "100.00"]


def test_a_cancelled_order_lets_go_of_what_is_held(till: Till, bank: Bank) -> None:
    order_id = till.sell(token="hold")

    cancelled = till.cancel(order_id)["order"]

    assert (cancelled["paymentStatus"], cancelled["payments"][0]["status"]) == ("UNPAID", "VOIDED")
    assert bank.sum_of("void") == 16_000
    assert codes(till.capture(order_id)) == ["ORDER_STATE_CONFLICT"]


def test_a_cancelled_order_partly_taken_gives_that_back_and_lets_go_of_the_rest(
    till: Till, bank: Bank
) -> None:
    order_id = till.sell(token="hold")
    till.capture(order_id, "60.00")

    cancelled = till.cancel(order_id)["order"]

    assert amounts(cancelled) == ("0.00", "60.00", "0.00", "60.00")
    assert (cancelled["paymentStatus"], cancelled["payments"][0]["status"]) == (
        "REFUNDED",
        "REFUNDED",
    )
    assert (bank.balance, bank.sum_of("void")) == (0, 10_000)


@pytest.mark.parametrize(
    ("answer", "taken", "let_go"),
    [("yes", "160.00", 0), ("no", "0.00", 16_000)],
)
def test_an_order_cancelled_while_its_money_is_taken_waits_for_the_answer(
    till: Till, bank: Bank, answer: str, taken: str, let_go: int
) -> None:
    order_id = till.sell(token="hold")
    bank.answers["capture"] = "silent"
    till.capture(order_id)

    waiting = till.cancel(order_id)["order"]
    assert waiting["payments"][0]["status"] == "VOID_DUE"
    bank.answers["capture"] = answer
    if answer == "no":
        bank.acts = {key: act for key, act in bank.acts.items() if act[0] != "capture"}
    done = till.cancel(order_id)["order"]

    assert amounts(done) == ("0.00", taken, "0.00", taken)
    assert (bank.balance, bank.sum_of("void")) == (0, let_go)


def test_only_staff_of_orders_move_money(till: Till) -> None:
    order_id = till.sell(token="hold")
    payment_id = till.payment_id(order_id)
    capture = """mutation ($input: PaymentCaptureInput!) {
      paymentCapture(input: $input) { userErrors { code } } }"""

    given = {"paymentId": payment_id, "idempotencyKey": "k"}
    assert till.door.refusal(capture, input=given) == "UNAUTHENTICATED"
    assert till.door.refusal(capture, till.door.customer(), input=given) == "FORBIDDEN"


def test_cash_is_not_at_a_gateway(till: Till) -> None:
    order_id = till.sell("cash_on_delivery")

    assert codes(till.capture(order_id)) == ["PAYMENT_MANUAL"]
    assert codes(till.void(order_id)) == ["GATEWAY_UNAVAILABLE"]
    paid = till.change("orderMarkPaid", orderId=order_id)["order"]
    steps = [(one["kind"], one["state"]) for one in paid["payments"][0]["movements"]]
    assert steps == [("AUTHORIZE", "SUCCEEDED"), ("CAPTURE", "SUCCEEDED")]


def test_staff_find_orders_by_how_far_they_are_paid(till: Till) -> None:
    held, taken = till.sell(token="hold"), till.sell()
    back = till.sell()
    till.refund(back, "10.00")
    query = """query ($filter: OrderFilterInput) {
      orders(filter: $filter, sort: { by: PLACED_AT, descending: false }) { nodes { id } } }"""

    def found(*statuses: str) -> list[str]:
        answered = till.door.ask(query, till.clerk, filter={"paymentStatuses": list(statuses)})
        return [one["id"] for one in answered["nodes"]]

    assert found("AUTHORIZED") == [held]
    assert found("PAID", "PARTIALLY_REFUNDED") == [taken, back]
    assert found("UNPAID") == []

"""Money that goes back: split over an order's parts, never more than was taken, once per key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.orders.tables import payments
from tests.carts.shop import change_rows
from tests.scenarios.till import Bank, Till, amounts, kinds, open_till

AT_ONCE = 50
TEN = {"amount": "10.00"}


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def till(database_url: str, tmp_path: Path, bank: Bank) -> Iterator[Till]:
    whole = Bank("whole", in_parts=False)
    with open_till(database_url, str(tmp_path), bank, whole, threads=16) as opened:
        yield opened


def test_a_refund_is_split_over_lines_delivery_and_the_rest_to_the_cent(
    till: Till, bank: Bank
) -> None:
    order_id = till.sell()
    tea, cup = (line["id"] for line in till.order(order_id)["lines"])

    payload = till.refund(
        order_id,
        "62.34",
        lines=[
            {"lineId": tea, "quantity": 1, "amount": "25.00"},
            {"lineId": cup, "quantity": 0, "amount": "30.01"},
        ],
        shipping="5.00",
        reason="一杯破了",
    )

    assert payload["userErrors"] == []
    [step] = payload["refund"].pop("movements")
    assert (step["kind"], step["state"], step["isByHand"]) == ("REFUND", "SUCCEEDED", False)
    assert {name: value for name, value in payload["refund"].items() if name != "id"} == {
        "state": "SUCCEEDED",
        "cause": "STAFF",
        "reason": "一杯破了",
        "amount": {"amount": "62.34"},
        "shippingAmount": {"amount": "5.00"},
        "adjustmentAmount": {"amount": "2.33"},
        "refundedAmount": {"amount": "62.34"},
        "failedAmount": {"amount": "0.00"},
        "lines": [
            {"sku": "SKU-1", "quantity": 1, "amount": {"amount": "25.00"}},
            {"sku": "SKU-2", "quantity": 0, "amount": {"amount": "30.01"}},
        ],
    }
    order = payload["order"]
    assert order["paymentStatus"] == "PARTIALLY_REFUNDED"
    assert amounts(order) == ("0.00", "160.00", "0.00", "62.34")
    assert order["refundableTotal"] == {"amount": "97.66"}
    assert [(one["refundedQuantity"], one["refundedTotal"]) for one in order["lines"]] == [
        (1, {"amount": "25.00"}),
        (0, {"amount": "30.01"}),
    ]
    assert order["state"] == "AWAITING_FULFILMENT"
    assert kinds(order)[-3:] == ["REFUND_STARTED", "PAYMENT_REFUNDED", "REFUND_SUCCEEDED"]
    assert bank.balance == 16_000 - 6_234


def test_more_than_is_left_is_refused_with_what_is_left(till: Till, bank: Bank) -> None:
    order_id = till.sell()
    tea, _ = (line["id"] for line in till.order(order_id)["lines"])
    till.refund(order_id, "100.00", lines=[{"lineId": tea, "quantity": 1, "amount": "20.00"}])

    payload = till.refund(
        order_id,
        "90.00",
        key="r2",
        lines=[{"lineId": tea, "quantity": 2, "amount": "31.00"}],
        shipping="10.01",
    )

    assert payload["refund"] is None and payload["order"] is None
    told = [(one["__typename"], one["field"], one["left"]) for one in payload["userErrors"]]
    assert told == [
        ("RefundLineTooLarge", ["lines", "0", "quantity"], {"amount": "30.00"}),
        ("RefundTooLarge", ["shipping"], TEN),
        ("RefundTooLarge", ["amount"], {"amount": "60.00"}),
    ]
    assert payload["userErrors"][0]["leftQuantity"] == 1
    assert bank.balance == 6_000
    assert till.refund(order_id, "60.00", key="r3")["order"]["paymentStatus"] == "REFUNDED"


@pytest.mark.parametrize(
    ("amount", "given", "code", "field"),
    [
        ("0.00", {}, "OUT_OF_RANGE", ["amount"]),
        ("-1.00", {}, "REFUND_PARTS_EXCEED_AMOUNT", ["amount"]),
        ("4.00", {"shipping": "5.00"}, "REFUND_PARTS_EXCEED_AMOUNT", ["amount"]),
        ("4.00", {"shipping": "-5.00"}, "OUT_OF_RANGE", ["shipping"]),
        ("4.00", {"reason": "字" * 501}, "TOO_LONG", ["reason"]),
    ],
)
def test_a_refund_that_makes_no_sense_is_refused(
    till: Till, bank: Bank, amount: str, given: dict[str, Any], code: str, field: list[str]
) -> None:
    order_id = till.sell()

    refused = till.refund(order_id, amount, **given)["userErrors"]

    assert [(one["code"], one["field"]) for one in refused][:1] == [(code, field)]
    assert bank.balance == 16_000


def test_lines_of_another_order_or_named_twice_are_refused(till: Till) -> None:
    first, second = till.sell(), till.sell()
    strange = till.order(second)["lines"][0]["id"]
    own = till.order(first)["lines"][0]["id"]
    line = {"lineId": strange, "quantity": 1, "amount": "1.00"}

    assert till.refund(first, "1.00", lines=[line])["userErrors"][0]["code"] == (
        "ORDER_LINE_NOT_FOUND"
    )
    twice = till.refund(first, "2.00", lines=[{**line, "lineId": own}] * 2)
    assert [one["code"] for one in twice["userErrors"]] == ["DUPLICATE"]


def test_the_same_key_twice_is_one_refund(till: Till, bank: Bank) -> None:
    order_id = till.sell()

    first = till.refund(order_id, "10.00")
    second = till.refund(order_id, "10.00")
    other = till.refund(order_id, "11.00")

    assert first == second
    assert [one["code"] for one in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]
    assert bank.balance == 15_000


def test_fifty_at_once_never_give_back_more_than_was_taken(till: Till, bank: Bank) -> None:
    order_id = till.sell()

    def give_back(number: int) -> str:
        payload = till.refund(order_id, "10.00", key=f"k{number}")
        codes = [one["code"] for one in payload["userErrors"]]
        return codes[0] if codes else str(payload["refund"]["state"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = Counter(pool.map(give_back, range(AT_ONCE)))

    assert outcomes == {"SUCCEEDED": 16, "REFUND_TOO_LARGE": AT_ONCE - 16}
    order = till.order(order_id)
    assert amounts(order) == ("0.00", "160.00", "0.00", "160.00")
    assert (order["paymentStatus"], order["payments"][0]["status"]) == ("REFUNDED", "REFUNDED")
    assert order["refunds"]["totalCount"] == 16
    assert (bank.balance, bank.sum_of("refund")) == (0, 16_000)


def test_fifty_at_once_give_back_each_piece_of_a_line_once(till: Till, bank: Bank) -> None:
    order_id = till.sell()
    tea = till.order(order_id)["lines"][0]["id"]

    def give_back(number: int) -> str:
        line = {"lineId": tea, "quantity": 1, "amount": "25.00"}
        payload = till.refund(order_id, "25.00", key=f"k{number}", lines=[line])
        codes = [one["code"] for one in payload["userErrors"]]
        return codes[0] if codes else str(payload["refund"]["state"])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes = Counter(pool.map(give_back, range(AT_ONCE)))

    assert outcomes == {"SUCCEEDED": 2, "REFUND_LINE_TOO_LARGE": AT_ONCE - 2}
    assert bank.sum_of("refund") == 5_000


@pytest.mark.parametrize("how", ["silent", "dead"])
def test_a_refund_without_an_answer_stays_pending_and_is_asked_for_under_its_key(
    till: Till, bank: Bank, how: str
) -> None:
    order_id = till.sell()
    bank.answers["refund"] = how

    waiting = till.refund(order_id, "100.00")

    assert (waiting["refund"]["state"], waiting["order"]["paymentStatus"]) == ("PENDING", "PAID")
    assert amounts(waiting["order"]) == ("0.00", "160.00", "100.00", "0.00")
    assert till.refund(order_id, "60.01", key="r2")["userErrors"][0]["left"] == {"amount": "60.00"}
    bank.answers.clear()
    settled = till.refund(order_id, "100.00")
    assert settled["refund"]["state"] == "SUCCEEDED"
    assert amounts(settled["order"]) == ("0.00", "160.00", "0.00", "100.00")
    [key] = {step["key"] for step in settled["refund"]["movements"]}
    assert bank.asked.count(key) == 2
    assert bank.sum_of("refund") == 10_000


def test_a_refund_that_fails_leaves_its_money_and_pieces_to_be_given_back(
    till: Till, bank: Bank
) -> None:
    order_id = till.sell()
    tea = till.order(order_id)["lines"][0]["id"]
    bank.answers["refund"] = "no"
    line = {"lineId": tea, "quantity": 2, "amount": "50.00"}

    failed = till.refund(order_id, "60.00", lines=[line], shipping="10.00")

    assert failed["refund"]["state"] == "FAILED"
    assert failed["refund"]["failedAmount"] == {"amount": "60.00"}
    assert failed["refund"]["movements"][0]["message"] == "Not today."
    assert amounts(failed["order"]) == ("0.00", "160.00", "0.00", "0.00")
    assert failed["order"]["lines"][0]["refundedQuantity"] == 0
    assert kinds(failed["order"])[-1] == "REFUND_FAILED"

    bank.answers.clear()
    wish = {"refundId": failed["refund"]["id"], "idempotencyKey": "again"}
    tried = till.change("orderRefundRetry", **wish)
    assert tried["refund"]["state"] == "SUCCEEDED"
    assert tried["order"]["lines"][0]["refundedQuantity"] == 2
    assert till.change("orderRefundRetry", **wish) == tried
    over = till.change("orderRefundRetry", **{**wish, "idempotencyKey": "once more"})
    assert [one["code"] for one in over["userErrors"]] == ["REFUND_NOT_FAILED"]
    assert bank.balance == 10_000


def test_what_failed_is_not_tried_again_once_it_went_back_otherwise(till: Till, bank: Bank) -> None:
    order_id = till.sell()
    bank.answers["refund"] = "no"
    failed = till.refund(order_id, "10.00", shipping="10.00")["refund"]["id"]
    bank.answers.clear()
    till.refund(order_id, "10.00", key="r2", shipping="10.00")

    tried = till.change("orderRefundRetry", refundId=failed, idempotencyKey="again")

    assert [one["code"] for one in tried["userErrors"]] == ["ORDER_CHANGED"]
    assert bank.sum_of("refund") == 1_000


def test_cash_is_given_back_by_hand_and_noted(till: Till) -> None:
    order_id = till.sell("cash_on_delivery")
    assert till.refund(order_id, "1.00")["userErrors"][0]["left"] == {"amount": "0.00"}
    paid = till.change("orderMarkPaid", orderId=order_id)["order"]
    assert paid["paymentStatus"] == "PAID"

    begun = till.refund(order_id, "40.00", key="r2")

    [step] = begun["refund"]["movements"]
    assert (step["state"], step["isByHand"]) == ("PENDING", True)
    wish = {"movementId": step["id"], "succeeded": True, "note": "微信转账 40 元"}
    done = till.change("moneyMovementResolve", **wish)["order"]
    assert done["refunds"]["nodes"][0]["state"] == "SUCCEEDED"
    assert done["refunds"]["nodes"][0]["movements"][0]["message"] == "微信转账 40 元"
    assert amounts(done) == ("0.00", "160.00", "0.00", "40.00")
    assert till.change("moneyMovementResolve", **wish)["order"] == done
    other = till.change("moneyMovementResolve", **{**wish, "succeeded": False})
    assert [one["code"] for one in other["userErrors"]] == ["MOVEMENT_OVER"]


def test_a_part_of_what_a_gateway_gives_back_whole_is_for_people_to_give_back(
    till: Till,
) -> None:
    part, whole = till.sell("whole"), till.sell("whole")

    [by_hand] = till.refund(part, "40.00")["refund"]["movements"]
    [by_gateway] = till.refund(whole, "160.00", key="r2")["refund"]["movements"]

    assert (by_hand["isByHand"], by_hand["state"]) == (True, "PENDING")
    assert (by_gateway["isByHand"], by_gateway["state"]) == (False, "SUCCEEDED")


def test_people_wait_an_hour_before_they_say_what_a_gateway_did(till: Till, bank: Bank) -> None:
    order_id = till.sell()
    bank.answers["refund"] = "dead"
    [step] = till.refund(order_id, "40.00")["refund"]["movements"]
    wish = {"movementId": step["id"], "succeeded": True, "note": "Seen at the bank."}

    early = till.change("moneyMovementResolve", **wish)
    assert [one["code"] for one in early["userErrors"]] == ["MOVEMENT_NOT_MANUAL"]

    till.door.clock.now += 3_600_000
    late = till.change("moneyMovementResolve", **wish)["order"]
    assert amounts(late) == ("0.00", "160.00", "0.00", "40.00")


def test_cancelling_a_paid_order_gives_back_what_is_left_of_it_once(till: Till, bank: Bank) -> None:
    order_id = till.sell()
    till.refund(order_id, "60.00")

    cancelled = till.cancel(order_id)["order"]

    assert (cancelled["state"], cancelled["paymentStatus"]) == ("CANCELLED", "REFUNDED")
    assert amounts(cancelled) == ("0.00", "160.00", "0.00", "160.00")
    last = cancelled["refunds"]["nodes"][-1]
    assert (last["cause"], last["amount"]) == ("CANCELLATION", {"amount": "100.00"})
    assert [(one["sku"], one["quantity"], one["amount"]) for one in last["lines"]] == [
        ("SKU-1", 2, {"amount": "50.00"}),
        ("SKU-2", 1, {"amount": "50.00"}),
    ]
    assert till.cancel(order_id)["order"] == cancelled
    assert bank.balance == 0


def test_a_cancelled_order_whose_refund_failed_can_still_be_given_back(
    till: Till, bank: Bank
) -> None:
    order_id = till.sell()
    bank.answers["refund"] = "no"

    cancelled = till.cancel(order_id)["order"]

    assert (cancelled["paymentStatus"], cancelled["payments"][0]["status"]) == (
        "PAID",
        "REFUND_DUE",
    )
    bank.answers.clear()
    refund_id = cancelled["refunds"]["nodes"][0]["id"]
    tried = till.change("orderRefundRetry", refundId=refund_id, idempotencyKey="again")
    assert tried["order"]["payments"][0]["status"] == "REFUNDED"
    assert bank.balance == 0


def test_money_does_not_move_back_and_forth_without_end(till: Till) -> None:
    order_id = till.sell()
    change_rows(till.database, payments, payments.c.id > 0, version=501)

    assert [one["code"] for one in till.refund(order_id, "1.00")["userErrors"]] == ["TOO_MANY"]
    assert till.cancel(order_id)["order"]["paymentStatus"] == "REFUNDED"


def test_refunds_are_read_in_the_same_statements_however_many_there_are(till: Till) -> None:
    query = """
      query { orders(first: 50) { nodes { refundedTotal { amount } refunds { nodes {
        amount { amount } lines { sku } movements { key } } }
        payments { movements { key } } } } }"""

    def statements() -> int:
        seen: list[str] = []
        database = till.door.http.app.state.shop.database  # type: ignore[attr-defined]
        database.recorder = seen.append
        till.door.ask(query, till.clerk)
        database.recorder = None
        return len(seen)

    till.refund(till.sell(), "1.00")
    few = statements()
    for number in range(5):
        order_id = till.sell()
        for again in range(3):
            till.refund(order_id, "1.00", key=f"{number}-{again}")
    assert statements() == few

"""A bank that keeps its own books, and a clerk who takes money through it and gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from storeql.db import Database
from storeql.hooks import (
    PaymentGateway,
    PaymentRequest,
    PaymentResult,
    PaymentStatus,
    hookimpl,
)
from storeql.pricing import Text
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop

NAME = Text("Bank", "银行")
MONEY = "amount { amount }"
MOVEMENT = f"id kind state key {MONEY} isByHand message asks"
REFUND = f"""
  id state cause reason {MONEY} shippingAmount {{ amount }} adjustmentAmount {{ amount }}
  refundedAmount {{ amount }} failedAmount {{ amount }}
  lines {{ sku quantity {MONEY} }} movements {{ {MOVEMENT} }}"""
PAID = f"""
  id state paymentStatus authorizedTotal {{ amount }} capturedTotal {{ amount }}
  returningTotal {{ amount }} refundedTotal {{ amount }} refundableTotal {{ amount }}
  outstandingTotal {{ amount }}
  lines {{ id sku refundedQuantity refundedTotal {{ amount }} }}
  payments {{ id method status {MONEY} authorizedAmount {{ amount }} capturableAmount {{ amount }}
    capturedAmount {{ amount }} refundedAmount {{ amount }} refundableAmount {{ amount }}
    movements {{ {MOVEMENT} }} }}
  refunds {{ nodes {{ {REFUND} }} totalCount }}
  events {{ kind }}"""
LEFT = """userErrors { __typename code field message
  ... on RefundTooLarge { left { amount } } ... on CaptureTooLarge { left { amount } }
  ... on RefundLineTooLarge { left { amount } leftQuantity } }"""
ORDER = f"query ($id: ID!) {{ order(id: $id) {{ {PAID} }} }}"


class Bank:
    """A gateway that acts once per key and remembers what it did.

    `answers` says for a step what it does: "yes" acts, "no" declines, "silent" acts and says that
    the answer comes later, "dead" acts and fails before it can say so.
    """

    def __init__(self, key: str = "bank", *, in_parts: bool = True) -> None:
        self.__name__ = f"{key}-of-the-tests"
        self.key = key
        self.in_parts = in_parts
        self.answers: dict[str, str] = {}
        self.acts: dict[str, tuple[str, int]] = {}
        self.asked: list[str] = []

    @property
    def balance(self) -> int:
        """What it took and has not given back, in minor units."""
        return self.sum_of("capture") - self.sum_of("refund")

    def sum_of(self, step: str) -> int:
        """All amounts of a step."""
        return sum(amount for kind, amount in self.acts.values() if kind == step)

    def authorize(self, request: PaymentRequest) -> PaymentResult:
        taken = request.token != "hold"
        step = "capture" if taken else "authorize"
        status = PaymentStatus.CAPTURED if taken else PaymentStatus.AUTHORIZED
        return self._act(step, request, status)

    def capture(self, request: PaymentRequest) -> PaymentResult:
        return self._act("capture", request, PaymentStatus.CAPTURED)

    def void(self, request: PaymentRequest) -> PaymentResult:
        return self._act("void", request, PaymentStatus.VOIDED)

    def refund(self, request: PaymentRequest) -> PaymentResult:
        return self._act("refund", request, PaymentStatus.REFUNDED)

    def _act(self, step: str, request: PaymentRequest, done: PaymentStatus) -> PaymentResult:
        self.asked.append(request.key)
        answer = self.answers.get(step, "yes")
        if answer == "no":
            return PaymentResult(status=PaymentStatus.DECLINED, message="Not today.")
        self.acts.setdefault(request.key, (step, request.amount_minor))
        if answer == "dead":
            raise ConnectionError("The bank hung up.")
        if answer == "silent":
            return PaymentResult(status=PaymentStatus.PENDING, message="We will see.")
        return PaymentResult(status=done, reference=f"{self.key}-{request.order_number}")

    @hookimpl
    def storeql_payment_gateways(self) -> list[PaymentGateway]:
        return [
            PaymentGateway(
                key=self.key,
                title=NAME,
                what=NAME,
                authorize=self.authorize,
                capture=self.capture,
                void=self.void,
                refund=self.refund,
                in_parts=self.in_parts,
            )
        ]


class Till:
    """A clerk of the small shop; every order is of 2 teas and a cup for 160.00."""

    def __init__(self, door: Door, database: Database) -> None:
        self.door = door
        self.database = database
        hired(database, "clerk@example.cn", "orders")
        self.clerk = door.staff("clerk@example.cn")
        self._sold = 0

    def sell(self, method: str = "bank", token: str = "take") -> str:
        """The id of an order that was paid so."""
        self._sold += 1
        shopper = Shopper(self.door)
        shopper.ready(method)
        payload = shopper.place("160.00", f"sold-{self._sold}", paymentToken=token)
        assert payload["userErrors"] == []
        return str(payload["order"]["id"])

    def order(self, order_id: str) -> Any:
        """The order as the clerk sees it."""
        return self.door.ask(ORDER, self.clerk, id=order_id)

    def payment_id(self, order_id: str) -> str:
        """The id of the order's first payment."""
        return str(self.order(order_id)["payments"][0]["id"])

    def refund(self, order_id: str, amount: str, key: str = "r1", **more: Any) -> Any:
        """Gives money of the order back."""
        given = {"orderId": order_id, "amount": {"amount": amount, "currency": "CNY"}, **more}
        return self.change("orderRefundCreate", idempotencyKey=key, **given)

    def capture(self, order_id: str, amount: str | None = None, key: str = "c1") -> Any:
        """Takes money of the order's first payment."""
        given = {"paymentId": self.payment_id(order_id), "idempotencyKey": key}
        if amount is not None:
            given["amount"] = {"amount": amount, "currency": "CNY"}  # type: ignore[assignment]
        return self.change("paymentCapture", **given)

    def void(self, order_id: str, key: str = "v1") -> Any:
        """Lets go of what the order's first payment holds."""
        return self.change("paymentVoid", paymentId=self.payment_id(order_id), idempotencyKey=key)

    def cancel(self, order_id: str, key: str = "x1") -> Any:
        """Cancels the order."""
        return self.change("orderCancel", orderId=order_id, idempotencyKey=key)

    def change(self, name: str, **given: Any) -> Any:
        """Runs a mutation with its input."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        refund = f"refund {{ {REFUND} }}" if name.startswith("orderRefund") else ""
        query = f"""
          mutation ($input: {kind}!) {{
            {name}(input: $input) {{ {refund} order {{ {PAID} }} {LEFT} }}
          }}"""
        return self.door.ask(query, self.clerk, input=given)


@contextmanager
def open_till(database_url: str, media_dir: str, *banks: Bank, **settings: Any) -> Iterator[Till]:
    """The small shop with these banks and a clerk."""
    opened = open_small_shop(database_url, media_dir, plugins=banks, **settings)
    with opened as (door, database):
        yield Till(door, database)


def amounts(order: Any) -> tuple[str, str, str, str]:
    """What is held, was taken, is on its way back, and is back."""
    names = ("authorizedTotal", "capturedTotal", "returningTotal", "refundedTotal")
    held, taken, returning, back = (order[name]["amount"] for name in names)
    return held, taken, returning, back


def kinds(order: Any) -> list[str]:
    """The kinds of the order's events."""
    return [event["kind"] for event in order["events"]]

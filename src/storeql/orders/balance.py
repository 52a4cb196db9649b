"""What an order's payments come to: four amounts kept on its row, and the status they make.

They change by one UPDATE that also sees to it that no more is given back than was taken.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, case

from storeql.orders.tables import orders


class OrderPaymentStatus(StrEnum):
    """How far an order is paid.

    AUTHORIZED: its money is promised or held. PAID: all of it was taken; so it is of an order that
    costs nothing. PARTIALLY_REFUNDED and REFUNDED: some, or all, of what was taken is back.
    """

    UNPAID = "UNPAID"
    AUTHORIZED = "AUTHORIZED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


class Balance(Struct, frozen=True, kw_only=True):
    """An order's money in minor units, or a change of it.

    `authorized_minor` is held and not taken yet. Of `captured_minor`, which was taken,
    `returning_minor` is on its way back and `refunded_minor` is back.
    """

    authorized_minor: int = 0
    captured_minor: int = 0
    returning_minor: int = 0
    refunded_minor: int = 0

    @property
    def refundable_minor(self) -> int:
        """What can still be given back."""
        return self.captured_minor - self.returning_minor - self.refunded_minor

    def plus(self, change: Balance) -> Balance:
        """The balance after a change."""
        sums = {name: getattr(self, name) + getattr(change, name) for name in NAMES}
        return Balance(**sums)


NAMES = Balance.__struct_fields__
NOTHING = Balance()


def status_of(total_minor: int, balance: Balance) -> OrderPaymentStatus:
    """How far an order of this total is paid."""
    taken, back = balance.captured_minor, balance.refunded_minor
    if back > 0:
        is_all = back >= taken
        return OrderPaymentStatus.REFUNDED if is_all else OrderPaymentStatus.PARTIALLY_REFUNDED
    if taken >= total_minor:
        return OrderPaymentStatus.PAID
    if taken > 0:
        return OrderPaymentStatus.PARTIALLY_PAID
    is_held = balance.authorized_minor > 0
    return OrderPaymentStatus.AUTHORIZED if is_held else OrderPaymentStatus.UNPAID


def changed() -> dict[str, ColumnElement[Any]]:
    """What an UPDATE of orders sets; its parameters are those of `change_params`."""
    return {**_AFTER, "payment_status": _STATUS}


def stays_sound() -> ColumnElement[bool]:
    """The condition of that UPDATE: nothing falls below zero, nothing goes back twice."""
    taken = _AFTER["captured_minor"]
    back = _AFTER["returning_minor"] + _AFTER["refunded_minor"]
    return and_(*(after >= 0 for after in _AFTER.values()), back <= taken)


def change_params(change: Balance) -> dict[str, int]:
    """The parameters of a change."""
    return {f"by_{name}": getattr(change, name) for name in NAMES}


_AFTER: dict[str, ColumnElement[int]] = {
    name: orders.c[name] + bindparam(f"by_{name}", type_=orders.c[name].type) for name in NAMES
}
_taken, _back = _AFTER["captured_minor"], _AFTER["refunded_minor"]
_STATUS = case(
    (and_(_back > 0, _back >= _taken), OrderPaymentStatus.REFUNDED.value),
    (_back > 0, OrderPaymentStatus.PARTIALLY_REFUNDED.value),
    (_taken >= orders.c.total_minor, OrderPaymentStatus.PAID.value),
    (_taken > 0, OrderPaymentStatus.PARTIALLY_PAID.value),
    (_AFTER["authorized_minor"] > 0, OrderPaymentStatus.AUTHORIZED.value),
    else_=OrderPaymentStatus.UNPAID.value,
)

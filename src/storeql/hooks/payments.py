"""The hook through which payment gateways reach the shop, and what is said to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from msgspec import Struct

from storeql.hooks.markers import hookspec
from storeql.pricing import Text


class PaymentStatus(Enum):
    """What a gateway answered.

    AUTHORIZED: the amount is held. CAPTURED: it is paid. DECLINED: it will not be. PENDING: the
    answer comes later, ask with `check`. VOIDED and REFUNDED: it was let go, or given back.
    """

    AUTHORIZED = "AUTHORIZED"
    CAPTURED = "CAPTURED"
    DECLINED = "DECLINED"
    PENDING = "PENDING"
    VOIDED = "VOIDED"
    REFUNDED = "REFUNDED"


class PaymentRequest(Struct, frozen=True, kw_only=True):
    """What the shop asks of a gateway; `amount_minor` is minor units of `currency`.

    `key` names this request: a gateway asked twice with one key acts once. `reference` is the
    gateway's own name of an earlier payment (empty for `authorize`). `token` and `data` come from
    the buyer's front end, as the gateway told it to send them.
    """

    key: str
    order_number: str
    amount_minor: int
    currency: str
    exponent: int
    reference: str = ""
    token: str = ""
    email: str = ""
    data: Mapping[str, str] = {}


class PaymentResult(Struct, frozen=True, kw_only=True):
    """A gateway's answer; `reference` names the payment there, `message` is for people."""

    status: PaymentStatus
    reference: str = ""
    message: str = ""


Ask = Callable[[PaymentRequest], PaymentResult]


@dataclass(frozen=True, kw_only=True)
class PaymentGateway:
    """A way to pay, as a plugin registers it.

    `key` is stored with every payment and is what a buyer chooses; lower case. Each function is
    plain and may use the network: it is never called inside a transaction. One that raises counts
    as PENDING, because nobody knows whether the money moved. A gateway without `capture`, `void`,
    `refund` or `check` cannot do that; what is to be given back is then for people to do.

    `in_parts`: `capture` and `refund` act on the `amount_minor` of their request, which may be less
    than the whole, and may be asked several times for one payment, under keys of their own. Of a
    gateway without it only all at once is asked.

    `offline`: money changes hands outside the shop (on delivery, by transfer) and `authorize` only
    says so, from its request alone. It is asked within the order's own transaction, so it must not
    use the network, and staff confirm by hand that the money came.
    """

    key: str
    title: Text
    what: Text
    authorize: Ask
    capture: Ask | None = None
    void: Ask | None = None
    refund: Ask | None = None
    check: Ask | None = None
    offline: bool = False
    in_parts: bool = False
    plugin: str = "storeql"
    plugin_version: str = ""


@hookspec
def storeql_payment_gateways() -> list[PaymentGateway]:  # type: ignore[empty-body]
    """The ways to pay that this plugin brings.

    Called once, at start. The return is a list of `PaymentGateway` values; None is an empty list.
    Their functions are called later, once per payment step, outside any transaction.

    Ordering: buyers see gateways by key.

    Errors: a plugin that raises, returns anything else, or takes a key that is not free, is left
    out whole and listed as broken with the reason; the shop starts without it.

    >>> from storeql.hooks import (
    ...     PaymentGateway, PaymentRequest, PaymentResult, PaymentStatus, hookimpl, load_hooks,
    ... )
    >>> from storeql.pricing import Text
    >>> def take(request):
    ...     if request.amount_minor > 1000_00:
    ...         return PaymentResult(status=PaymentStatus.DECLINED, message="Too much for points.")
    ...     return PaymentResult(status=PaymentStatus.CAPTURED, reference=f"P-{request.key}")
    >>> class Points:
    ...     @hookimpl
    ...     def storeql_payment_gateways(self):
    ...         return [
    ...             PaymentGateway(
    ...                 key="points",
    ...                 title=Text("Points", "积分"),
    ...                 what=Text("Pay with points.", "用积分支付。"),
    ...                 authorize=take,
    ...             )
    ...         ]
    >>> hooks = load_hooks(extra_plugins=[Points()])
    >>> request = PaymentRequest(
    ...     key="order:12", order_number="S100012", amount_minor=15000, currency="CNY", exponent=2
    ... )
    >>> hooks.ask_gateway("points", "authorize", request).reference
    'P-order:12'
    """

"""A card gateway for development: what it answers is in the token it is given.

It keeps nothing, so that it answers the same after a restart, and asking twice is asking once.
It takes no real money: leave it disabled where people shop.
"""

from __future__ import annotations

from storeql.hooks import PaymentGateway, PaymentRequest, PaymentResult, PaymentStatus, hookimpl
from storeql.pricing import Text

SUCCEEDS = "4242424242424242"
DECLINES = "4000000000000002"
ANSWERS_LATE = "4000000000000259"
LATE = "late-"


def authorize(request: PaymentRequest) -> PaymentResult:
    """Paid for the card ending 4242, declined for 0002 and others, answered later for 0259."""
    token = request.token.replace(" ", "")
    if token in (SUCCEEDS, "tok_success"):
        return PaymentResult(status=PaymentStatus.CAPTURED, reference=f"fake-{request.key}")
    if token in (ANSWERS_LATE, "tok_late"):
        return PaymentResult(
            status=PaymentStatus.PENDING,
            reference=f"{LATE}{request.key}",
            message="The bank will answer later.",
        )
    if token in (DECLINES, "tok_declined"):
        return PaymentResult(status=PaymentStatus.DECLINED, message="The card was declined.")
    return PaymentResult(status=PaymentStatus.DECLINED, message="This is not a card.")


def check(request: PaymentRequest) -> PaymentResult:
    """The late answer: paid."""
    return PaymentResult(status=PaymentStatus.CAPTURED, reference=request.reference)


def void(request: PaymentRequest) -> PaymentResult:
    """Lets go of an amount that was not captured."""
    return PaymentResult(status=PaymentStatus.VOIDED, reference=request.reference)


def refund(request: PaymentRequest) -> PaymentResult:
    """Gives the amount back, a part of it or all."""
    return PaymentResult(status=PaymentStatus.REFUNDED, reference=request.reference)


FAKE_CARD = PaymentGateway(
    key="fake_card",
    title=Text("Test card", "测试银行卡"),
    what=Text(
        f"For development: {SUCCEEDS} pays, {DECLINES} is declined, {ANSWERS_LATE} is late.",
        f"仅供开发：{SUCCEEDS} 支付成功，{DECLINES} 被拒，{ANSWERS_LATE} 稍后答复。",
    ),
    authorize=authorize,
    void=void,
    refund=refund,
    check=check,
    in_parts=True,
)


@hookimpl
def storeql_payment_gateways() -> list[PaymentGateway]:
    """Brings the test card."""
    return [FAKE_CARD]

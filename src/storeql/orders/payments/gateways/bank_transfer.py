"""Bank transfer (银行转账): the order waits until staff see the money on the account."""

from __future__ import annotations

from storeql.hooks import PaymentGateway, PaymentRequest, PaymentResult, PaymentStatus, hookimpl
from storeql.pricing import Text


def authorize(request: PaymentRequest) -> PaymentResult:
    """Nothing has come yet; the buyer writes the order number on the transfer."""
    return PaymentResult(
        status=PaymentStatus.PENDING,
        reference=request.key,
        message=f"Transfer the amount and name the order {request.order_number}.",
    )


BANK_TRANSFER = PaymentGateway(
    key="bank_transfer",
    title=Text("Bank transfer", "银行转账"),
    what=Text(
        "Transfer the amount; the order ships once it arrives.", "转账到店铺账户，到账后发货。"
    ),
    authorize=authorize,
    offline=True,
)


@hookimpl
def storeql_payment_gateways() -> list[PaymentGateway]:
    """Brings bank transfer."""
    return [BANK_TRANSFER]

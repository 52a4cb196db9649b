"""Cash on delivery (货到付款): the courier takes the money, so the order goes ahead at once."""

from __future__ import annotations

from storeql.hooks import PaymentGateway, PaymentRequest, PaymentResult, PaymentStatus, hookimpl
from storeql.pricing import Text


def authorize(request: PaymentRequest) -> PaymentResult:
    """The amount counts as promised until the courier brings it."""
    return PaymentResult(status=PaymentStatus.AUTHORIZED, reference=request.key)


CASH_ON_DELIVERY = PaymentGateway(
    key="cash_on_delivery",
    title=Text("Cash on delivery", "货到付款"),
    what=Text("Pay the courier when the parcel arrives.", "收到包裹时向快递员付款。"),
    authorize=authorize,
    offline=True,
)


@hookimpl
def storeql_payment_gateways() -> list[PaymentGateway]:
    """Brings cash on delivery."""
    return [CASH_ON_DELIVERY]

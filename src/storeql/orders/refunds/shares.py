"""From which payments the money of a refund comes: the oldest first, each as far as it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from storeql.hooks import PaymentGateway
from storeql.orders.payments.attempts import Payment
from storeql.orders.payments.movements import Movement, new_movement
from storeql.orders.payments.states import MovementKind


class Share(Struct, frozen=True, kw_only=True):
    """A payment's part of a refund, and whether people have to give it back themselves."""

    payment: Payment
    amount_minor: int
    is_by_hand: bool


def shares_of(
    amount_minor: int, payments: Sequence[Payment], gateways: Mapping[str, PaymentGateway]
) -> list[Share]:
    """The amount over the payments; their sum is less where they do not suffice."""
    shares, rest = [], amount_minor
    for payment in payments:
        part = min(rest, payment.refundable_minor)
        if part > 0:
            rest -= part
            by_hand = not _can_return(gateways.get(payment.gateway), payment, part)
            shares.append(Share(payment=payment, amount_minor=part, is_by_hand=by_hand))
    return shares


def begin_return(share: Share, *, refund_id: int, now: int) -> tuple[Movement, Payment]:
    """The step that gives a share back, and its payment once it is begun."""
    payment, part = share.payment, share.amount_minor
    movement = new_movement(
        payment,
        MovementKind.REFUND,
        part,
        refund_id=refund_id,
        is_by_hand=share.is_by_hand,
        now=now,
    )
    returning = payment.returning_minor + part
    return movement, msgspec.structs.replace(payment, returning_minor=returning)


def _can_return(gateway: PaymentGateway | None, payment: Payment, part: int) -> bool:
    """Whether the gateway gives this part back; not every one can give back less than all."""
    if gateway is None or gateway.refund is None:
        return False
    return gateway.in_parts or part == payment.captured_minor

"""What reads of payments return beside the attempts themselves."""

from __future__ import annotations

from msgspec import Struct


class MoneyMovement(Struct, frozen=True, kw_only=True):
    """One step of an attempt's money; see `payments.states` for kinds and states.

    Of an AUTHORIZE, which is the attempt itself and has no row of its own, `id` is that of the
    attempt. `key` is what the gateway is asked under, `asks` how often it was asked again because
    it had not answered, `due_at` when it is asked next.
    """

    id: int
    order_id: int
    payment_id: int
    refund_id: int | None
    kind: str
    state: str
    amount_minor: int
    currency: str
    key: str
    gateway_reference: str
    message: str
    is_by_hand: bool
    due_at: int | None
    asks: int
    created_at: int
    updated_at: int

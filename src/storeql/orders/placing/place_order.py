"""Makes an order of a cart: priced again, compared with what was confirmed, all or nothing.

The cart's row decides between simultaneous placements: one finds it open, and the others find
the order that the same key made, or a cart that is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from storeql.access import Actor
from storeql.carts.buyer import buyer_who_orders
from storeql.carts.cart_rows import close_to_order, refused_cart
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.price_cart import PriceDesk, price_cart
from storeql.carts.records import Cart
from storeql.db import Connection
from storeql.hooks import Annotation, Hooks, Verdict
from storeql.orders.balance import NOTHING
from storeql.orders.idempotency import Key, keep_key, key_of, object_of
from storeql.orders.journal import PLACED, Journal
from storeql.orders.order_rows import OrderHead, held_order
from storeql.orders.payments.asked import Asked
from storeql.orders.payments.attempts import Payment, attempts_of, begin_attempt, new_attempt
from storeql.orders.payments.begin import is_unanswered, note_begun, opened, paid_so_far
from storeql.orders.payments.states import SETTLED
from storeql.orders.placing.check_order import refuse_incomplete, refuse_price
from storeql.orders.placing.draft import Draft, draft_order
from storeql.orders.placing.numbers import order_number
from storeql.orders.placing.write_order import take_for_order, write_order
from storeql.orders.states import OrderState

MUTATION = "orderPlace"


class OrderWish(Struct, frozen=True, kw_only=True):
    """A cart to order at the total that was shown, in minor units of `currency`.

    `confirmed_gifts` is the number of gift pieces that was shown, None not to compare it: gifts
    that have run out do not change the total. `payment_token` is what the gateway's front end
    gave the buyer; it is not kept.
    """

    cart_token: str
    confirmed_minor: int
    currency: str
    idempotency_key: str
    confirmed_gifts: int | None = None
    payment_token: str = ""


class Placed(Struct, frozen=True, kw_only=True):
    """An order that is written; `asked` is the payment its gateway has still to be asked for."""

    order_id: int
    asked: Asked | None


def place_order(
    connection: Connection, wish: OrderWish, *, journal: Journal, actor: Actor, desk: PriceDesk
) -> Placed:
    """The order of the cart; the one placed before when the key was used before.

    Raises Rejected: the cart is not open, something is missing or not for sale (LineRefused), a
    plugin refuses it, PriceChanged, InsufficientStock, or a promotion is used up.
    """
    key = key_of(actor, MUTATION, wish.idempotency_key, wish, secret=wish.cart_token)
    cart = close_to_order(connection, wish.cart_token, actor=actor, now=journal.now)
    if cart is None:
        return _placed_before(connection, wish, key, actor=actor, hooks=desk.hooks)
    draft, verdicts = _draft(connection, cart, wish, desk=desk, now=journal.now)
    payment = _first_payment(draft, wish, desk.hooks, now=journal.now)
    order, payment = _write(connection, draft, payment, verdicts, journal)
    keep_key(connection, key, object_id=order.id, now=journal.now)
    paid = paid_so_far(payment, hooks=desk.hooks)
    take_for_order(connection, draft, order.id, paid=paid, actor=journal.actor, now=journal.now)
    return Placed(order_id=order.id, asked=_asked(order, payment, wish, desk.hooks))


def _draft(
    connection: Connection, cart: Cart, wish: OrderWish, *, desk: PriceDesk, now: int
) -> tuple[Draft, Sequence[Verdict]]:
    facts = buyer_who_orders(connection, cart.customer_id)
    cart = msgspec.structs.replace(cart, buyer=facts.buyer)
    lines = cart_lines_of(connection, cart, now=now)
    email = cart.email or facts.email
    refuse_incomplete(cart, lines, email=email, currency=wish.currency, hooks=desk.hooks)
    pricing = price_cart(connection, cart, lines, desk=desk, now=now)
    verdicts = desk.hooks.order_priced(pricing.basket, pricing.priced)
    refuse_price(pricing, verdicts, total_minor=wish.confirmed_minor, gifts=wish.confirmed_gifts)
    number = order_number(cart.id, datetime.fromtimestamp(now / 1000, desk.zone).date())
    return draft_order(cart, lines, pricing, number=number, email=email), verdicts


def _first_payment(draft: Draft, wish: OrderWish, hooks: Hooks, *, now: int) -> Payment | None:
    """The first attempt to pay; an order that costs nothing needs none."""
    total_minor, gateway = draft.pricing.priced.totals.total_minor, draft.cart.payment_method
    if not total_minor or gateway is None:
        return None
    payment = new_attempt(
        draft.number, 1, gateway=gateway, amount_minor=total_minor, currency=wish.currency
    )
    asked = Asked(payment=payment, order_number=draft.number, email=draft.email)
    return opened(asked, hooks=hooks, now=now)


def _write(
    connection: Connection,
    draft: Draft,
    payment: Payment | None,
    verdicts: Sequence[Verdict],
    journal: Journal,
) -> tuple[OrderHead, Payment | None]:
    goes_ahead = payment is None or payment.status in SETTLED
    state = OrderState.AWAITING_FULFILMENT if goes_ahead else OrderState.PENDING_PAYMENT
    balance = payment.balance if payment is not None else NOTHING
    order = write_order(connection, draft, state=state, balance=balance, now=journal.now)
    journal.note(
        order.id,
        PLACED,
        channel_id=order.channel_id,
        before="",
        after=state.value,
        remarks=_remarks(verdicts),
    )
    if payment is not None:
        payment = begin_attempt(connection, payment, order_id=order.id, now=journal.now)
        note_begun(connection, journal, order, payment)
    return order, payment


def _placed_before(
    connection: Connection, wish: OrderWish, key: Key, *, actor: Actor, hooks: Hooks
) -> Placed:
    """The order that this key made, and its payment when the process died before the answer."""
    order_id = object_of(connection, key)
    order = None if order_id is None else held_order(connection, order_id)
    if order is None:
        raise refused_cart(connection, wish.cart_token, actor=actor, field="cartToken")
    attempts = attempts_of(connection, order.id)
    is_open = order.state is OrderState.PENDING_PAYMENT and bool(attempts)
    if not is_open or not is_unanswered(attempts[-1], hooks=hooks):
        return Placed(order_id=order.id, asked=None)
    asked = Asked(
        payment=attempts[-1],
        order_number=order.number,
        email=order.email,
        token=wish.payment_token,
    )
    return Placed(order_id=order.id, asked=asked)


def _asked(
    order: OrderHead, payment: Payment | None, wish: OrderWish, hooks: Hooks
) -> Asked | None:
    if payment is None or not is_unanswered(payment, hooks=hooks):
        return None
    return Asked(
        payment=payment,
        order_number=order.number,
        email=order.email,
        token=wish.payment_token,
        order=order,
    )


def _remarks(verdicts: Sequence[Verdict]) -> list[Any]:
    remarks = [one for one in verdicts if isinstance(one, Annotation)]
    return [msgspec.to_builtins(remark) for remark in remarks]

"""From a confirmed cart to an order with its payment answered: two transactions, one question."""

from __future__ import annotations

from storeql.access import Actor
from storeql.carts.price_cart import PriceDesk
from storeql.customers.write import Write
from storeql.orders.journal import recorded
from storeql.orders.payments.ask_gateway import settle
from storeql.orders.placing.place_order import OrderWish, place_order


def checkout(write: Write, wish: OrderWish, *, actor: Actor, desk: PriceDesk, now: int) -> int:
    """The row number of the placed order, its gateway asked and the answer written.

    A declined payment leaves the order PENDING_PAYMENT, to be paid again with `pay_order`. With a
    key that was used before nothing is placed again, and a payment whose answer was lost is asked
    for again. Raises Rejected as `place_order` does.
    """
    placed = recorded(
        write,
        lambda connection, journal: place_order(
            connection, wish, journal=journal, actor=actor, desk=desk
        ),
        hooks=desk.hooks,
        actor=actor.key,
        now=now,
    )
    if placed.asked is not None:
        settle(write, placed.asked, hooks=desk.hooks, actor=actor.key, now=now)
    return placed.order_id

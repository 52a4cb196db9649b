"""The facts of a buyer that promotions may ask for: read with a cart, or as an order is counted."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, update

from storeql.customers.group_ids import group_ids_in, group_ids_of
from storeql.customers.tables import customers
from storeql.db import Connection, statement
from storeql.pricing import Buyer

GUEST = Buyer()

_customer = customers.c


_COUNT_ORDER = statement(
    update(customers)
    .where(_customer.id == bindparam("b_id"))
    .values(order_count=_customer.order_count + 1)
    .returning(
        _customer.tier,
        _customer.order_count - 1,
        group_ids_of("customers.id"),
        _customer.email,
    )
)


class OrderingBuyer(Struct, frozen=True):
    """The buyer of an order as the engine sees them, and the address it is mailed to."""

    buyer: Buyer
    email: str


def buyer_of(
    customer_id: int | None, tier: str | None, order_count: int | None, group_ids: str | None
) -> Buyer:
    """A customer's facts; a guest has none, and is never known to order first."""
    if customer_id is None:
        return GUEST
    return Buyer(
        id=str(customer_id),
        group_ids=group_ids_in(group_ids),
        tier=tier,
        first_order=order_count == 0,
    )


def buyer_who_orders(connection: Connection, customer_id: int | None) -> OrderingBuyer:
    """The facts as they were before this order, which is counted now.

    Counting takes the customer's row until the transaction ends, so that of two simultaneous
    orders only one is the first.
    """
    row = None if customer_id is None else connection.one(_COUNT_ORDER, b_id=customer_id)
    if row is None:
        return OrderingBuyer(GUEST, "")
    tier, order_count, group_ids, email = row
    return OrderingBuyer(buyer_of(customer_id, tier, order_count, group_ids), email)

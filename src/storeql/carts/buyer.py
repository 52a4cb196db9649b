"""The facts of a buyer that promotions may ask for: read with a cart, or as an order is counted."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement, String, bindparam, cast, func, literal_column, select, update

from storeql.customers.tables import customer_group_members, customers
from storeql.db import Connection, statement
from storeql.pricing import Buyer

GUEST = Buyer()

_customer = customers.c


def group_ids_of(customer: str) -> ColumnElement[str]:
    """The groups of the customer that SQL text names, as one text of row numbers."""
    # A bound separator would be put into the text late, together with the other values.
    joined = func.aggregate_strings(
        cast(customer_group_members.c.group_id, String),
        literal_column("' '"),  # type: ignore[arg-type]
    )
    theirs = customer_group_members.c.customer_id == literal_column(customer)
    return select(joined).where(theirs).scalar_subquery()


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
        group_ids=tuple(sorted((group_ids or "").split())),
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

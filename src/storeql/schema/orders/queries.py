"""Root fields about orders: one's own, one by number or id, and the staff's list."""

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.errors import BadInput
from storeql.orders import resolvers
from storeql.orders.listing import OrderFilter, OrderSort
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.ids import row_of
from storeql.schema.money import minor_units
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.orders.inputs import CART_TOKEN, OrderFilterInput, OrderSortInput
from storeql.schema.orders.types import Order
from storeql.schema.people.context import own_customer_id
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]


@strawberry.type
class OrderQuery:
    """Root fields of orders."""

    @field("One order; null when there is none that you may see. Give its id or its number.")
    def order(
        self,
        info: Info_,
        id: Annotated[strawberry.ID | None, argument("The order's id.")] = None,
        number: Annotated[str | None, argument("The order's number.")] = None,
        cart_token: Annotated[str, argument(CART_TOKEN)] = "",
    ) -> Order | None:
        context = context_of(info)
        key, value = _key(id, number)
        return resolvers.order_by(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            key=key,
            value=value,
            actor=context.actor,
            cart_token=cart_token,
            now=context.now,
        )

    @field("Your own orders, newest first.", Permission.CUSTOMER)
    def my_orders(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Order] | None:
        context = context_of(info)
        return resolvers.orders_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            filter=OrderFilter(customer_id=own_customer_id(context)),
            now=context.now,
        )

    @field("All orders, filtered, sorted and paged.", Permission.MANAGE_ORDERS)
    def orders(
        self,
        info: Info_,
        filter: Annotated[OrderFilterInput | None, argument("What they have in common.")] = None,
        sort: Annotated[OrderSortInput | None, argument("Newest first when left out.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Order] | None:
        context = context_of(info)
        return resolvers.orders_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            filter=_filter(filter, context.now),
            sort=sort.by if sort else OrderSort.PLACED_AT,
            descending=sort.descending if sort else True,
            now=context.now,
        )


@refetches("Order")
def orders(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Orders that the actor may see."""
    context = context_of(info)
    found = resolvers.orders_by(
        context.connection,
        selection_of(info),
        key="id",
        values=rows,
        actor=context.actor,
        now=context.now,
    )
    return {order.id: order for order in found}


def _key(id: strawberry.ID | None, number: str | None) -> tuple[str, int | str]:
    if (id is None) == (number is None):
        raise BadInput("Give either an id or a number.")
    return ("id", row_of("Order", id)) if id is not None else ("number", number or "")


def _filter(given: OrderFilterInput | None, now: int) -> OrderFilter:
    if given is None:
        return resolvers.ALL_ORDERS
    low, high = given.total_from, given.total_to
    currencies = {one.currency for one in (low, high) if one is not None}
    if len(currencies) > 1:
        raise BadInput("Both totals must be in one currency.")
    return OrderFilter(
        states=_values(given.states),
        payment_statuses=_values(given.payment_statuses),
        channel_id=None if given.channel_id is None else row_of("Channel", given.channel_id),
        customer_id=None if given.customer_id is None else row_of("Customer", given.customer_id),
        payment_method=given.payment_method,
        placed_from=given.placed_from,
        placed_until=given.placed_until,
        currency=next(iter(currencies), None),
        total_from_minor=None if low is None else minor_units(low.amount, low.currency),
        total_to_minor=None if high is None else minor_units(high.amount, high.currency),
        fulfilment_statuses=(
            None
            if given.fulfilment_statuses is None
            else tuple(status.value for status in given.fulfilment_statuses)
        ),
        late_at=now if given.late else None,
        search=given.search,
    )


def _values(given: Sequence[Enum] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(one.value for one in given)

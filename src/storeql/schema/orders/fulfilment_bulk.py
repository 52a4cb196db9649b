"""The same for many at once, with an answer for each: every one is a transaction of its own."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.context import RequestContext
from storeql.errors import Rejected
from storeql.inputs import Fields
from storeql.orders import holds
from storeql.orders.fulfilment.deliver import deliver_order
from storeql.orders.fulfilment.pack import PackWish, pack_fulfilment
from storeql.orders.fulfilment.reads import fulfilments_by
from storeql.orders.fulfilment.ship import ship_order
from storeql.orders.fulfilment.waybills import OrderShipment
from storeql.orders.resolvers import placed_orders
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, refused, user_errors
from storeql.schema.optional import defaulting, listed, needed
from storeql.schema.orders.fulfilments import WORK, Fulfilment
from storeql.schema.orders.inputs import KEY
from storeql.schema.orders.types import ORDERS, Order
from storeql.schema.orders.words import HoldReason
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
MOST_AT_ONCE = 100
"""How many one mutation takes."""


@strawberry.input(description="Fulfilments, at most 100.")
class FulfilmentsInput:
    """Which ones."""

    fulfilment_ids: list[strawberry.ID] = needed("1 to 100 fulfilments.")


@strawberry.input(description="An order that leaves the house.")
class OrderShipmentInput:
    """An order's waybill."""

    order_id: strawberry.ID = needed("The order; what is packed of it leaves.")
    carrier: str = defaulting("", "Who carries it, at most 64 characters.")
    tracking_numbers: list[str] = listed(
        "The numbers of its packages in their order; those left out have none."
    )


@strawberry.input(description="Orders that leave the house, at most 100.")
class OrdersShipInput:
    """Which ones, and with whom."""

    orders: list[OrderShipmentInput] = needed("1 to 100 orders.")
    idempotency_key: str = needed(KEY)


@strawberry.input(description="Orders, at most 100.")
class OrdersInput:
    """Which ones."""

    order_ids: list[strawberry.ID] = needed("1 to 100 orders.")


@strawberry.input(description="Orders to put on hold, at most 100.")
class OrdersHoldInput:
    """Holds."""

    order_ids: list[strawberry.ID] = needed("1 to 100 orders.")
    kind: HoldReason = defaulting(HoldReason.OTHER, "What they wait for.")
    reason: str = defaulting("", "Why in words, at most 500 characters.")


@strawberry.input(description="Orders to let go on, at most 100.")
class OrdersReleaseInput:
    """Holds to end."""

    order_ids: list[strawberry.ID] = needed("1 to 100 orders; all their holds end.")
    reason: str = defaulting("", "Why in words, at most 500 characters.")


@strawberry.type(description="What became of one of many fulfilments.")
class FulfilmentResult:
    """One fulfilment's answer."""

    fulfilment: Fulfilment | None = attribute("The fulfilment, null when it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="What became of one of many orders.")
class OrderResult:
    """One order's answer."""

    order: Order | None = attribute("The order, null when it was refused.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Fulfilments after a change of many.")
class FulfilmentsPayload:
    """What a change of many fulfilments answers."""

    results: list[FulfilmentResult] | None = attribute("One for each, in their order.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Orders after a change of many.")
class OrdersPayload:
    """What a change of many orders answers."""

    results: list[OrderResult] | None = attribute("One for each, in their order.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FulfilmentBulkMutation:
    """Mutations of many orders or fulfilments at once."""

    @mutation("Packs fulfilments, each into one package.", *WORK)
    def fulfilments_pack(
        self, info: Info_, input: Annotated[FulfilmentsInput, argument("Which ones.")]
    ) -> FulfilmentsPayload | None:
        rows = [row_of("Fulfilment", one) for one in input.fulfilment_ids]
        wishes = [PackWish(fulfilment_id=row) for row in rows]
        return _fulfilments(info, "fulfilmentIds", rows, wishes, pack_fulfilment)

    @mutation("Ships what is packed of orders.", *WORK)
    def orders_ship(
        self, info: Info_, input: Annotated[OrdersShipInput, argument("What leaves.")]
    ) -> OrdersPayload | None:
        rows = [row_of("Order", one.order_id) for one in input.orders]
        wishes = [
            OrderShipment(
                order_id=row,
                carrier=one.carrier,
                tracking_numbers=tuple(one.tracking_numbers),
                idempotency_key=input.idempotency_key,
            )
            for row, one in zip(rows, input.orders, strict=True)
        ]
        return _orders(info, "orders", rows, wishes, ship_order)

    @mutation("Notes that all that was shipped of orders has reached the buyers.", *WORK)
    def orders_deliver(
        self, info: Info_, input: Annotated[OrdersInput, argument("Which ones.")]
    ) -> OrdersPayload | None:
        rows = [row_of("Order", one) for one in input.order_ids]
        return _orders(info, "orderIds", rows, rows, deliver_order)

    @mutation("Puts orders on hold.", ORDERS)
    def orders_hold(
        self, info: Info_, input: Annotated[OrdersHoldInput, argument("Which ones, and why.")]
    ) -> OrdersPayload | None:
        rows = [row_of("Order", one) for one in input.order_ids]
        wishes = [
            holds.HoldWish(order_id=row, reason=input.kind, note=input.reason) for row in rows
        ]
        return _orders(info, "orderIds", rows, wishes, holds.put_on_hold)

    @mutation("Ends all holds of orders.", ORDERS)
    def orders_release(
        self, info: Info_, input: Annotated[OrdersReleaseInput, argument("Which ones.")]
    ) -> OrdersPayload | None:
        rows = [row_of("Order", one) for one in input.order_ids]
        wishes = [holds.ReleaseWish(order_id=row, note=input.reason) for row in rows]
        return _orders(info, "orderIds", rows, wishes, holds.release_hold)


def _fulfilments(
    info: Info_, name: str, rows: list[int], wishes: Sequence[object], change: Callable[..., int]
) -> FulfilmentsPayload:
    context = context_of(info)
    wanted = selection_of(info).of("results").of("fulfilment")
    try:
        refusals = _each(context, name, wishes, change)
    except Rejected as rejected:
        return refused(FulfilmentsPayload, rejected)
    done = [row for row, refusal in zip(rows, refusals, strict=True) if refusal is None]
    found = {
        one.id: one
        for one in fulfilments_by(context.connection, wanted, key="id", keys=done, now=context.now)
    }
    results = [
        FulfilmentResult(
            fulfilment=found.get(row),  # type: ignore[arg-type]
            user_errors=[] if refusal is None else refusal.problems,  # type: ignore[arg-type]
        )
        for row, refusal in zip(rows, refusals, strict=True)
    ]
    return FulfilmentsPayload(results=results)


def _orders(
    info: Info_, name: str, rows: list[int], wishes: Sequence[object], change: Callable[..., int]
) -> OrdersPayload:
    context = context_of(info)
    wanted = selection_of(info).of("results").of("order")
    try:
        refusals = _each(context, name, wishes, change)
    except Rejected as rejected:
        return refused(OrdersPayload, rejected)
    done = [row for row, refusal in zip(rows, refusals, strict=True) if refusal is None]
    found = placed_orders(context.connection, wanted, done, now=context.now)
    results = [
        OrderResult(
            order=found.get(row),  # type: ignore[arg-type]
            user_errors=[] if refusal is None else refusal.problems,  # type: ignore[arg-type]
        )
        for row, refusal in zip(rows, refusals, strict=True)
    ]
    return OrdersPayload(results=results)


def _each(
    context: RequestContext, name: str, wishes: Sequence[object], change: Callable[..., int]
) -> list[Rejected | None]:
    """What each was refused for, None for one that was done; raises Rejected for too many."""
    fields = Fields()
    fields.count(name, wishes, least=1, most=MOST_AT_ONCE)
    fields.refuse_problems()
    refusals: list[Rejected | None] = []
    for wish in wishes:
        try:
            change(
                context.write,
                wish,
                actor=context.actor,
                hooks=context.shop.hooks,
                now=context.now,
            )
            refusals.append(None)
        except Rejected as rejected:
            refusals.append(rejected)
    return refusals

"""Mutations of staff that move the money of orders: capture, void, refund."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.context import RequestContext
from storeql.db import Selection
from storeql.orders.payments.capture import CaptureWish, capture_payment
from storeql.orders.payments.resolve import Resolution, resolve_movement
from storeql.orders.payments.void import VoidWish, void_payment
from storeql.orders.refunds.create import Created, RefundWish, create_refund
from storeql.orders.refunds.relations import refunds_of
from storeql.orders.refunds.retry import RetryWish, retry_refund
from storeql.orders.refunds.split import SplitLine
from storeql.orders.resolvers import placed_order
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.money import minor_units
from storeql.schema.mutation import UserError, context_of, mutation, user_errors
from storeql.schema.orders.money_inputs import (
    MoneyMovementResolveInput,
    OrderRefundCreateInput,
    OrderRefundRetryInput,
    PaymentCaptureInput,
    PaymentVoidInput,
)
from storeql.schema.orders.mutations import OrderPayload
from storeql.schema.orders.refunds import Refund
from storeql.schema.orders.types import Order
from storeql.schema.people.context import attempted
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
ORDERS = Permission.MANAGE_ORDERS
CURRENCY = Selection.of_names("currency")


@strawberry.type(description="A refund and its order.")
class RefundPayload:
    """What a refund answers."""

    refund: Refund | None = attribute("The refund as it is now.")
    order: Order | None = attribute("The order as it is now.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class MoneyMutation:
    """Mutations of payments and refunds."""

    @mutation("Takes money that a gateway holds for an order, all of it or a part.", ORDERS)
    def payment_capture(
        self, info: Info_, input: Annotated[PaymentCaptureInput, argument("What to take.")]
    ) -> OrderPayload | None:
        given = input.amount
        wish = CaptureWish(
            payment_id=row_of("OrderPayment", input.payment_id),
            amount_minor=None if given is None else minor_units(given.amount, given.currency),
            currency=None if given is None else given.currency,
            idempotency_key=input.idempotency_key,
        )
        return _moved(info, wish, capture_payment)

    @mutation("Has a gateway let go of what it holds for an order and was not taken.", ORDERS)
    def payment_void(
        self, info: Info_, input: Annotated[PaymentVoidInput, argument("Which payment.")]
    ) -> OrderPayload | None:
        wish = VoidWish(
            payment_id=row_of("OrderPayment", input.payment_id),
            idempotency_key=input.idempotency_key,
        )
        return _moved(info, wish, void_payment)

    @mutation("Says what became of a movement of money that no gateway answers.", ORDERS)
    def money_movement_resolve(
        self,
        info: Info_,
        input: Annotated[MoneyMovementResolveInput, argument("What became of which.")],
    ) -> OrderPayload | None:
        wish = Resolution(
            movement_id=row_of("MoneyMovement", input.movement_id),
            succeeded=input.succeeded,
            note=input.note,
        )
        return _moved(info, wish, resolve_movement)

    @mutation("Gives money of an order back, never more than was taken.", ORDERS)
    def order_refund_create(
        self, info: Info_, input: Annotated[OrderRefundCreateInput, argument("What to give back.")]
    ) -> RefundPayload | None:
        currency = input.amount.currency
        chosen = input.payment_ids
        wish = RefundWish(
            order_id=row_of("Order", input.order_id),
            amount_minor=minor_units(input.amount.amount, currency),
            currency=currency,
            lines=tuple(
                SplitLine(
                    order_line_id=row_of("OrderLine", line.line_id),
                    quantity=line.quantity,
                    amount_minor=minor_units(line.amount, currency),
                )
                for line in input.lines
            ),
            shipping_minor=minor_units(input.shipping, currency),
            reason=input.reason,
            payment_ids=None if chosen is None else rows_of("OrderPayment", chosen),
            idempotency_key=input.idempotency_key,
        )
        return _refunded(info, wish, create_refund)

    @mutation("Tries again to give back what a refund failed to.", ORDERS)
    def order_refund_retry(
        self, info: Info_, input: Annotated[OrderRefundRetryInput, argument("Which refund.")]
    ) -> RefundPayload | None:
        wish = RetryWish(
            refund_id=row_of("Refund", input.refund_id),
            by_hand=input.by_hand,
            idempotency_key=input.idempotency_key,
        )
        return _refunded(info, wish, retry_refund)


def _moved(info: Info_, wish: Any, change: Callable[..., int]) -> OrderPayload:
    context, wanted = context_of(info), selection_of(info).of("order")

    def work() -> dict[str, Any]:
        order_id = _run(context, wish, change)
        return {"order": placed_order(context.connection, wanted, order_id, now=context.now)}

    return attempted(OrderPayload, work)


def _refunded(info: Info_, wish: Any, change: Callable[..., Created]) -> RefundPayload:
    context, selection = context_of(info), selection_of(info)
    wanted = selection.of("order").merged(CURRENCY)

    def work() -> dict[str, Any]:
        created = _run(context, wish, change)
        connection, order_id = context.connection, created.order_id
        order = placed_order(connection, wanted, order_id, now=context.now)
        asked = selection.of("refund")
        refunds = refunds_of(connection, {order_id: order.currency}, asked)[order_id]
        refund = next(one for one in refunds if one.id == created.refund_id)
        return {"refund": refund, "order": order}

    return attempted(RefundPayload, work)


def _run(context: RequestContext, wish: Any, change: Callable[..., Any]) -> Any:
    return change(
        context.write, wish, actor=context.actor, hooks=context.shop.hooks, now=context.now
    )

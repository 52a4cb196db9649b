"""Mutations of orders: place, pay, cancel, and what staff note about them."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.context import RequestContext
from storeql.db import Selection
from storeql.orders import holds
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.fulfilment.complete import complete_order
from storeql.orders.fulfilment.extend import ExtendWish, extend_ship_by
from storeql.orders.payments.check_payment import check_payment
from storeql.orders.payments.mark_paid import mark_paid
from storeql.orders.payments.pay_order import PayWish, pay_order
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.resolvers import placed_order
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.money import minor_units
from storeql.schema.mutation import UserError, context_of, mutation, user_errors
from storeql.schema.orders.inputs import (
    OrderCancelInput,
    OrderCompleteInput,
    OrderHoldInput,
    OrderMarkPaidInput,
    OrderPayInput,
    OrderPaymentCheckInput,
    OrderPlaceInput,
    OrderReleaseInput,
    OrderShipByExtendInput,
)
from storeql.schema.orders.payments import OrderPayment
from storeql.schema.orders.types import Order
from storeql.schema.people.context import attempted
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
ORDERS = Permission.MANAGE_ORDERS
Wish: TypeAlias = holds.HoldWish | holds.ReleaseWish | ExtendWish


@strawberry.type(description="An order after a change.")
class OrderPayload:
    """What every change of an order answers."""

    order: Order | None = attribute("The order as it is now.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="An order and what became of its payment.")
class OrderPaymentPayload:
    """What placing and paying answer."""

    order: Order | None = attribute("The order; it stands even when the payment is declined.")
    payment: OrderPayment | None = attribute(
        "The latest attempt to pay it: DECLINED can be tried again with `orderPay`, PENDING is"
        " answered later. Null when there is nothing to pay."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type
class OrderMutation:
    """Mutations of orders."""

    @mutation("Makes an order of a cart at the confirmed total, and asks for the payment.")
    def order_place(
        self, info: Info_, input: Annotated[OrderPlaceInput, argument("The confirmed cart.")]
    ) -> OrderPaymentPayload:
        total = input.confirmed_total
        wish = OrderWish(
            cart_token=input.cart_token,
            confirmed_minor=minor_units(total.amount, total.currency),
            confirmed_gifts=input.confirmed_gifts,
            currency=total.currency,
            idempotency_key=input.idempotency_key,
            payment_token=input.payment_token,
        )
        return _paid(
            info,
            lambda context: checkout(
                context.write,
                wish,
                actor=context.actor,
                desk=context.shop.price_desk,
                now=context.now,
            ),
        )

    @mutation("Tries again to pay an order that waits for its payment.")
    def order_pay(
        self, info: Info_, input: Annotated[OrderPayInput, argument("How to pay.")]
    ) -> OrderPaymentPayload:
        wish = PayWish(
            order_id=row_of("Order", input.order_id),
            gateway=input.payment_method,
            payment_token=input.payment_token,
            cart_token=input.cart_token,
            idempotency_key=input.idempotency_key,
        )
        return _paid(
            info,
            lambda context: pay_order(
                context.write,
                wish,
                actor=context.actor,
                hooks=context.shop.hooks,
                now=context.now,
            ),
        )

    @mutation("Asks how far an open payment is, and notes the answer.")
    def order_payment_check(
        self, info: Info_, input: Annotated[OrderPaymentCheckInput, argument("Which order.")]
    ) -> OrderPaymentPayload:
        order_id = row_of("Order", input.order_id)
        return _paid(
            info,
            lambda context: check_payment(
                context.write,
                order_id,
                cart_token=input.cart_token,
                actor=context.actor,
                hooks=context.shop.hooks,
                now=context.now,
            ),
        )

    @mutation("Cancels an order: stock, promotions and money go back.")
    def order_cancel(
        self, info: Info_, input: Annotated[OrderCancelInput, argument("Which order, and why.")]
    ) -> OrderPayload:
        wish = CancelWish(
            order_id=row_of("Order", input.order_id),
            reason=input.reason,
            cart_token=input.cart_token,
            idempotency_key=input.idempotency_key,
        )
        return changed_order(
            info,
            lambda context: cancel_order(
                context.write,
                wish,
                actor=context.actor,
                hooks=context.shop.hooks,
                now=context.now,
            ),
        )

    @mutation("Notes that an order's cash or transfer has come.", ORDERS)
    def order_mark_paid(
        self, info: Info_, input: Annotated[OrderMarkPaidInput, argument("Which order.")]
    ) -> OrderPayload | None:
        order_id = row_of("Order", input.order_id)
        return changed_order(
            info,
            lambda context: mark_paid(
                context.write,
                order_id,
                note=input.note,
                actor=context.actor,
                hooks=context.shop.hooks,
                now=context.now,
            ),
        )

    @mutation("Keeps an order from being picked, packed and shipped until it is released.", ORDERS)
    def order_hold(
        self, info: Info_, input: Annotated[OrderHoldInput, argument("Which order, and why.")]
    ) -> OrderPayload | None:
        wish = holds.HoldWish(
            order_id=row_of("Order", input.order_id), reason=input.kind, note=input.reason
        )
        return _done(info, wish, holds.put_on_hold)

    @mutation("Ends holds of an order; it goes on when none is left.", ORDERS)
    def order_release(
        self, info: Info_, input: Annotated[OrderReleaseInput, argument("Which order, and why.")]
    ) -> OrderPayload | None:
        wish = holds.ReleaseWish(
            order_id=row_of("Order", input.order_id),
            hold_ids=rows_of("OrderHold", input.hold_ids),
            note=input.reason,
        )
        return _done(info, wish, holds.release_hold)

    @mutation("Gives an order more time to leave the house, and notes why.", ORDERS)
    def order_ship_by_extend(
        self, info: Info_, input: Annotated[OrderShipByExtendInput, argument("Until when.")]
    ) -> OrderPayload | None:
        wish = ExtendWish(
            order_id=row_of("Order", input.order_id),
            ship_by_at=input.ship_by,
            reason=input.reason,
            expected_version=input.expected_version,
        )
        return _done(info, wish, extend_ship_by)

    @mutation("Completes a delivered order; otherwise that happens some days after its delivery.")
    def order_complete(
        self, info: Info_, input: Annotated[OrderCompleteInput, argument("Which order.")]
    ) -> OrderPayload:
        order_id = row_of("Order", input.order_id)
        return changed_order(
            info,
            lambda context: complete_order(
                context.write,
                order_id,
                cart_token=input.cart_token,
                actor=context.actor,
                hooks=context.shop.hooks,
                now=context.now,
            ),
        )


def _done(info: Info_, wish: Wish, change: Callable[..., int]) -> OrderPayload:
    return changed_order(
        info,
        lambda context: change(
            context.write, wish, actor=context.actor, hooks=context.shop.hooks, now=context.now
        ),
    )


def changed_order(info: Info_, change: Callable[[RequestContext], int]) -> OrderPayload:
    """The payload of a change that answers the order's row number."""
    context, wanted = context_of(info), selection_of(info).of("order")

    def work() -> dict[str, Any]:
        order_id = change(context)
        return {"order": placed_order(context.connection, wanted, order_id, now=context.now)}

    return attempted(OrderPayload, work)


def _paid(info: Info_, change: Callable[[RequestContext], int]) -> OrderPaymentPayload:
    context, selection = context_of(info), selection_of(info)
    wanted = selection.of("order")
    if selection.wants("payment"):
        wanted = wanted.merged(Selection.of_names("payments"))

    def work() -> dict[str, Any]:
        order_id = change(context)
        order = placed_order(context.connection, wanted, order_id, now=context.now)
        return {"order": order, "payment": order.payments[-1] if order.payments else None}

    return attempted(OrderPaymentPayload, work)

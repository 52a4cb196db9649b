"""Places the demo's orders through the shop's own engine, at instants that lie in the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from storeql.access import BUILT_IN_ROLES, GUEST, Actor, Permission
from storeql.carts.cart_rows import find_cart
from storeql.carts.line_rows import cart_lines_of
from storeql.carts.price_cart import PriceDesk, price_cart
from storeql.db import Connection
from storeql.demo.plan.orders import Outcome, PlannedOrder
from storeql.demo.save.parcels import Warehouse
from storeql.hooks import Hooks
from storeql.hooks.discovery import candidates
from storeql.hooks.trial import tried
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.payments.gateways.fake_card import DECLINES, SUCCEEDS
from storeql.orders.payments.mark_paid import mark_paid
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.promotions.active import ActiveSets
from storeql.promotions.types import PromotionTypes

Result = TypeVar("Result")

SHANGHAI = ZoneInfo("Asia/Shanghai")
GOES_AHEAD = (Outcome.PAID, Outcome.TRANSFERRED)
CUSTOMER = frozenset({Permission.CUSTOMER.value})
REASONS = ("拍错了，想换一个规格。", "地址填错了。", "暂时不需要了。", "等太久了。")
OUT_OF_STOCK = "仓库盘点后缺货，已与顾客沟通。"


def own_hooks() -> Hooks:
    """The built-in plugins alone: an installed one shall not change what a seed makes."""
    return Hooks([tried(candidate) for candidate in candidates(installed=False)], ())


def price_desk(hooks: Hooks) -> PriceDesk:
    """Where the demo's carts are priced."""
    return PriceDesk(hooks, ActiveSets(PromotionTypes(hooks.promotion_types)), SHANGHAI)


class Till:
    """Places orders in the one transaction of the seeding."""

    def __init__(
        self, connection: Connection, *, desk: PriceDesk, staff_id: int, warehouse: Warehouse
    ) -> None:
        self._connection = connection
        self._desk = desk
        self._warehouse = warehouse
        self._staff = Actor("staff", staff_id, permissions=BUILT_IN_ROLES["orders"])

    def place(self, order: PlannedOrder, customer_id: int) -> int:
        """The row number of the order, placed and brought to where it is now."""
        actor = GUEST if order.is_guest else Actor("customer", customer_id, permissions=CUSTOMER)
        order_id = checkout(
            self._write,
            self._wish(order, actor),
            actor=actor,
            desk=self._desk,
            now=order.placed_at,
        )
        if order.outcome is Outcome.TRANSFERRED:
            self._mark_paid(order_id, at=order.settled_at)
        if order.outcome is Outcome.CANCELLED:
            self._cancel(order, order_id, actor=self._staff if order.by_staff else actor)
        if order.outcome in GOES_AHEAD:
            self._send(order, order_id, buyer=actor)
        return order_id

    def _send(self, order: PlannedOrder, order_id: int, *, buyer: Actor) -> None:
        """Cash is paid at the door."""
        token = order.token if order.is_guest else ""
        came_at = self._warehouse.send(order_id, order.parcel, buyer=buyer, token=token)
        if came_at is not None and order.payment == "cash_on_delivery":
            self._mark_paid(order_id, at=came_at)

    def _wish(self, order: PlannedOrder, actor: Actor) -> OrderWish:
        """What the buyer confirms: the total as the cart shows it."""
        connection, at = self._connection, order.placed_at
        cart = find_cart(connection, order.token, actor=actor)
        assert cart is not None
        lines = cart_lines_of(connection, cart, now=at)
        pricing = price_cart(connection, cart, lines, desk=self._desk, now=at)
        return OrderWish(
            cart_token=order.token,
            confirmed_minor=pricing.priced.totals.total_minor,
            currency=cart.currency,
            idempotency_key=order.token,
            payment_token=DECLINES if order.outcome is Outcome.DECLINED else SUCCEEDS,
        )

    def _mark_paid(self, order_id: int, *, at: int) -> None:
        mark_paid(
            self._write,
            order_id,
            actor=self._staff,
            hooks=self._desk.hooks,
            now=at,
        )

    def _cancel(self, order: PlannedOrder, order_id: int, *, actor: Actor) -> None:
        reason = OUT_OF_STOCK if order.by_staff else REASONS[order_id % len(REASONS)]
        wish = CancelWish(
            order_id=order_id,
            idempotency_key=order.token,
            reason=reason,
            cart_token=order.token if order.is_guest else "",
        )
        cancel_order(self._write, wish, actor=actor, hooks=self._desk.hooks, now=order.settled_at)

    def _write(self, work: Callable[[Connection], Result], /) -> Result:
        """The seeding's own transaction: all of the shop comes to be at once, or nothing does."""
        return work(self._connection)

"""Lets the warehouse do its work on the demo's orders, at instants that lie in the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select

from storeql.access import BUILT_IN_ROLES, Actor
from storeql.db import Connection, statement
from storeql.demo.plan.parcels import PlannedParcel
from storeql.hooks import Hooks
from storeql.orders.fulfilment.complete import complete_delivered, complete_order
from storeql.orders.fulfilment.deliver import deliver_order
from storeql.orders.fulfilment.pack import PackWish, pack_fulfilment
from storeql.orders.fulfilment.package_rows import packages_of
from storeql.orders.fulfilment.picking.create import PickWish, create_pick_list
from storeql.orders.fulfilment.picking.pick import LineCount, set_picked
from storeql.orders.fulfilment.picking.rows import lines_of
from storeql.orders.fulfilment.rows import fulfilments_of
from storeql.orders.fulfilment.ship import ship_order
from storeql.orders.fulfilment.states import FulfilmentState, HoldReason
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.fulfilment.waybills import OrderShipment
from storeql.orders.holds import HoldWish, put_on_hold
from storeql.orders.states import OrderState
from storeql.orders.tables import orders

Result = TypeVar("Result")

HOLDS = (
    (HoldReason.FRAUD_CHECK, "首单大额，先电话核实。"),
    (HoldReason.ADDRESS, "门牌号缺失，已短信询问顾客。"),
)
ON_LIST = 6
MINUTE = 60_000

_OPEN_HOUSE = statement(
    select(fulfilments.c.warehouse_id)
    .join(orders, orders.c.id == fulfilments.c.order_id)
    .where(
        fulfilments.c.state == FulfilmentState.OPEN.value,
        orders.c.state == OrderState.AWAITING_FULFILMENT.value,
    )
    .order_by(fulfilments.c.warehouse_id)
    .limit(1)
)


class Warehouse:
    """The demo's warehouses at work, in the one transaction of the seeding."""

    def __init__(
        self, connection: Connection, *, hooks: Hooks, packer_id: int, clerk_id: int, now: int
    ) -> None:
        self._connection = connection
        self._hooks = hooks
        self._packer_id = packer_id
        self._packer = _staff(packer_id, "warehouse")
        self._clerk = _staff(clerk_id, "orders")
        self._now = now

    def send(
        self, order_id: int, parcel: PlannedParcel, *, buyer: Actor, token: str = ""
    ) -> int | None:
        """Brings an order as far as it has come by now; the instant of its delivery, if it came."""
        if parcel.is_held:
            self._hold(order_id)
        elif parcel.packed_at < self._now:
            self._pack(order_id, at=parcel.packed_at)
            if parcel.shipped_at < self._now:
                self._ship(order_id, parcel)
            if parcel.delivered_at < self._now:
                self._bring(order_id, parcel, buyer=buyer, token=token)
                return parcel.delivered_at
        return None

    def begin_picking(self) -> None:
        """A pick list that somebody is half through."""
        house = self._connection.scalar(_OPEN_HOUSE)
        if house is None:
            return
        at = self._now - 25 * MINUTE
        wish = PickWish(warehouse_id=house, most=ON_LIST, staff_id=self._packer_id)
        list_id = create_pick_list(self._write, wish, actor=self._packer, hooks=self._hooks, now=at)
        lines = lines_of(self._connection, list_id)
        counted = [LineCount(one.id, one.quantity) for one in lines[: len(lines) // 2]]
        if counted:
            set_picked(self._connection, list_id, counted, now=at + 10 * MINUTE)

    def _hold(self, order_id: int) -> None:
        reason, note = HOLDS[order_id // 2 % len(HOLDS)]
        wish = HoldWish(order_id=order_id, reason=reason, note=note)
        put_on_hold(self._write, wish, actor=self._clerk, hooks=self._hooks, now=self._now - MINUTE)

    def _pack(self, order_id: int, *, at: int) -> None:
        for part in fulfilments_of(self._connection, order_id):
            wish = PackWish(fulfilment_id=part.id)
            pack_fulfilment(self._write, wish, actor=self._packer, hooks=self._hooks, now=at)

    def _ship(self, order_id: int, parcel: PlannedParcel) -> None:
        parts = fulfilments_of(self._connection, order_id)
        boxes = packages_of(self._connection, *(one.id for one in parts))
        numbers = tuple(f"{9_000_000_000 + one.id * 7_919}" for one in boxes)
        wish = OrderShipment(
            order_id=order_id,
            idempotency_key="demo",
            carrier=parcel.carrier,
            tracking_numbers=numbers if parcel.carrier else (),
        )
        ship_order(self._write, wish, actor=self._packer, hooks=self._hooks, now=parcel.shipped_at)

    def _bring(self, order_id: int, parcel: PlannedParcel, *, buyer: Actor, token: str) -> None:
        at, hooks = parcel.delivered_at, self._hooks
        deliver_order(self._write, order_id, actor=self._packer, hooks=hooks, now=at)
        if parcel.completed_at >= self._now:
            return
        if parcel.confirmed:
            complete_order(
                self._write,
                order_id,
                cart_token=token,
                actor=buyer,
                hooks=hooks,
                now=parcel.completed_at,
            )
        else:
            complete_delivered(self._write, hooks=hooks, now=parcel.completed_at)

    def _write(self, work: Callable[[Connection], Result], /) -> Result:
        return work(self._connection)


def _staff(staff_id: int, role: str) -> Actor:
    return Actor("staff", staff_id, permissions=BUILT_IN_ROLES[role])

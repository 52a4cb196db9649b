"""Puts an order on hold, so that the warehouse leaves it alone, and lets it go on."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.advance import advance
from storeql.orders.fulfilment.hold_rows import (
    OpenHold,
    count_holds,
    let_go,
    open_holds,
    place_hold,
)
from storeql.orders.fulfilment.reallocate import reallocate
from storeql.orders.fulfilment.rows import fulfilments_of
from storeql.orders.fulfilment.states import HoldReason
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import hold_order as held
from storeql.orders.order_rows import state_conflict
from storeql.orders.states import UNSHIPPED, OrderState

HELD, RELEASED = "HELD", "RELEASED"
LONGEST_NOTE = 500
MOST_HOLDS = 20
MOST_EVER = 200


class HoldWish(Struct, frozen=True, kw_only=True):
    """Why an order is to wait, with a note in words."""

    order_id: int
    reason: HoldReason = HoldReason.OTHER
    note: str = ""


class ReleaseWish(Struct, frozen=True, kw_only=True):
    """Which holds of an order to end: those named, or all of them."""

    order_id: int
    hold_ids: Sequence[int] = ()
    note: str = ""


def put_on_hold(write: Write, wish: HoldWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order, ON_HOLD for one more reason.

    Raises Rejected when nothing of it waits to be shipped, and for a hold that is already there.
    """
    fields = Fields()
    note = fields.line("reason", wish.note, most=LONGEST_NOTE, required=False)
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> None:
        order = held(connection, wish.order_id, actor=actor)
        if order.state not in UNSHIPPED:
            raise state_conflict(order)
        holds = open_holds(connection, order.id)
        _refuse_again(holds, wish.reason, note)
        if count_holds(connection, order.id) >= MOST_EVER:
            raise refuse("TOO_MANY", f"An order was on hold at most {MOST_EVER} times.", "orderId")
        place_hold(connection, order.id, wish.reason, note, journal)
        rows = fulfilments_of(connection, order.id)
        told = {"hold": wish.reason.value, "reason": note}
        advance(connection, order, rows, kind=HELD, journal=journal, is_held=True, **told)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return wish.order_id


def release_hold(write: Write, wish: ReleaseWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order after holds of it ended; it goes on when none is left.

    Pieces that were short find a warehouse again, or are refused as InsufficientStock. Raises
    Rejected when it is not on hold, and for holds that are not its own or have ended.
    """
    fields = Fields()
    note = fields.line("reason", wish.note, most=LONGEST_NOTE, required=False)
    fields.count("holdIds", wish.hold_ids, most=MOST_HOLDS)
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> None:
        order = held(connection, wish.order_id, actor=actor)
        if order.state is not OrderState.ON_HOLD:
            raise state_conflict(order)
        holds = open_holds(connection, order.id)
        ending = _named(holds, wish.hold_ids)
        let_go(connection, ending, note, journal)
        rows, waits = fulfilments_of(connection, order.id), len(ending) < len(holds)
        if any(one.reason is HoldReason.SHORT_PICKED for one in ending):
            rows = reallocate(connection, order.id, rows, journal)
        told = {"holds": [one.reason.value for one in ending], "reason": note}
        advance(connection, order, rows, kind=RELEASED, journal=journal, is_held=waits, **told)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return wish.order_id


def _named(holds: Sequence[OpenHold], ids: Sequence[int]) -> list[OpenHold]:
    if not ids:
        return list(holds)
    fields, known = Fields(), {one.id for one in holds}
    for place, hold_id in enumerate(ids):
        if hold_id not in known:
            fields.missing("open hold", "holdIds", str(place))
    fields.refuse_problems()
    return [one for one in holds if one.id in ids]


def _refuse_again(holds: Sequence[OpenHold], reason: HoldReason, note: str) -> None:
    if any((one.reason, one.note) == (reason, note) for one in holds):
        raise refuse("HOLD_EXISTS", "The order is on hold for this already.", "orderId")
    if len(holds) >= MOST_HOLDS:
        raise refuse("TOO_MANY", f"An order has at most {MOST_HOLDS} holds at once.", "orderId")

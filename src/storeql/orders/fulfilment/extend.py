"""Gives an order more time to leave: a delay that staff approve, with its reason."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Rejected, StaleVersion
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.settings import DAY_MS
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import hold_order, state_conflict
from storeql.orders.states import UNSHIPPED
from storeql.orders.tables import orders

SHIP_BY_EXTENDED = "SHIP_BY_EXTENDED"
LONGEST_REASON = 500
FURTHEST_DAYS = 365

_order = orders.c
_SHIP_BY = statement(select(_order.ship_by_at, _order.version).where(_order.id == bindparam("id")))
_EXTEND = statement(
    update(orders)
    .where(_order.id == bindparam("b_id"))
    .values(ship_by_at=bindparam("new_at"), updated_at=bindparam("now"), version=_order.version + 1)
)


class ExtendWish(Struct, frozen=True, kw_only=True):
    """An order that may leave later; `ship_by_at` in milliseconds since 1970 UTC."""

    order_id: int
    ship_by_at: int
    reason: str
    expected_version: int


def extend_ship_by(write: Write, wish: ExtendWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order with a later instant to ship by; the event says why.

    Raises Rejected when nothing of it has still to leave, and for an instant that is not later than
    now and than the one before, or more than a year away.
    """
    fields = Fields()
    reason = fields.line("reason", wish.reason, most=LONGEST_REASON)
    if not now < wish.ship_by_at <= now + FURTHEST_DAYS * DAY_MS:
        fields.report("OUT_OF_RANGE", "This must be within a year from now.", "shipBy")
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> None:
        order = hold_order(connection, wish.order_id, actor=actor)
        if order.state not in UNSHIPPED:
            raise state_conflict(order)
        row = connection.one(_SHIP_BY, id=order.id)
        assert row is not None
        before, version = row
        _check(wish, before, version)
        connection.run(_EXTEND, b_id=order.id, new_at=wish.ship_by_at, now=now)
        state = order.state.value
        told = {"reason": reason, "shipByBefore": before, "shipBy": wish.ship_by_at}
        journal.note(
            order.id,
            SHIP_BY_EXTENDED,
            channel_id=order.channel_id,
            before=state,
            after=state,
            **told,
        )

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return wish.order_id


def _check(wish: ExtendWish, before: int | None, version: int) -> None:
    if version != wish.expected_version:
        message, field = "The order changed after it was read.", ("expectedVersion",)
        raise Rejected([StaleVersion(message=message, field=field, current=version)])
    fields = Fields()
    if before is not None and wish.ship_by_at <= before:
        fields.report("OUT_OF_RANGE", "This must be later than the instant before.", "shipBy")
    fields.refuse_problems()

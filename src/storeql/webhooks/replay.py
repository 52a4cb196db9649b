"""Puts deliveries in line again: one, all dead ones of a subscription, or those of a period."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, Statement, any_of, one_of, statement
from storeql.errors import refuse
from storeql.events.tables import events
from storeql.inputs import Fields
from storeql.webhooks.records import DeliveryState
from storeql.webhooks.tables import webhook_deliveries, webhook_subscriptions

_delivery = webhook_deliveries.c
_ENDED = one_of(_delivery.state, DeliveryState.DELIVERED.value, DeliveryState.DEAD.value)
_WANTS = statement(
    select(webhook_subscriptions.c.kinds, webhook_subscriptions.c.channel_id).where(
        webhook_subscriptions.c.id == bindparam("id")
    )
)
_period = (events.c.at >= bindparam("from_at"), events.c.at < bindparam("until_at"))
_in_period = _delivery.event_id.in_(select(events.c.id).where(*_period))
_of_subscription = _delivery.subscription_id == bindparam("subscription_id")
# Events that were kept for somebody else: a subscription may be younger than they are. Those that
# have no number yet will come by themselves.
_ADD = statement(
    insert(webhook_deliveries)
    .from_select(
        ["subscription_id", "event_id", "state", "due_at", "created_at"],
        select(
            bindparam("to_id", type_=_delivery.subscription_id.type),
            events.c.id,
            literal(DeliveryState.WAITING.value),
            bindparam("due", type_=_delivery.due_at.type),
            bindparam("now", type_=_delivery.created_at.type),
        )
        .where(
            *_period,
            any_of(events.c.kind, "kinds"),
            events.c.number.is_not(None),
            or_(
                events.c.channel_id.is_(None),
                bindparam("channel", type_=events.c.channel_id.type).is_(None),
                events.c.channel_id == bindparam("channel", type_=events.c.channel_id.type),
            ),
        )
        .order_by(events.c.number),
    )
    .on_conflict_do_nothing(index_elements=["event_id", "subscription_id"])
)


def _again(*conditions: ColumnElement[bool]) -> Statement:
    return statement(
        update(webhook_deliveries)
        .where(*conditions)
        .values(
            state=DeliveryState.WAITING.value,
            tries=0,
            holder="",
            due_at=bindparam("now"),
            finished_at=None,
        )
    )


_ONE = _again(_delivery.id == bindparam("b_id"))
_DEAD = _again(_of_subscription, _delivery.state == DeliveryState.DEAD.value)
_PERIOD = _again(_of_subscription, _ENDED, _in_period)


class ReplayWish(Struct, frozen=True, kw_only=True):
    """One delivery; or of a subscription the dead ones, or all whose events are of a period.

    The period is half-open, in milliseconds.
    """

    delivery_id: int | None = None
    dead_of: int | None = None
    period_of: int | None = None
    from_at: int = 0
    until_at: int = 0


def replay(connection: Connection, wish: ReplayWish, *, now: int) -> int:
    """How many deliveries are in line now, each with all its tries before it.

    Receivers see the same event ids again. One that is being sent at this moment may be sent a
    second time. Raises Rejected (NOT_FOUND, OUT_OF_RANGE).
    """
    if wish.delivery_id is not None:
        found = connection.run(_ONE, b_id=wish.delivery_id, now=now)
        if not found:
            raise refuse("NOT_FOUND", "There is no such delivery.", "deliveries", "deliveryId")
        return found
    if wish.dead_of is not None:
        _wants(connection, wish.dead_of, "deadOf")
        return connection.run(_DEAD, subscription_id=wish.dead_of, now=now)
    return _period_again(connection, wish, now)


def _period_again(connection: Connection, wish: ReplayWish, now: int) -> int:
    assert wish.period_of is not None
    _check_period(wish)
    kinds, channel_id = _wants(connection, wish.period_of, "period", "subscriptionId")
    window = {"from_at": wish.from_at, "until_at": wish.until_at}
    again = connection.run(_PERIOD, subscription_id=wish.period_of, now=now, **window)
    added = connection.run(
        _ADD, to_id=wish.period_of, kinds=kinds, channel=channel_id, due=now, now=now, **window
    )
    return again + added


def _check_period(wish: ReplayWish) -> None:
    fields = Fields("deliveries", "period")
    if wish.from_at >= wish.until_at:
        fields.report("OUT_OF_RANGE", "The period must end after it begins.", "until")
    fields.refuse_problems()


def _wants(
    connection: Connection, subscription_id: int, *field: str
) -> tuple[list[str], int | None]:
    """The kinds and the channel that the subscription wants to hear of."""
    row = connection.one(_WANTS, id=subscription_id)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such subscription.", "deliveries", *field)
    return msgspec.json.decode(row[0], type=list[str]), row[1]

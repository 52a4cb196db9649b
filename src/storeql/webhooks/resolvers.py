"""Reads of subscriptions and of what was sent for them; statements do not grow with rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)
from storeql.events.resolvers import events_by_id
from storeql.events.tables import events
from storeql.webhooks.records import Attempt, Delivery, DeliveryState, Subscription
from storeql.webhooks.stored import SELECT, subscription_of
from storeql.webhooks.tables import webhook_attempts, webhook_deliveries, webhook_subscriptions

SUBSCRIPTIONS, DELIVERIES = "webhook_subscriptions", "webhook_deliveries"

_to, _delivery, _attempt = webhook_subscriptions.c, webhook_deliveries.c, webhook_attempts.c
_BY_ID = statement(SELECT.where(any_of(_to.id, "ids")))
_COUNT = statement(select(func.count()).select_from(webhook_subscriptions))
_STATES = statement(
    select(_delivery.subscription_id, _delivery.state, func.count())
    .where(
        any_of(_delivery.subscription_id, "ids"),
        _delivery.state != DeliveryState.DELIVERED.value,
    )
    .group_by(_delivery.subscription_id, _delivery.state)
)
_DELIVERY = select(
    _delivery.id,
    _delivery.subscription_id,
    _delivery.event_id,
    events.c.kind,
    _delivery.state,
    _delivery.attempts,
    _delivery.due_at,
    _delivery.created_at,
    _delivery.finished_at,
).join(events, events.c.id == _delivery.event_id)
_DELIVERIES_BY_ID = statement(_DELIVERY.where(any_of(_delivery.id, "ids")))
_ATTEMPTS = statement(
    select(*(_attempt[name] for name in Attempt.__struct_fields__))
    .where(any_of(_attempt.delivery_id, "ids"))
    .order_by(_attempt.id)
)


class DeliveryFilter(Struct, frozen=True, kw_only=True):
    """Which deliveries: in these states, of these kinds, for one subscription; None for any."""

    states: Sequence[DeliveryState] | None = None
    kinds: Sequence[str] | None = None
    subscription_id: int | None = None

    @property
    def shape(self) -> tuple[bool, bool, bool]:
        """Which of the conditions there are."""
        return self.states is not None, self.kinds is not None, self.subscription_id is not None

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions."""
        given: dict[str, Any] = {}
        if self.states is not None:
            given["states"] = [state.value for state in self.states]
        if self.kinds is not None:
            given["kinds"] = sorted(set(self.kinds))
        if self.subscription_id is not None:
            given["subscription_id"] = self.subscription_id
        return given


def subscriptions_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[Subscription]:
    """Subscriptions, newest first."""
    window, wanted = window_of(page, SUBSCRIPTIONS), node_selection(selection)
    found = connection.rows(_subscriptions_statement(window.shape), **window.params)
    rows, more = cut(found, window)
    total = connection.scalar(_COUNT) if selection.wants("total_count") else None
    nodes = _subscriptions(connection, rows, wanted)

    def cursor(place: int) -> str:
        return make_cursor(SUBSCRIPTIONS, nodes[place].created_at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def subscriptions_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection
) -> dict[int, Subscription]:
    """Subscriptions by row number, without those that are not there."""
    rows = connection.rows(_BY_ID, ids=ids) if ids else []
    return {one.id: one for one in _subscriptions(connection, rows, selection)}


def deliveries_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    filter: DeliveryFilter,
    kinds: Sequence[str],
) -> Page[Delivery]:
    """Deliveries, newest first; `kinds` are the events that the reader may see more of."""
    window, wanted = window_of(page, DELIVERIES), node_selection(selection)
    made = _deliveries_statement(filter.shape, window.shape)
    rows, more = cut(connection.rows(made, **filter.params, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_deliveries_count(filter.shape), **filter.params)
    nodes = _deliveries(connection, rows, wanted, kinds)

    def cursor(place: int) -> str:
        return make_cursor(DELIVERIES, nodes[place].id, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def deliveries_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, kinds: Sequence[str]
) -> dict[int, Delivery]:
    """Deliveries by row number, without those that are not there."""
    rows = connection.rows(_DELIVERIES_BY_ID, ids=ids) if ids else []
    return {one.id: one for one in _deliveries(connection, rows, selection, kinds)}


def _subscriptions(
    connection: Connection, rows: Sequence[tuple[Any, ...]], wanted: Selection
) -> list[Subscription]:
    counts: dict[tuple[int, str], int] = {}
    if rows and wanted.wants("waiting", "dead"):
        found = connection.rows(_STATES, ids=[row[0] for row in rows])
        counts = {(row_id, state): count for row_id, state, count in found}
    return [
        subscription_of(
            row,
            waiting=counts.get((row[0], DeliveryState.WAITING.value), 0),
            dead=counts.get((row[0], DeliveryState.DEAD.value), 0),
        )
        for row in rows
    ]


def _deliveries(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    wanted: Selection,
    kinds: Sequence[str],
) -> list[Delivery]:
    made: dict[int, list[Attempt]] = {}
    if rows and wanted.wants("attempts"):
        for row in connection.rows(_ATTEMPTS, ids=[row[0] for row in rows]):
            attempt = Attempt(**dict(zip(Attempt.__struct_fields__, row, strict=True)))
            made.setdefault(attempt.delivery_id, []).append(attempt)
    told = {}
    if rows and wanted.wants("event"):
        told = events_by_id(connection, [row[2] for row in rows], kinds=kinds)
    return [_delivery_of(row, told.get(row[2]), made.get(row[0], ())) for row in rows]


def _delivery_of(row: tuple[Any, ...], event: Any, attempts: Sequence[Attempt]) -> Delivery:
    row_id, subscription_id, event_id, kind, state, count, due_at, *rest = row
    created_at, finished_at = rest
    return Delivery(
        id=row_id,
        subscription_id=subscription_id,
        event_id=event_id,
        kind=kind,
        state=DeliveryState(state),
        attempt_count=count,
        due_at=due_at,
        created_at=created_at,
        finished_at=finished_at,
        event=event,
        attempts=attempts,
    )


@lru_cache(maxsize=4)
def _subscriptions_statement(window: tuple[bool, bool]) -> Statement:
    return statement(windowed(SELECT, window, value=_to.created_at, row=_to.id, descending=True))


@lru_cache(maxsize=32)
def _deliveries_statement(shape: tuple[bool, bool, bool], window: tuple[bool, bool]) -> Statement:
    query = _DELIVERY.where(*_conditions(shape))
    row = _delivery.id
    return statement(windowed(query, window, value=row, row=row, descending=True))


@lru_cache(maxsize=8)
def _deliveries_count(shape: tuple[bool, bool, bool]) -> Statement:
    query = select(func.count()).select_from(
        webhook_deliveries.join(events, events.c.id == _delivery.event_id)
    )
    return statement(query.where(*_conditions(shape)))


def _conditions(shape: tuple[bool, bool, bool]) -> list[Any]:
    by_state, by_kind, by_subscription = shape
    conditions: list[Any] = []
    if by_state:
        conditions.append(any_of(_delivery.state, "states"))
    if by_kind:
        conditions.append(any_of(events.c.kind, "kinds"))
    if by_subscription:
        conditions.append(_delivery.subscription_id == bindparam("subscription_id"))
    return conditions

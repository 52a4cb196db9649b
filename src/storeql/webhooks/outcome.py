"""Writes how an attempt went: delivered, to be tried again, or given up; and spares a dead end."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog
from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from storeql.customers.actors import staff_address
from storeql.customers.messages import write_message
from storeql.db import Connection, statement
from storeql.webhooks.backoff import pause_ms
from storeql.webhooks.lease import Taken
from storeql.webhooks.records import DeliveryState
from storeql.webhooks.tables import webhook_attempts, webhook_deliveries, webhook_subscriptions

log = structlog.get_logger("storeql.webhooks")

KEPT_OF_RESPONSE = 2_000
LONGEST_ERROR = 500
PAUSED_AFTER_MS = 48 * 60 * 60 * 1000

_delivery, _to = webhook_deliveries.c, webhook_subscriptions.c
_attempt = webhook_attempts.c
_GIVEN = ("number", "at", "milliseconds", "status", "error", "response")
# Selected from the delivery: it may have been deleted with its subscription while it was sent.
_ATTEMPT = statement(
    insert(webhook_attempts).from_select(
        ["delivery_id", *_GIVEN],
        select(
            _delivery.id,
            *(bindparam(f"new_{name}", type_=_attempt[name].type) for name in _GIVEN),
        ).where(_delivery.id == bindparam("b_id")),
    )
)
_SETTLE = statement(
    update(webhook_deliveries)
    .where(_delivery.id == bindparam("b_id"), _delivery.holder == bindparam("b_holder"))
    .values(
        state=bindparam("new_state"),
        holder="",
        due_at=bindparam("due"),
        finished_at=bindparam("finished", type_=_delivery.finished_at.type),
    )
)
_FINE = statement(
    update(webhook_subscriptions)
    .where(_to.id == bindparam("b_id"), _to.failing_since.is_not(None))
    .values(failing_since=None)
)
_FAILING = statement(
    update(webhook_subscriptions)
    .where(_to.id == bindparam("b_id"), _to.failing_since.is_(None))
    .values(failing_since=bindparam("now"))
)
_PAUSE = statement(
    update(webhook_subscriptions)
    .where(
        _to.id == bindparam("b_id"),
        _to.paused_at.is_(None),
        _to.failing_since <= bindparam("before"),
    )
    .values(paused_at=bindparam("now"), pause_reason=bindparam("reason"), version=_to.version + 1)
    .returning(_to.name, _to.owner)
)


class Outcome(Struct, frozen=True, kw_only=True):
    """How one attempt went; `status` is None when nobody answered.

    `error` says what went wrong, empty for a success. `is_final`: trying again is of no use.
    """

    taken: Taken
    at: int
    milliseconds: int
    status: int | None = None
    error: str = ""
    response: str = ""
    is_final: bool = False

    @property
    def is_success(self) -> bool:
        """The receiver said that it took it: any status of 200 to 299."""
        return not self.error


def record(
    connection: Connection, outcomes: Iterable[Outcome], *, now: int, draw: Callable[[], float]
) -> None:
    """Writes the outcomes of attempts; of one that somebody else took over only that it was made.

    `draw` gives chances from 0 to 1. A subscription that took nothing for two days and then loses
    a delivery for good is paused, and its owner is written to.
    """
    for outcome in outcomes:
        taken = outcome.taken
        connection.run(
            _ATTEMPT,
            b_id=taken.id,
            new_number=taken.attempt,
            new_at=outcome.at,
            new_milliseconds=outcome.milliseconds,
            new_status=outcome.status,
            new_error=outcome.error[:LONGEST_ERROR],
            new_response=outcome.response[:KEPT_OF_RESPONSE],
        )
        if outcome.is_success:
            _settle(connection, taken, DeliveryState.DELIVERED, due=now, finished=now)
            connection.run(_FINE, b_id=taken.subscription_id)
        else:
            _fail(connection, outcome, now=now, chance=draw())


def _fail(connection: Connection, outcome: Outcome, *, now: int, chance: float) -> None:
    taken = outcome.taken
    connection.run(_FAILING, b_id=taken.subscription_id, now=now)
    pause = None if outcome.is_final else pause_ms(taken.tries, chance=chance)
    if pause is not None:
        _settle(connection, taken, DeliveryState.WAITING, due=now + pause, finished=None)
        return
    _settle(connection, taken, DeliveryState.DEAD, due=now, finished=now)
    reason = f"Nothing was taken for two days; the last time: {outcome.error}"
    paused = connection.one(
        _PAUSE,
        b_id=taken.subscription_id,
        before=now - PAUSED_AFTER_MS,
        reason=reason[:LONGEST_ERROR],
        now=now,
    )
    if paused is not None:
        _say(connection, *paused, reason=reason, now=now)


def _settle(
    connection: Connection, taken: Taken, state: DeliveryState, *, due: int, finished: int | None
) -> None:
    connection.run(
        _SETTLE,
        b_id=taken.id,
        b_holder=taken.holder,
        new_state=state.value,
        due=due,
        finished=finished,
    )


def _say(connection: Connection, name: str, owner: str, *, reason: str, now: int) -> None:
    log.warning("webhook_paused", subscription=name, owner=owner)
    address = staff_address(connection, owner)
    if address is not None:
        write_message(
            connection,
            recipient=address,
            subject=f"The webhook “{name}” is paused",
            body=f"{reason}\n\nWhat happens meanwhile is kept. Mend the receiver, then resume it.",
            now=now,
        )

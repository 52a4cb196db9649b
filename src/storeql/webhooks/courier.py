"""Carries events to their receivers: numbers them, puts them in line, sends, and writes down.

One event loop sends, at most four deliveries of a receiver at a time, so that a slow one holds
nobody but itself; threads talk to the database. Nothing is sent inside a transaction.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import structlog

from storeql.customers.actors import staff_or_app
from storeql.db import Connection, Database
from storeql.events import EventKinds
from storeql.events.numbering import is_any_waiting
from storeql.logs import log_interruption
from storeql.webhooks.addresses import Reach
from storeql.webhooks.dispatch import dispatch
from storeql.webhooks.lease import LEASE_MS, Taken, receivers, take_due
from storeql.webhooks.outcome import Outcome, record
from storeql.webhooks.selections import Selections, Unfit, text_of
from storeql.webhooks.send import NoAnswer, Sender
from storeql.webhooks.signature import sign
from storeql.webhooks.signing_keys import secrets_that_hold

log = structlog.get_logger("storeql.webhooks")

PER_RECEIVER = 4
CONNECTIONS = 500
LOOK_EVERY_SECONDS = 0.5

NameEvent = Callable[[int], str]
"""An event's opaque id, of its row number."""


class Courier:
    """Delivers the events of a shop in the thread that calls `run`; several may work at once."""

    def __init__(
        self,
        database: Database,
        selections: Selections,
        kinds: EventKinds,
        reach: Reach,
        *,
        secret: str,
        name_event: NameEvent,
        clock: Callable[[], int],
        seconds: float,
        stop: threading.Event | None = None,
    ) -> None:
        self._database = database
        self._selections = selections
        self._kinds = kinds
        self._reach = reach
        self._secret = secret
        self._name_event = name_event
        self._clock = clock
        self._seconds = seconds
        self.stop = stop or threading.Event()
        self._holder = secrets.token_hex(8)
        self._in_hand: Counter[int] = Counter()
        self._lines: dict[tuple[int, str, int], asyncio.Task[None]] = {}
        self._finished: list[Outcome] = []
        self._interrupted = False

    def run(self) -> None:
        """Delivers until `stop` is set; what is being sent then is finished and written down."""
        while not self.stop.is_set():
            try:
                asyncio.run(self._work(until_done=False))
            except Exception as error:
                log_interruption(log, "courier_interrupted", error)
                self.stop.wait(LOOK_EVERY_SECONDS)

    def run_once(self) -> None:
        """Delivers what is due now, and what that leads to, until nothing is."""
        asyncio.run(self._work(until_done=True))

    async def _work(self, *, until_done: bool) -> None:
        self._woken = asyncio.Event()
        self._sender = Sender(self._reach, seconds=self._seconds, connections=CONNECTIONS)
        try:
            while not self.stop.is_set():
                self._woken.clear()
                busy = await self._turn()
                if until_done and not (busy or self._in_hand or self._finished):
                    break
                if not busy:
                    await self._rest()
        finally:
            await asyncio.gather(*self._lines.values(), return_exceptions=True)
            await self._turn(taking=False)
            await self._sender.close()

    async def _rest(self) -> None:
        """Waits until something is finished, or for half a second."""
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _turn(self, *, taking: bool = True) -> bool:
        """Writes what is finished and takes what is due; False when there was nothing to take."""
        finished, self._finished = self._finished, []
        try:
            numbered, taken = await asyncio.to_thread(self._look, finished, taking)
        except Exception as error:
            self._finished = finished + self._finished
            log_interruption(log, "courier_interrupted", error)
            return False
        for one in taken:
            self._begin(one)
        return bool(numbered or taken)

    def _look(self, finished: Sequence[Outcome], taking: bool) -> tuple[int, Sequence[Taken]]:
        numbered, due = 0, []
        if taking:
            with self._database.reading() as connection:
                any_waiting = is_any_waiting(connection)
            if any_waiting:
                numbered = self._database.write(lambda c: dispatch(c, now=self._clock()))
            with self._database.reading() as connection:
                due = receivers(connection, now=self._clock())
        room = {one: free for one in due if (free := PER_RECEIVER - self._in_hand[one]) > 0}
        if not finished and not room:
            return numbered, ()
        return numbered, self._database.write(lambda c: self._write(c, finished, room))

    def _write(
        self, connection: Connection, finished: Sequence[Outcome], room: Mapping[int, int]
    ) -> Sequence[Taken]:
        now = self._clock()
        record(connection, finished, now=now, draw=random.random)
        return take_due(connection, room, holder=self._holder, now=now)

    def _begin(self, taken: Taken) -> None:
        """Sends it after what is in hand about the same object for the same receiver."""
        self._in_hand[taken.subscription_id] += 1
        line = taken.subscription_id, taken.subject, taken.object_id
        before = self._lines.get(line)
        task = asyncio.create_task(self._carry(taken, before, time.monotonic()))
        self._lines[line] = task
        task.add_done_callback(lambda done: self._end(taken, line, done))

    def _end(self, taken: Taken, line: tuple[int, str, int], done: asyncio.Task[None]) -> None:
        self._in_hand[taken.subscription_id] -= 1
        if not self._in_hand[taken.subscription_id]:
            del self._in_hand[taken.subscription_id]
        if self._lines.get(line) is done:
            del self._lines[line]
        if not done.cancelled() and done.exception() is not None:
            log_interruption(log, "delivery_broke", done.exception(), delivery=taken.id)  # type: ignore[arg-type]
        self._woken.set()

    async def _carry(
        self, taken: Taken, before: asyncio.Task[None] | None, taken_at: float
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        at, began = self._clock(), time.monotonic()
        status, error, response, is_final = None, "", "", False
        try:
            body = await asyncio.to_thread(self._body, taken, at)
            left = LEASE_MS / 1000 - (time.monotonic() - taken_at)
            if left < self._seconds * 2:
                return  # The lease may end while it is sent: whoever takes it next sends it.
            answer = await self._sender.post(taken.url, self._headers(taken, at, body), body)
            status, response = answer.status, answer.text
            if not 200 <= answer.status < 300:
                error = f"It answered {answer.status}."
        except NoAnswer as silence:
            error = str(silence)
        except _Denied as denied:
            error, is_final = str(denied), True
        except Unfit as unfit:
            error = str(unfit)
        self._finished.append(
            Outcome(
                taken=taken,
                at=at,
                milliseconds=round((time.monotonic() - began) * 1000),
                status=status,
                error=error,
                response=response,
                is_final=is_final,
            )
        )

    def _body(self, taken: Taken, now: int) -> bytes:
        with self._database.reading() as connection:
            owner = staff_or_app(connection, taken.owner, now=now)
        if owner is None:
            raise _Denied(f"{taken.owner}, who owns the subscription, may not sign in any more.")
        kind = self._kinds.get(taken.kind)
        if kind is None or kind.permission.value not in owner.permissions:
            raise _Denied(f"{taken.owner}, who owns the subscription, may not hear of this.")
        document = text_of(taken.document)
        return self._selections.body(document, event_id=taken.event_id, owner=owner, now=now)

    def _headers(self, taken: Taken, at: int, body: bytes) -> Mapping[str, str]:
        event, timestamp = self._name_event(taken.event_id), at // 1000
        held = secrets_that_hold(
            taken.secret_salt,
            taken.previous_salt,
            taken.previous_until,
            secret=self._secret,
            now=at,
        )
        return {
            "content-type": "application/json",
            "user-agent": "storeql-webhooks",
            "webhook-id": event,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(held, id=event, timestamp=timestamp, body=body),
            "storeql-event": taken.kind,
            "storeql-sequence": str(taken.number),
            "storeql-attempt": str(taken.attempt),
        }


class _Denied(Exception):
    """The owner may no longer see what it is about."""

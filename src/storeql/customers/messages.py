"""Messages to people: written with the change that causes them, sent after it is committed.

A message is claimed before it is sent and never claimed twice, unless its sending is known to
have failed: a person would rather ask again than get the same message twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import TypeAlias

import structlog
from msgspec import Struct
from sqlalchemy import bindparam, insert, select

from storeql.customers.mail import smtp_sender
from storeql.customers.tables import messages
from storeql.db import Connection, Database, statement
from storeql.settings import Settings

MOST_FAILURES = 5
BATCH = 50

log = structlog.get_logger("storeql.messages")


class Message(Struct, frozen=True):
    """A message to one e-mail address; `body` is plain text."""

    id: int
    recipient: str
    subject: str
    body: str


Send: TypeAlias = Callable[[Message], None]


def write_message(
    connection: Connection, *, recipient: str, subject: str, body: str, now: int
) -> None:
    """Leaves a message to be sent once this transaction is committed."""
    connection.run(_WRITE, recipient=recipient, subject=subject, body=body, created_at=now)


def deliver(database: Database, settings: Settings, *, send: Send | None = None) -> int:
    """Sends what waits; returns how many messages left.

    Without a mail server, development writes messages to the log and production keeps them.
    """
    send = send or sender(settings)
    if send is None:
        return 0
    waiting = _waiting(database)
    return sum(_deliver_one(database, message_id, send=send) for message_id in waiting)


def deliver_soon(database: Database, settings: Settings) -> None:
    """Delivers in a thread of its own: no answer waits for it, or shows that there was mail."""
    Thread(target=_deliver_quietly, args=(database, settings), name="storeql-messages").start()


def sender(settings: Settings) -> Send | None:
    """How messages leave this shop; None when they cannot."""
    if settings.mail_url:
        send_mail = smtp_sender(settings.mail_url)
        return lambda message: send_mail(message.recipient, message.subject, message.body)
    return _to_log if settings.development else None


def _deliver_quietly(database: Database, settings: Settings) -> None:
    try:
        deliver(database, settings)
    except Exception as error:
        log.error("messages not delivered", exc_info=error)


def _waiting(database: Database) -> list[int]:
    with database.reading() as connection:
        rows = connection.rows(_WAITING, most=MOST_FAILURES, batch=BATCH)
    return [row[0] for row in rows]


def _deliver_one(database: Database, message_id: int, *, send: Send) -> bool:
    row = database.write(lambda c: c.one(_CLAIM, b_id=message_id, now=_now_ms()))
    if row is None:
        return False
    try:
        send(Message(*row))
    except Exception as error:
        log.warning("message not sent", message_id=message_id, exc_info=error)
        database.write(lambda c: c.run(_LET_GO, b_id=message_id))
        return False
    database.write(lambda c: c.run(_SENT, b_id=message_id, now=_now_ms()))
    return True


def _to_log(message: Message) -> None:
    log.info("message", recipient=message.recipient, subject=message.subject, body=message.body)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


_is_waiting = messages.c.sent_at.is_(None) & messages.c.claimed_at.is_(None)

_WRITE = statement(insert(messages), "recipient", "subject", "body", "created_at")
_WAITING = statement(
    select(messages.c.id)
    .where(_is_waiting, messages.c.failures < bindparam("most"))
    .order_by(messages.c.id)
    .limit(bindparam("batch"))
)
_CLAIM = statement(
    messages.update()
    .where(messages.c.id == bindparam("b_id"), _is_waiting)
    .values(claimed_at=bindparam("now"))
    .returning(messages.c.id, messages.c.recipient, messages.c.subject, messages.c.body)
)
_LET_GO = statement(
    messages.update()
    .where(messages.c.id == bindparam("b_id"))
    .values(claimed_at=None, failures=messages.c.failures + 1)
)
# The body may hold a secret: it goes with the message.
_SENT = statement(
    messages.update()
    .where(messages.c.id == bindparam("b_id"))
    .values(sent_at=bindparam("now"), body="")
)

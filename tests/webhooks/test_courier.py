"""Couriers at work: side by side, killed in the middle, with slow receivers and moving numbers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storeql.db import Database, statement
from storeql.events import tell
from storeql.events.listening import hold_listening, listen_to
from storeql.events.numbering import number_events
from storeql.events.tables import events
from storeql.orders.event_kinds import ORDER_PLACED, OrderFacts
from storeql.webhooks.dispatch import dispatch
from storeql.webhooks.expiry import forget_events
from storeql.webhooks.lease import LEASE_MS, take_due
from storeql.webhooks.tables import webhook_deliveries, webhook_subscriptions
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import open_small_shop
from tests.webhooks.office import courier, deliver, deliveries, owner_of, subscribe
from tests.webhooks.receiver import Received, Receiver, Reply, receiving

NOW = 1_764_000_000_000
FACTS = OrderFacts(log_kind="PLACED", state_before="", state_after="PENDING_PAYMENT")


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def told(database: Database, count: int, *, of: int = 0, now: int = NOW) -> None:
    """As many events about as many orders, or all about the order `of`."""

    def write(connection: object) -> None:
        for number in range(1, count + 1):
            facts = OrderFacts(log_kind=f"E{number}", state_before="", state_after="")
            tell(connection, ORDER_PLACED, of or number, now=now, facts=facts)  # type: ignore[arg-type]

    database.write(write)


def listened(database: Database, *kinds: str) -> None:
    def listen(connection: object) -> None:
        hold_listening(connection)  # type: ignore[arg-type]
        listen_to(connection, kinds)  # type: ignore[arg-type]

    database.write(listen)


def kept(database: Database) -> list[tuple[int, int | None]]:
    """Row numbers and numbers of all events."""
    found = statement(select(events.c.id, events.c.number).order_by(events.c.id))
    with database.reading() as connection:
        return connection.rows(found)


def test_nothing_is_written_when_nobody_listens_and_one_statement_when_somebody_does(
    database: Database,
) -> None:
    seen: list[str] = []
    database.recorder = seen.append
    told(database, 3)
    assert seen == []
    database.recorder = None
    assert kept(database) == []
    listened(database, "ORDER_PLACED")
    database.recorder = seen.append
    told(database, 3)
    assert len(seen) == 1 and seen[0].startswith("INSERT INTO events")
    database.recorder = None
    assert len(kept(database)) == 3
    listened(database)
    told(database, 3)
    assert len(kept(database)) == 3


def test_another_process_knows_who_listens_with_its_next_write(
    database: Database, database_url: str
) -> None:
    other = Database(database_url)
    try:
        told(other, 1)
        listened(database, "ORDER_PLACED")
        told(other, 1)
        assert len(kept(database)) == 1
    finally:
        other.close()


def test_the_same_event_told_twice_is_one(database: Database) -> None:
    listened(database, "ORDER_PLACED")
    told(database, 1)

    def twice(connection: object) -> None:
        for _ in range(2):
            tell(connection, ORDER_PLACED, 9, now=NOW, facts=FACTS)  # type: ignore[arg-type]

    database.write(twice)
    assert len(kept(database)) == 2


def test_a_change_that_is_rolled_back_tells_nothing(database: Database) -> None:
    listened(database, "ORDER_PLACED")

    def fail(connection: object) -> None:
        tell(connection, ORDER_PLACED, 9, now=NOW, facts=FACTS)  # type: ignore[arg-type]
        raise LookupError

    with pytest.raises(LookupError):
        database.write(fail)
    assert kept(database) == []


def test_an_event_committed_late_is_numbered_late_and_never_lost(database: Database) -> None:
    """On PostgreSQL a row with a smaller number appears after one with a greater."""
    if database.is_sqlite:
        pytest.skip("SQLite commits one write at a time")
    listened(database, "ORDER_PLACED")
    begun, may_commit = threading.Event(), threading.Event()
    write = statement(insert(events), *("kind", "subject", "object_id", "actor", "facts", "at"))
    row = {"kind": "ORDER_PLACED", "subject": "Order", "actor": "shop", "facts": "{}", "at": NOW}

    def slow(connection: object) -> None:
        connection.run(write, object_id=1, **row)  # type: ignore[attr-defined]
        begun.set()
        may_commit.wait(5)

    late = threading.Thread(target=lambda: database.write(slow))
    late.start()
    assert begun.wait(5)
    told(database, 1)
    assert len(database.write(number_events)) == 1
    may_commit.set()
    late.join()
    assert len(database.write(number_events)) == 1
    assert kept(database) == [(1, 2), (2, 1)]


def test_couriers_side_by_side_send_each_event_once(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 40)
    threads = [threading.Thread(target=courier(door).run_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver(door)
    ids = Counter(one.headers["webhook-id"] for one in receiver.received)
    assert (len(ids), set(ids.values())) == (40, {1})
    assert {one["state"] for one in deliveries(door, token)} == {"DELIVERED"}


def test_a_worker_that_dies_in_the_middle_is_followed_by_another_when_its_lease_is_over(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 2)
    database.write(lambda c: dispatch(c, now=NOW))
    (taken, _) = database.write(lambda c: take_due(c, {1: 4}, holder="dead", now=NOW))
    assert (taken.attempt, taken.number) == (1, 1)

    deliver(door)
    assert receiver.received == []  # it may be alive, and sending
    door.clock.now += LEASE_MS
    deliver(door)
    assert [one.headers["storeql-attempt"] for one in receiver.received] == ["2", "2"]
    assert {one["state"] for one in deliveries(door, token)} == {"DELIVERED"}


def test_a_worker_that_was_thought_dead_does_not_undo_what_another_did(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 1)
    slow, other = courier(door), courier(door)

    def overtaken(_: Received) -> Reply:
        if len(receiver.received) > 1:
            return Reply()
        door.clock.now += LEASE_MS  # while the first one waits for its answer
        other.run_once()
        return Reply(500)

    receiver.answer = overtaken
    slow.run_once()
    (delivery,) = deliveries(door, token)
    assert (delivery["state"], delivery["attemptCount"]) == ("DELIVERED", 2)
    assert sorted(one["status"] for one in delivery["attempts"]) == [200, 500]


def test_a_slow_receiver_does_not_hold_the_others(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    with receiving() as slow:
        arrived: list[float] = []
        slow.answer = lambda _: time.sleep(0.4) or Reply()  # type: ignore[func-returns-value]
        receiver.answer = lambda _: arrived.append(time.monotonic()) or Reply()  # type: ignore[func-returns-value]
        subscribe(door, token, slow.url, "ORDER_PLACED")
        subscribe(door, token, receiver.url, "ORDER_PLACED")
        told(database, 12)
        began = time.monotonic()
        deliver(door)
        took = time.monotonic() - began
    assert len(receiver.received) == len(slow.received) == 12
    assert took > 1.1  # three rounds of four, 0.4 seconds each
    assert max(arrived) - began < 1.0


def test_what_is_about_one_object_comes_one_after_the_other_in_order(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    at_once: list[int] = []
    open_now = 0

    def watch(_: Received) -> Reply:
        nonlocal open_now
        open_now += 1
        time.sleep(0.03)
        at_once.append(open_now)
        open_now -= 1
        return Reply()

    receiver.answer = watch
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 6, of=5)
    deliver(door)
    assert [one.event["sequence"] for one in receiver.received] == [1, 2, 3, 4, 5, 6]
    assert max(at_once) == 1


def test_old_events_are_forgotten_with_their_deliveries_but_never_what_still_waits(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 2)
    deliver(door)
    receiver.answer = lambda _: Reply(500)
    told(database, 1, of=9)
    deliver(door)
    told(database, 1, of=10)  # nobody has numbered it yet

    assert database.write(lambda c: forget_events(c, before=NOW)) == 0
    assert database.write(lambda c: forget_events(c, before=NOW + 1)) == 2
    assert len(kept(database)) == 2
    (delivery,) = deliveries(door, token)
    assert delivery["state"] == "WAITING"


def test_a_subscription_that_is_deleted_while_something_is_sent_for_it_breaks_nothing(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 1)
    gone = statement(webhook_subscriptions.delete())

    def answer(_: Received) -> Reply:
        database.write(lambda c: c.run(gone))
        return Reply()

    receiver.answer = answer
    deliver(door)
    assert deliveries(door, token) == []


@pytest.mark.parametrize("waiting", [3, 30])
def test_statements_to_list_deliveries_do_not_grow_with_them(
    shop: tuple[Door, Database], receiver: Receiver, waiting: int
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, waiting)
    deliver(door)
    seen: list[str] = []
    door.http.app.state.shop.database.recorder = seen.append  # type: ignore[attr-defined]
    assert len(deliveries(door, token)) == waiting
    # The session, the page, its count, the attempts, the events.
    assert len(seen) == 5


def test_a_turn_with_nothing_to_do_reads_twice_and_writes_nothing(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    subscribe(door, owner_of(door, database), receiver.url, "ORDER_PLACED")
    seen: list[str] = []
    door.http.app.state.shop.database.recorder = seen.append  # type: ignore[attr-defined]
    deliver(door)
    assert len(seen) == 2 + 0 and all(text.startswith("SELECT") for text in seen)


def test_a_delivery_is_there_for_each_subscription_and_event_once(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    for _ in range(3):
        subscribe(door, token, receiver.url, "ORDER_PLACED")
    told(database, 600)
    assert database.write(lambda c: dispatch(c, now=NOW)) == 500
    assert database.write(lambda c: dispatch(c, now=NOW)) == 100
    assert database.write(lambda c: dispatch(c, now=NOW)) == 0
    counted = statement(select(webhook_deliveries.c.event_id, webhook_deliveries.c.subscription_id))
    with database.reading() as connection:
        rows = connection.rows(counted)
    assert len(rows) == len(set(rows)) == 1_800

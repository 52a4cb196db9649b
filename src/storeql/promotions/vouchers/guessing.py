"""Lets people enter codes, and stops those who try many that do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.attempts import Limit, count_attempt, forgive_attempt
from storeql.customers.sessions import Client
from storeql.customers.sign_in_limits import network_subject
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import Rejected

UNKNOWN = "VOUCHER_CODE_NOT_FOUND"

Result = TypeVar("Result")


class Guesser(Struct, frozen=True, kw_only=True):
    """Who enters codes, from where, and how many unknown ones in 15 minutes are too many."""

    actor: Actor
    client: Client
    most: int

    @property
    def limit(self) -> Limit:
        """Failures count together for a customer, or for a guest's network."""
        actor = self.actor
        subject = f"coupon:{actor.key}" if actor.id is not None else None
        return Limit(subject or network_subject(self.client, "coupon"), self.most)


def entering(
    write: Write, guesser: Guesser, work: Callable[[Connection], Result], *, now: int
) -> Result:
    """What `work` answers in a write transaction; an attempt is only spent on an unknown code.

    Raises Rejected as `work` does, and with TOO_MANY_ATTEMPTS before it is even tried.
    """
    limit = guesser.limit
    exceeded = write(lambda connection: count_attempt(connection, [limit], now=now))
    if exceeded is not None:
        raise Rejected([exceeded])

    def forgiven(connection: Connection) -> Result:
        result = work(connection)
        forgive_attempt(connection, [limit.subject])
        return result

    try:
        return write(forgiven)
    except Rejected as rejected:
        if all(problem.code != UNKNOWN for problem in rejected.problems):
            write(lambda connection: forgive_attempt(connection, [limit.subject]))
        raise

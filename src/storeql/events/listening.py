"""Says which kinds of events somebody listens to, in the transaction that changes who listens."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, statement
from storeql.db.listening import listening

_HOLD = statement(
    insert(listening)
    .values(id=1, kinds="")
    .on_conflict_do_update(index_elements=["id"], set_={"kinds": listening.c.kinds})
)
_LISTEN = statement(
    listening.update().where(listening.c.id == 1).values(kinds=bindparam("all_kinds"))
)


def hold_listening(connection: Connection) -> None:
    """Makes changes of who listens wait for each other; the first thing such a change does."""
    connection.run(_HOLD)


def listen_to(connection: Connection, kinds: Iterable[str]) -> None:
    """Has every write that begins after this transaction's commit tell of these kinds alone."""
    connection.run(_LISTEN, all_kinds=",".join(sorted(set(kinds))))

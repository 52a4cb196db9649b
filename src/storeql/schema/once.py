"""Makes a change that has no row of its own happen once for each idempotency key."""

from storeql.db import Connection
from storeql.errors import Rejected
from storeql.orders.idempotency import Key, keep_key, object_of


def first_time(connection: Connection, key: Key, *, object_id: int, now: int) -> bool:
    """True once for each key, which is then kept with the change; False when it was made before.

    Raises Rejected when the key was used with another input.
    """
    if object_of(connection, key) is not None:
        return False
    try:
        keep_key(connection, key, object_id=object_id, now=now)
    except Rejected:
        # Somebody sent the same key at the same moment, and has just been faster.
        if object_of(connection, key) is None:
            raise
        return False
    return True

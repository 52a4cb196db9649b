"""How much one request may ask: every limit of the door with its default, in one place."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """The door's limits; sizes are bytes, durations seconds, the rest counts.

    `cost` counts fields, those below a list as often as the list may repeat them. `merges` counts
    pairs of fields of one name with selections, which validation compares with each other: 100 of
    the same are 4,950 pairs. `variable_values` counts every scalar, list and object in the
    variables. `waiting` is how many requests may wait for a thread. `documents` and
    `document_bytes` bound the cache of parsed documents, which takes about 200 bytes of memory for
    a byte of text; `persisted` and `persisted_bytes` that of automatic persisted documents.
    """

    body_bytes: int = 1_000_000
    body_seconds: float = 20.0
    document_length: int = 100_000
    tokens: int = 4_000
    depth: int = 15
    aliases: int = 60
    root_fields: int = 20
    introspections: int = 2
    directives: int = 50
    merges: int = 5_000
    cost: int = 100_000
    default_page: int = 20
    default_list: int = 5
    variable_values: int = 10_000
    variable_depth: int = 20
    deadline_seconds: float = 10.0
    waiting: int = 256
    documents: int = 1_000
    document_bytes: int = 150_000
    persisted: int = 1_000
    persisted_bytes: int = 1_000_000
    sockets: int = 1_000
    socket_subscriptions: int = 20
    socket_message_bytes: int = 100_000
    socket_init_seconds: float = 5.0

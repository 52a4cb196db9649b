"""The messages of the graphql-transport-ws protocol, read strictly and written as JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec
import orjson
from msgspec import Struct

PROTOCOL = "graphql-transport-ws"
LONGEST_ID = 100

BAD_REQUEST = 4400
UNAUTHORIZED = 4401
FORBIDDEN = 4403
SUBPROTOCOL_NOT_ACCEPTABLE = 4406
INITIALISATION_TIMEOUT = 4408
SUBSCRIBER_EXISTS = 4409
TOO_MANY_INITIALISATIONS = 4429
MESSAGE_TOO_BIG = 1009
INTERNAL_ERROR = 1011
GOING_AWAY = 1001


class CloseSocket(Exception):
    """The socket is to be closed, for a reason of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Init(Struct, frozen=True, tag_field="type", tag="connection_init"):
    """The client introduces itself."""

    payload: dict[str, Any] | None = None


class Ping(Struct, frozen=True, tag_field="type", tag="ping"):
    """The client asks for a sign of life."""

    payload: dict[str, Any] | None = None


class Pong(Struct, frozen=True, tag_field="type", tag="pong"):
    """The client gives a sign of life."""

    payload: dict[str, Any] | None = None


class Subscribe(Struct, frozen=True, tag_field="type", tag="subscribe"):
    """The client starts an operation under an id of its choice."""

    id: str
    payload: dict[str, Any]


class Complete(Struct, frozen=True, tag_field="type", tag="complete"):
    """The client is no longer interested."""

    id: str


Frame: TypeAlias = Init | Ping | Pong | Subscribe | Complete


def frame_of(text: str) -> Frame:
    """The frame in a text message; raises CloseSocket for anything else."""
    try:
        frame: Frame = msgspec.convert(orjson.loads(text), Frame)
    except (orjson.JSONDecodeError, msgspec.ValidationError):
        raise CloseSocket(BAD_REQUEST, "Invalid message") from None
    if isinstance(frame, Subscribe | Complete) and not 0 < len(frame.id) <= LONGEST_ID:
        raise CloseSocket(BAD_REQUEST, "Invalid id")
    return frame


def frame_text(kind: str, **fields: Any) -> str:
    """A message of the server; a payload that is encoded already comes as an orjson.Fragment."""
    return orjson.dumps({"type": kind, **fields}).decode("utf-8")

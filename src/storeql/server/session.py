"""One socket: the conversation of the graphql-transport-ws protocol, and its subscriptions."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any

import msgspec
import orjson
from starlette.types import Message, Receive, Send

from storeql.errors import StoreError
from storeql.server import frames
from storeql.server.answers import Answer
from storeql.server.faults import FormattedError, Refusal, bug_refusal, refusal, store_refusal
from storeql.server.frames import CloseSocket, Frame, frame_of, frame_text
from storeql.server.limits import Limits
from storeql.server.operations import Operations
from storeql.server.parameters import parameters_from_payload
from storeql.server.request import RequestInfo
from storeql.server.request_log import log_request
from storeql.server.subscriptions import Subscription
from storeql.server.workers import Workers


class SocketGone(Exception):
    """The client hung up while it was told something."""


class Session:
    """The state of one accepted socket."""

    def __init__(
        self,
        operations: Operations,
        workers: Workers,
        limits: Limits,
        info: RequestInfo,
        send: Send,
    ) -> None:
        self._operations = operations
        self._workers = workers
        self._limits = limits
        self._info = info
        self._send = send
        self._acknowledged = False
        self._running: dict[str, asyncio.Task[None]] = {}

    async def hold(self, receive: Receive) -> None:
        """Converses until either side closes, then ends all subscriptions."""
        try:
            await self._converse(receive)
        except SocketGone:
            pass
        except CloseSocket as closing:
            await self.close(closing.code, closing.reason)
        finally:
            await self._end_all()

    async def close(self, code: int, reason: str) -> None:
        """Closes the socket if it still is open."""
        with suppress(RuntimeError, OSError):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def _converse(self, receive: Receive) -> None:
        try:
            async with asyncio.timeout(self._limits.socket_init_seconds):
                while not self._acknowledged:
                    if not await self._hear(await receive()):
                        return
        except TimeoutError:
            reason = "Connection initialisation timeout"
            raise CloseSocket(frames.INITIALISATION_TIMEOUT, reason) from None
        while await self._hear(await receive()):
            pass

    async def _hear(self, message: Message) -> bool:
        """Acts on one message; False when it was the last one."""
        if message["type"] == "websocket.disconnect":
            return False
        text = message.get("text")
        if text is None:
            raise CloseSocket(frames.BAD_REQUEST, "Invalid message")
        if len(text) > self._limits.socket_message_bytes:
            raise CloseSocket(frames.MESSAGE_TOO_BIG, "Message too big")
        await self._act(frame_of(text))
        return True

    async def _act(self, frame: Frame) -> None:
        match frame:
            case frames.Init():
                await self._acknowledge(frame)
            case frames.Ping():
                await self._tell("pong")
            case frames.Subscribe():
                self._subscribe(frame)
            case frames.Complete():
                task = self._running.pop(frame.id, None)
                if task is not None:
                    task.cancel()
            case frames.Pong():
                pass

    async def _acknowledge(self, frame: frames.Init) -> None:
        if self._acknowledged:
            reason = "Too many initialisation requests"
            raise CloseSocket(frames.TOO_MANY_INITIALISATIONS, reason)
        self._info = _with_token(self._info, frame.payload or {})
        try:
            await self._workers.submit(self._check_credentials)
        except Refusal:
            raise CloseSocket(frames.FORBIDDEN, "Forbidden") from None
        except Exception as error:
            bug_refusal(error)
            raise CloseSocket(frames.INTERNAL_ERROR, "Internal error") from None
        self._acknowledged = True
        await self._tell("connection_ack")

    def _check_credentials(self) -> None:
        self._operations.open(self._info, time.monotonic()).close(False)

    def _subscribe(self, frame: frames.Subscribe) -> None:
        if not self._acknowledged:
            raise CloseSocket(frames.UNAUTHORIZED, "Unauthorized")
        if frame.id in self._running:
            reason = f"Subscriber for {frame.id} already exists"[:120]
            raise CloseSocket(frames.SUBSCRIBER_EXISTS, reason)
        self._running[frame.id] = asyncio.create_task(self._serve(frame))

    async def _serve(self, frame: frames.Subscribe) -> None:
        """Runs one subscription from its first frame to its last, and logs it."""
        began_at = time.monotonic()
        errors: list[FormattedError] = []
        told: dict[str, Any] = {"events": 0}
        try:
            await self._stream(frame, told)
        except SocketGone:
            return
        except Refusal as refused:
            errors = refused.errors
        except StoreError as error:
            errors = store_refusal(error).errors
        except Exception as error:
            errors = bug_refusal(error).errors
        finally:
            if self._running.get(frame.id) is asyncio.current_task():
                del self._running[frame.id]
            log_request(
                request_id=self._info.request_id,
                method="SUBSCRIBE",
                codes=tuple(error["extensions"]["code"] for error in errors),
                milliseconds=round((time.monotonic() - began_at) * 1000, 2),
                **told,
            )
        with suppress(SocketGone):
            if errors:
                await self._tell("error", id=frame.id, payload=errors)
            else:
                await self._tell("complete", id=frame.id)

    async def _stream(self, frame: frames.Subscribe, told: dict[str, Any]) -> None:
        if len(self._running) > self._limits.socket_subscriptions:
            limit = self._limits.socket_subscriptions
            raise refusal("SUBSCRIPTION_LIMIT", f"A socket may hold {limit} subscriptions.")
        parameters = parameters_from_payload(frame.payload, self._limits)
        start = partial(Subscription, self._operations, parameters, self._info)
        subscription: Subscription = await self._workers.submit(start)
        told["operation"] = subscription.operation.name
        told["document"] = subscription.operation.document.hash
        async with AsyncExitStack() as stack:
            events = await subscription.events()
            if hasattr(events, "aclose"):
                stack.push_async_callback(events.aclose)
            async for event in events:
                answer: Answer = await self._workers.submit(partial(subscription.answer, event))
                await self._tell("next", id=frame.id, payload=orjson.Fragment(answer.body))
                told["events"] += 1

    async def _tell(self, kind: str, **fields: Any) -> None:
        try:
            await self._send({"type": "websocket.send", "text": frame_text(kind, **fields)})
        except (RuntimeError, OSError) as error:
            raise SocketGone from error

    async def _end_all(self) -> None:
        tasks = list(self._running.values())
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _with_token(info: RequestInfo, payload: dict[str, Any]) -> RequestInfo:
    """The handshake's facts with the `authorization` that the client introduced itself with."""
    for name, value in payload.items():
        if name.lower() == "authorization" and isinstance(value, str):
            headers = {**info.headers, "authorization": value}
            return msgspec.structs.replace(info, headers=headers)
    return info

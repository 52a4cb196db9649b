"""GraphQL over HTTP: from an ASGI request to an operation, and from its answer to a response."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from graphql import OperationType
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from storeql.errors import StoreError
from storeql.server.answers import Answer, answer_of_refusal
from storeql.server.body import ClientGone, check_content_type, read_body
from storeql.server.faults import Refusal, bug_refusal, refusal, store_refusal
from storeql.server.limits import Limits
from storeql.server.negotiation import JSON, RESPONSE, prefers_page, response_type
from storeql.server.operations import Operations
from storeql.server.origin import check_request_origin
from storeql.server.parameters import Parameters, parameters_from_address, parameters_from_body
from storeql.server.request import RequestInfo
from storeql.server.request_log import begun_request, log_request
from storeql.server.workers import Workers

QUERIES = (OperationType.QUERY,)
QUERIES_AND_MUTATIONS = (OperationType.QUERY, OperationType.MUTATION)
HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class View:
    """The ASGI application that answers GraphQL requests.

    `page` answers browsers that come to the address for a page to look at. Queries that take no
    longer than `inline_seconds` run on the event loop; 0 leaves none there.
    """

    def __init__(
        self,
        operations: Operations,
        workers: Workers,
        limits: Limits,
        *,
        origins: Collection[str] = (),
        page: ASGIApp | None = None,
        inline_seconds: float = 0.0,
    ) -> None:
        self._inline_seconds = inline_seconds
        self._operations = operations
        self._workers = workers
        self._limits = limits
        self._origins = frozenset(origins)
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, and writes its line of log."""
        began_at = time.monotonic()
        headers = headers_of(scope)
        if self._page is not None and prefers_page(scope, headers):
            await self._page(scope, receive, send)
            return
        request_id = begun_request(headers)
        media, status = JSON, 200
        try:
            media = response_type(headers.get("accept"))
            answer = await self._answer(info_of(scope, headers, request_id), receive, scope)
        except ClientGone:
            return
        except Refusal as refused:
            answer, status = answer_of_refusal(refused), _status(refused, media)
        except StoreError as error:
            lost = store_refusal(error)
            answer, status = answer_of_refusal(lost), lost.status
        except Exception as error:
            bug = bug_refusal(error)
            answer, status = answer_of_refusal(bug), bug.status
        await _respond(send, status, media, answer, request_id)
        log_request(
            request_id=request_id,
            method=scope["method"],
            status=status,
            operation=answer.operation,
            document=answer.document,
            codes=answer.codes,
            milliseconds=round((time.monotonic() - began_at) * 1000, 2),
        )

    async def _answer(self, info: RequestInfo, receive: Receive, scope: Scope) -> Answer:
        began_at = time.monotonic()
        kinds: Sequence[OperationType] = QUERIES_AND_MUTATIONS
        if info.method == "POST":
            check_content_type(info.headers)
            check_request_origin(info.headers, info.method, self._origins)
            body = await read_body(info.headers, receive, self._limits)
            parameters = parameters_from_body(body, self._limits)
        elif info.method == "GET":
            kinds = QUERIES
            check_request_origin(info.headers, info.method, self._origins)
            parameters = parameters_from_address(scope["query_string"], self._limits)
        else:
            raise refusal(
                "METHOD_NOT_ALLOWED",
                "GraphQL requests are sent with POST or GET.",
                status=405,
                headers=(("allow", "GET, POST"),),
            )
        return await self._run(parameters, info, kinds, began_at, receive)

    async def _run(
        self,
        parameters: Parameters,
        info: RequestInfo,
        kinds: Sequence[OperationType],
        began_at: float,
        receive: Receive,
    ) -> Answer:
        work = partial(self._operations.answer, parameters, info, kinds, began_at)
        if self._inline_seconds and self._operations.is_short(parameters, self._inline_seconds):
            return work()
        waits = self._workers.is_busy
        future = self._workers.submit(work)
        if waits:
            await _unless_gone(future, receive)
        answer: Answer = await future
        return answer


def headers_of(scope: Scope) -> dict[str, str]:
    """A request's headers by their lower-case names."""
    return {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}


def info_of(scope: Scope, headers: dict[str, str], request_id: str) -> RequestInfo:
    """What a context may know of an HTTP request or a socket's handshake."""
    client = scope.get("client")
    cookie = headers.get("cookie")
    return RequestInfo(
        headers=headers,
        cookies=cookie_parser(cookie) if cookie else {},
        client_ip=client[0] if client else "",
        request_id=request_id,
        method=scope.get("method", "GET"),
        is_websocket=scope["type"] == "websocket",
    )


async def _unless_gone(future: asyncio.Future[Answer], receive: Receive) -> None:
    """Waits for work in the line, and takes it out when its client hangs up."""
    hung_up = asyncio.ensure_future(_disconnected(receive))
    either: list[asyncio.Future[Any]] = [future, hung_up]
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hung_up.cancel()
    if not future.done():
        future.cancel()
        raise ClientGone


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _status(refused: Refusal, media: str) -> int:
    """The refusal's status, except to clients of plain JSON that expect 200 for documents."""
    return 200 if refused.well_formed and media != RESPONSE else refused.status


async def _respond(send: Send, status: int, media: str, answer: Answer, request_id: str) -> None:
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", f"{media}; charset=utf-8".encode("latin-1")),
        (b"content-length", str(len(answer.body)).encode("latin-1")),
        (b"x-request-id", request_id.encode("latin-1")),
        *HEADERS,
    ]
    headers += [(k.encode("latin-1"), v.encode("latin-1")) for k, v in answer.headers]
    headers += [(b"set-cookie", cookie.encode("latin-1")) for cookie in answer.cookies]
    start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})

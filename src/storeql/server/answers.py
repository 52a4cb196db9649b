"""The encoded response of a GraphQL request, with what its headers and its log line need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct

from storeql.server.documents import Operation
from storeql.server.faults import Refusal, bug_refusal
from storeql.server.request import Context


class Answer(Struct, frozen=True, kw_only=True):
    """A response; `codes` are those of its errors, `document` is the hash of what ran."""

    body: bytes
    codes: tuple[str, ...] = ()
    operation: str | None = None
    document: str | None = None
    cookies: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def answer_of(operation: Operation, context: Context, payload: Mapping[str, Any]) -> Answer:
    """The answer of an operation that ran; raises Refusal for what JSON cannot hold, a bug."""
    try:
        body = orjson.dumps(payload)
    except TypeError as error:
        raise bug_refusal(error) from error
    codes = tuple(error["extensions"]["code"] for error in payload.get("errors", ()))
    return answer_with(operation, context, body, codes)


def answer_with(
    operation: Operation, context: Context, body: bytes, codes: tuple[str, ...] = ()
) -> Answer:
    """The answer with a body that is encoded already; cookies are always this context's."""
    return Answer(
        body=body,
        codes=codes,
        operation=operation.name,
        document=operation.document.hash,
        cookies=tuple(getattr(context, "response_cookies", ())),
        headers=tuple(getattr(context, "response_headers", {}).items()),
    )


def answer_of_refusal(refused: Refusal) -> Answer:
    """The answer to a request that did not run."""
    return Answer(
        body=orjson.dumps({"errors": refused.errors}),
        codes=tuple(error["extensions"]["code"] for error in refused.errors),
        headers=refused.headers,
    )

"""Which media type a client reads, by its Accept header."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

from storeql.server.faults import refusal

RESPONSE = "application/graphql-response+json"
JSON = "application/json"


def response_type(accept: str | None) -> str:
    """The answer's media type; raises Refusal with status 406 when the client reads neither.

    A client without preference gets application/json, which every client reads.
    """
    if accept is None or accept in (JSON, "*/*", ""):
        return JSON
    if accept == RESPONSE:
        return RESPONSE
    weights = dict(_ranges(accept))
    wild = weights.get("application/*", weights.get("*/*", 0.0))
    response, plain = weights.get(RESPONSE, wild), weights.get(JSON, wild)
    if response <= 0 and plain <= 0:
        message = f"Answers are {RESPONSE} or {JSON}."
        raise refusal("NOT_ACCEPTABLE", message, status=406)
    named = RESPONSE in weights
    return RESPONSE if response > plain or (response == plain and named) else JSON


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not any(p.startswith("charset=") and p != "charset=utf-8" for p in parameters):
            found.append((media, _weight(parameters)))
    return found


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def prefers_page(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Whether a browser asks for a page to look at rather than for data."""
    return (
        scope["method"] in ("GET", "HEAD")
        and "text/html" in headers.get("accept", "")
        and b"query=" not in scope["query_string"]
    )

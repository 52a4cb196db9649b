"""One line of log for each request: who asked what for how long, never with which values."""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Mapping
from typing import Any

import orjson
import structlog

log = structlog.get_logger("storeql.request")

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def configure_logging(*, development: bool) -> None:
    """Readable lines in development, JSON lines elsewhere; tracebacks without local variables."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    if development:
        plain = structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        structlog.configure([*shared, plain], logger_factory=structlog.PrintLoggerFactory())
        return
    structlog.configure(
        [
            *shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        logger_factory=structlog.BytesLoggerFactory(),
    )


def request_id_of(headers: Mapping[str, str]) -> str:
    """The client's X-Request-Id if it is a plain one, otherwise a new id."""
    given = headers.get("x-request-id")
    if given is not None and REQUEST_ID.fullmatch(given):
        return given
    return secrets.token_hex(8)


def log_request(**facts: Any) -> None:
    """Writes the line of one request."""
    log.info("request", **facts)


def _json(event: Any, **options: Any) -> bytes:
    return orjson.dumps(event, default=options.get("default"))

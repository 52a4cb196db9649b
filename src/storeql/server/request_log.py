"""One line of log for each request: who asked what for how long, never with which values."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

import structlog

log = structlog.get_logger("storeql.request")

REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def begun_request(headers: Mapping[str, str]) -> str:
    """The client's X-Request-Id if it is a plain one, otherwise a new id.

    All that is logged from here on in this task, and in the work that it hands over, carries it.
    """
    request_id = headers.get("x-request-id", "")
    if not REQUEST_ID.fullmatch(request_id):
        request_id = secrets.token_hex(8)
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def log_request(**facts: Any) -> None:
    """Writes the line of one request."""
    log.info("request", **facts)

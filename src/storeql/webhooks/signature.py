"""Signs what a webhook sends and checks what one received, as Standard Webhooks describes it.

The signature is over id, instant and body, so that none of them can be replaced; the instant lets
a receiver refuse what somebody recorded and sends again. This module needs nothing but Python, so
that a receiver can import it, or copy it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
VERSION = "v1"
TOLERANCE_SECONDS = 300


class InvalidWebhook(ValueError):
    """A request that the shop did not send, or sent too long ago."""


def sign(secrets: Iterable[str], *, id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: one signature for each secret that holds now."""
    signed = f"{id}.{timestamp}.".encode() + body
    return " ".join(f"{VERSION},{_signature(secret, signed)}" for secret in secrets)


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    tolerance_seconds: int = TOLERANCE_SECONDS,
    now: float | None = None,
) -> str:
    """The event's id, once the request is known to be the shop's; raises InvalidWebhook.

    `headers` are the request's in any case of letters, `body` its bytes as they came: parse the
    JSON afterwards. `now` is seconds since 1970, this moment if not given.
    """
    found = {name.lower(): value for name, value in headers.items()}
    message_id, timestamp = found.get("webhook-id", ""), found.get("webhook-timestamp", "")
    if not message_id or not timestamp.isascii() or not timestamp.isdecimal():
        raise InvalidWebhook("The request has no webhook-id or no webhook-timestamp.")
    moment = time.time() if now is None else now
    if abs(moment - int(timestamp)) > tolerance_seconds:
        raise InvalidWebhook("The request was sent too long ago, or by another clock.")
    expected = _signature(secret, f"{message_id}.{timestamp}.".encode() + body)
    for part in found.get("webhook-signature", "").split(" "):
        version, _, given = part.partition(",")
        if version == VERSION and hmac.compare_digest(given.encode(), expected.encode()):
            return message_id
    raise InvalidWebhook("No signature of the request is made with this secret.")


def _signature(secret: str, signed: bytes) -> str:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidWebhook("This is not a secret of a webhook.") from None
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()

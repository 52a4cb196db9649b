"""The secrets of subscriptions: made from the shop's own secret, so that none is stored.

Whoever reads the database, or a copy of it, cannot sign; a new secret of the shop replaces them
all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from storeql.webhooks.signature import PREFIX


def new_salt() -> str:
    """What makes a secret unlike every other; kept with the subscription."""
    return secrets.token_hex(16)


def secret_of(salt: str, *, secret: str) -> str:
    """The secret a receiver is given, of a salt and the shop's `secret`."""
    made = hmac.new(secret.encode(), f"webhook:{salt}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.b64encode(made).decode()


def secrets_that_hold(
    salt: str, previous: str | None, until: int | None, *, secret: str, now: int
) -> list[str]:
    """The newest secret, and the one before as long as both are valid."""
    held = [salt] if previous is None or until is None or until <= now else [salt, previous]
    return [secret_of(one, secret=secret) for one in held]

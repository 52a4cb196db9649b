"""Secrets that stand for a person or an app: random, shown once, kept only as a keyed hash."""

from __future__ import annotations

import hmac
import secrets

SESSION = "sqs_"
APP = "sqa_"
RESET = "sqr_"

# A prefix and 256 random bits in URL-safe base64.
TOKEN_LENGTH = 47


def new_token(prefix: str) -> str:
    """A fresh secret; the prefix (SESSION, APP, RESET) tells what it opens."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str, secret: str) -> str:
    """The hash the shop keeps: HMAC-SHA256 in hex, worthless without the shop's secret."""
    return hmac.digest(secret.encode(), token.encode(), "sha256").hex()


def is_token(text: str, *prefixes: str) -> bool:
    """True when the text has the shape of a token with one of the prefixes."""
    return len(text) == TOKEN_LENGTH and text.startswith(prefixes) and text.isascii()

"""Automatic persisted documents: a client may send the hash of a document sent before.

The protocol is Apollo's: `extensions.persistedQuery` with `version` 1 and `sha256Hash`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from storeql.server.bounded_cache import BoundedCache
from storeql.server.faults import Refusal, refusal
from storeql.server.limits import Limits
from storeql.server.parameters import Parameters

HASH_LENGTH = 64


class PersistedDocuments:
    """Texts by their hash, in this process; a client that meets another one sends the text."""

    def __init__(self, limits: Limits) -> None:
        self._texts: BoundedCache[str, str] = BoundedCache(
            entries=limits.persisted, weight=limits.persisted_bytes
        )

    def text(self, parameters: Parameters) -> str:
        """The document's text; raises Refusal for a hash that is unknown, wrong or misshapen."""
        digest = _digest(parameters)
        if digest is None:
            assert parameters.query is not None
            return parameters.query
        text = parameters.query
        if text is None:
            text = self._texts.get(digest)
            if text is None:
                raise refusal(
                    "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", well_formed=True
                )
        elif sha256(text.encode("utf-8")).hexdigest() != digest:
            raise _bad("The hash of the persisted query is not the query's.")
        return text

    def keep(self, parameters: Parameters, text: str) -> None:
        """Keeps a valid document that its client wants to name by hash from now on."""
        digest = _digest(parameters)
        if digest is not None:
            self._texts.keep(digest, text, len(text))


def _digest(parameters: Parameters) -> str | None:
    asked: Any = parameters.extensions.get("persistedQuery")
    if asked is None:
        return None
    if not isinstance(asked, dict) or asked.get("version") != 1:
        raise _bad("'persistedQuery' must be an object with version 1.")
    digest = asked.get("sha256Hash")
    if not isinstance(digest, str) or len(digest) != HASH_LENGTH:
        raise _bad("'sha256Hash' must be 64 hexadecimal digits.")
    return digest.lower()


def _bad(message: str) -> Refusal:
    return refusal("BAD_REQUEST", message)

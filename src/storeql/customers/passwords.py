"""Passwords: argon2id hashes that cost an attacker 20 MB and about 50 ms for every guess.

Hashing is slow on purpose, so nothing here is called while a database transaction is held.
"""

from __future__ import annotations

import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storeql.customers.fields import LONGEST_PASSWORD

TIME_COST = 3
MEMORY_KIB = 19_456


class Passwords:
    """Hashes and checks passwords; tests pass a cheaper `time_cost` and `memory_kib`."""

    def __init__(self, *, time_cost: int = TIME_COST, memory_kib: int = MEMORY_KIB) -> None:
        self._hasher = PasswordHasher(time_cost, memory_kib, parallelism=1)
        # Costs as much to verify as a real one and no password fits it.
        salt, digest = (b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={time_cost},p=1${salt}${digest}"

    def hash(self, password: str) -> str:
        """The hash to keep, at most 255 characters."""
        return self._hasher.hash(normal(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """True when the password is the one hashed.

        Without a hash (an unknown account, one without a password) it takes as long and is False.
        """
        if len(password) > LONGEST_PASSWORD:
            return False
        try:
            return self._hasher.verify(kept or self._nobody, normal(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """True when the hash was made with other costs and is better made again."""
        return self._hasher.check_needs_rehash(kept)


def normal(password: str) -> str:
    """The password in NFC, so that every keyboard's é is the same é."""
    return unicodedata.normalize("NFC", password)


PASSWORDS = Passwords()

"""Voucher codes: how they are written and read, made one by one or by the batch, and found."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from storeql.db import Connection, any_of, statement
from storeql.pricing import EnteredCode
from storeql.promotions.tables import voucher_codes

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and capitals that nobody confuses: no 0 O, 1 I L, U V beside each other."""
RANDOM_CHARACTERS = 11
"""30 to the 11th: a guess finds one of a million codes once in 17 billion tries."""

Draw = Callable[[int], int]

_FIND = statement(
    select(
        voucher_codes.c.code,
        voucher_codes.c.promotion_id,
        voucher_codes.c.usage_limit - voucher_codes.c.usage_count,
        voucher_codes.c.starts_at,
        voucher_codes.c.ends_at,
        voucher_codes.c.customer_id,
        voucher_codes.c.claim_first,
    ).where(any_of(voucher_codes.c.code, "codes"))
)


def normal_code(typed: str) -> str:
    """A code as it is stored: upper case, without spaces, full-width letters made plain."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


def new_code(
    prefix: str = "", *, length: int = RANDOM_CHARACTERS, draw: Draw = secrets.randbelow
) -> str:
    """A code nobody guesses: the prefix, `length` random characters and a check character.

    `draw(n)` gives a random number below n.
    """
    body = "".join([ALPHABET[draw(len(ALPHABET))] for _ in range(length)])
    return prefix + body + check_character(body)


def check_character(body: str) -> str:
    """The character that makes a mistyped or swapped one show (Luhn mod 30)."""
    total = 0
    for place, character in enumerate(reversed(body)):
        product = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += product // len(ALPHABET) + product % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def entered_codes(
    connection: Connection, codes: Sequence[str], *, customer_id: int | None
) -> tuple[EnteredCode, ...]:
    """The codes as a basket holds them, each once, in the order given; one SELECT, or none.

    A code that belongs to no promotion, or to another customer than `customer_id`, comes back
    without a `promotion_id`.
    """
    typed = tuple(dict.fromkeys(normal_code(code) for code in codes))
    if not typed:
        return ()
    found = {
        code: EnteredCode(
            code=code,
            promotion_id=str(promotion_id),
            uses=uses,
            starts_at=instant_of(starts_at),
            ends_at=instant_of(ends_at),
            is_unclaimed=owner is None and bool(claim_first),
        )
        for code, promotion_id, uses, starts_at, ends_at, owner, claim_first in connection.rows(
            _FIND, codes=typed
        )
        if owner is None or owner == customer_id
    }
    return tuple(found.get(code) or EnteredCode(code=code) for code in typed)


def instant_of(milliseconds: int | None) -> datetime | None:
    """A stored instant as the engine takes it."""
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def milliseconds_of(instant: datetime) -> int:
    """An instant of the engine as it is stored."""
    return round(instant.timestamp() * 1000)

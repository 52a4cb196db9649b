"""Whether what a plugin answers can be stored and shown: types and bounds, down to the fields.

Structs do not check themselves, and a wrong field would come out where nobody can say whose it is.
"""

from __future__ import annotations

import re
from typing import Any

from storeql.pricing.proposal import (
    Discount,
    Gifts,
    GiftUnits,
    Missed,
    SetPrice,
    SetPrices,
    ShippingDiscount,
    UnitPrice,
    UnitPrices,
)

MOST_MINOR = 10**15
MOST_UNITS = 1_000_000
MOST_NAMES = 100
LONGEST_TEXT = 500

CONDITION = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Nonsense(Exception):
    """An answer that no promotion type may give; the message says what is wrong with it."""


def check_fields(answer: Any) -> None:
    """Raises Nonsense for an answer whose fields are not what its struct declares.

    Amounts, lines and units are held against the basket by `worth`.
    """
    if isinstance(answer, Missed):
        _check_missed(answer)
    elif isinstance(answer, UnitPrices):
        _check_parts(answer.prices, UnitPrice)
    elif isinstance(answer, SetPrices):
        _check_parts(answer.sets, SetPrice)
        for chosen in answer.sets:
            _check_parts(chosen.units, tuple)
            if not chosen.units:
                raise Nonsense("a set without units")
    elif isinstance(answer, Gifts):
        _check_parts(answer.units, GiftUnits)
        for gift in answer.units:
            whole(gift.quantity, least=1, most=MOST_UNITS)
    elif isinstance(answer, Discount | ShippingDiscount):
        amount_of(answer.amount_minor)


def amount_of(amount: Any) -> int:
    """The amount, if it is an integer from 0 up; a float or a bool is not."""
    if type(amount) is not int or not 0 <= amount <= MOST_MINOR:
        raise Nonsense(f"{told(amount)} is not an amount in minor units")
    return amount


def whole(value: Any, *, least: int, most: int) -> int:
    """The value, if it is an integer within its bounds."""
    if type(value) is not int or not least <= value <= most:
        raise Nonsense(f"{told(value)} is not a number from {least} to {most}")
    return value


def is_text(value: Any, *, longest: int = LONGEST_TEXT) -> bool:
    """True for a text that can be stored and sent: not too long, no NUL, no half a character."""
    return type(value) is str and len(value) <= longest and _is_storable(value)


def told(value: Any) -> str:
    """A stranger's value in words, short enough for a log; never raises."""
    try:
        text = repr(value)
    except Exception:
        text = f"a {type(value).__name__}"
    return storable(text[:LONGEST_TEXT])


def blamed(error: BaseException) -> str:
    """A stranger's error in words; never raises."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = type(error).__name__
    return storable(text[:LONGEST_TEXT])


def storable(text: str) -> str:
    """The text without what no database or JSON takes: NUL, and halves of characters."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _is_storable(text: str) -> bool:
    return (text.isascii() and "\0" not in text) or storable(text) == text


def _check_parts(parts: Any, kind: type) -> None:
    if type(parts) is not tuple:
        raise Nonsense(f"{told(parts)} is not a tuple")
    for part in parts:
        if type(part) is not kind:
            raise Nonsense(f"{told(part)} is not a {kind.__name__}")


def _check_missed(missed: Missed) -> None:
    if type(missed.condition) is not str or not CONDITION.fullmatch(missed.condition):
        raise Nonsense(f"{told(missed.condition)} is not the name of a condition")
    for compared in (missed.expected, missed.found):
        if not _is_compared(compared):
            raise Nonsense(f"{told(compared)} is not what a condition compares")
    if missed.shortfall is not None:
        amount_of(missed.shortfall)


def _is_compared(value: Any) -> bool:
    if type(value) is int:
        return -MOST_MINOR <= value <= MOST_MINOR
    if type(value) is tuple:
        return len(value) <= MOST_NAMES and all(is_text(name) for name in value)
    return value is None or is_text(value)

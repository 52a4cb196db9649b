"""Decimal texts and the whole numbers that they are kept as: percentages, amounts, rates."""

from __future__ import annotations

import re

PERCENT_DECIMALS = 2
"""A percentage is kept in basis points."""

DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")


def scaled(text: str, decimals: int) -> int | None:
    """The decimal text times ten to the `decimals`; None when it has more decimals, or is none."""
    match = DECIMAL.fullmatch(text)
    if match is None:
        return None
    sign, whole, parts = match[1], match[2], (match[3] or "").rstrip("0")
    if len(parts) > decimals:
        return None
    number = int(whole + parts.ljust(decimals, "0"))
    return -number if sign else number


def shown(number: int, decimals: int) -> str:
    """A number from 0 up in units of ten to the minus `decimals`, as decimal text."""
    if not decimals:
        return str(number)
    digits = str(number).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"

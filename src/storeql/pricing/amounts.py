"""Amounts as decimal text: written from minor units, and read into them."""

from __future__ import annotations

import re

from storeql.pricing.currencies import exponent_of

AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,6}))?")


def decimal_text(minor: int, currency: str) -> str:
    """An amount in minor units as decimal text: 1990 of CNY is "19.90"."""
    exponent = exponent_of(currency)
    if exponent == 0:
        return str(minor)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(exponent + 1, "0")
    return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"


def read_amount(text: str, currency: str) -> int | None:
    """The minor units of a decimal text from 0 up; zeros past the currency's decimals are ignored.

    None for more decimals than the currency has, and for anything that is no such number.
    """
    match = AMOUNT.fullmatch(text)
    if match is None:
        return None
    exponent, decimals = exponent_of(currency), (match[2] or "").rstrip("0")
    if len(decimals) > exponent:
        return None
    return int(match[1] + decimals.ljust(exponent, "0"))

"""Money as clients read and write it: a decimal text and its currency."""

from functools import lru_cache

import strawberry
from msgspec import Struct

from storeql.errors import BadInput
from storeql.pricing.amounts import decimal_text as decimal_text
from storeql.pricing.currencies import exponent_of
from storeql.schema.fields import answers, attribute
from storeql.schema.scalars import CurrencyCode, Decimal


class Amount(Struct, frozen=True):
    """The record behind Money."""

    amount: str
    currency: str


@strawberry.type(description="An amount of money.")
@answers(Amount)
class Money:
    """An amount in one currency."""

    amount: Decimal = attribute("The amount as decimal text, with the currency's decimals.")
    currency: CurrencyCode = attribute("The currency of the amount.")


@lru_cache(maxsize=16384)
def money(minor: int, currency: str) -> Money:
    """Money of an amount in minor units: 1990 of CNY is 19.90."""
    return Amount(decimal_text(minor, currency), currency)  # type: ignore[return-value]


def money_or_none(minor: int | None, currency: str) -> Money | None:
    """Money of an amount that may be missing."""
    return None if minor is None else money(minor, currency)


def minor_units(amount: str, currency: str) -> int:
    """The minor units of a decimal text; raises BadInput for more decimals than it has."""
    exponent = exponent_of(currency)
    whole, _, decimals = amount.partition(".")
    decimals = decimals.rstrip("0") if len(decimals) > exponent else decimals
    if len(decimals) > exponent:
        raise BadInput(f"{currency} has {exponent} decimals: {amount} has more.")
    return int(whole + decimals.ljust(exponent, "0"))

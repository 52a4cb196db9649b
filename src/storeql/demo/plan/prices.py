"""Prices as shops write them: 49.00, 129.90, 1299.00, and in dollars one cent below."""

from __future__ import annotations

from random import Random

YUAN_PER_DOLLAR = 7.1
SURCHARGE_ABROAD = 1.25
ENDINGS = (0, 0, 0, 90, 90, 99)


def pretty_yuan(yuan: float, ending: int) -> int:
    """The fen of a believable price near that many yuan; `ending` is its last two digits.

    Prices below 100 yuan end in a 5 or a 9, below 1,000 in a 9, above in 99.
    """
    if yuan < 100:
        whole = int(yuan) // 10 * 10 + (5 if yuan % 10 < 6 else 9)
    elif yuan < 1_000:
        whole = round(yuan / 10) * 10 - 1
    else:
        whole = round(yuan / 100) * 100 - 1
    # 129.90 is a yuan above 129.00, so a price with an ending keeps its whole yuan below.
    return max(whole, 5) * 100 - (100 - ending if ending else 0)


def ending_of(random: Random) -> int:
    """How a product writes the end of its prices: .00, .90 or .99."""
    return random.choice(ENDINGS)


def price_before(price_minor: int, factor: float) -> int:
    """A struck-out price about that many times as high, at least 5 yuan above."""
    before = pretty_yuan(price_minor / 100 * factor, price_minor % 100)
    return max(before, price_minor + 500)


def dollars(price_minor: int) -> int:
    """The cents of the price abroad for a price in fen."""
    whole = round(price_minor / 100 / YUAN_PER_DOLLAR * SURCHARGE_ABROAD)
    return max(whole, 3) * 100 - 1

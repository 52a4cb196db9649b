"""How many decimals each currency has, by ISO 4217."""

# ruff: noqa: SIM905 - a table of codes is easier to read and check as text

from __future__ import annotations

from storeql.decimals import shown

ZERO = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
FOUR = frozenset("CLF UYW".split())
TWO = frozenset(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
    "GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
    "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB "
    "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW "
    "ZWG".split()
)
EXPONENTS = (
    dict.fromkeys(TWO, 2)
    | dict.fromkeys(ZERO, 0)
    | dict.fromkeys(THREE, 3)
    | dict.fromkeys(FOUR, 4)
)


def is_currency(code: str) -> bool:
    """True for an active ISO 4217 currency."""
    return code in EXPONENTS


def exponent_of(code: str) -> int:
    """The number of decimals of the currency's minor unit: CNY 2, JPY 0, KWD 3.

    Source: ISO 4217 list one. Raises KeyError for a code that is no currency.
    """
    return EXPONENTS[code]


def amount_text(minor: int, currency: str) -> str:
    """An amount from 0 up for people: CNY 19.90."""
    return f"{currency} {shown(minor, exponent_of(currency))}"

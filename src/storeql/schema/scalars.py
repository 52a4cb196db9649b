"""Scalars that are strict about what they read: decimal amounts, instants, texts, currencies."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NewType

import strawberry
from graphql import GraphQLError

DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}")

Decimal = NewType("Decimal", str)
DateTime = NewType("DateTime", int)
CurrencyCode = NewType("CurrencyCode", str)
Json = NewType("Json", object)


def _bad(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


def read_decimal(value: object) -> Decimal:
    """A plain decimal text such as "19.90"; no exponent, no NaN, no other digits than ASCII."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        raise _bad('An amount is a decimal text such as "19.90".')
    return Decimal(value)


def read_instant(value: object) -> DateTime:
    """Milliseconds since 1970 UTC of an RFC 3339 instant; the zone is mandatory."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise _bad('An instant is RFC 3339 with its zone, such as "2026-03-01T08:00:00+08:00".')
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise _bad("There is no such instant.") from None
    return DateTime(int(moment.timestamp() * 1000))


@lru_cache(maxsize=4096)
def instant_text(milliseconds: int) -> str:
    """RFC 3339 in UTC with milliseconds."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC).replace(
        microsecond=milliseconds % 1000 * 1000
    )
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_currency(value: object) -> CurrencyCode:
    """Three capital letters; whether the shop knows the currency is the domain's question."""
    if not isinstance(value, str) or not CURRENCY.fullmatch(value):
        raise _bad("A currency is an ISO 4217 code such as CNY.")
    return CurrencyCode(value)


def _as_is(value: object) -> object:
    return value


_as_is.passes_type = str  # type: ignore[attr-defined]  # compiled code need not call it for texts


SCALARS: dict[object, Any] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description='A decimal number as text, such as "19.90".',
        serialize=_as_is,
        parse_value=read_decimal,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant in RFC 3339 with zone; answers are in UTC.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=instant_text,
        parse_value=read_instant,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code.",
        serialize=_as_is,
        parse_value=read_currency,
    ),
    Json: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=_as_is,
        parse_value=_as_is,
    ),
}

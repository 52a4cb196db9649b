"""How a rule's fields are described: words, bounds and units, for forms, schema and validation.

    class Rule(Struct, frozen=True, kw_only=True):
        from_minor: Annotated[int, amount("From", "门槛", least=1)]
        percent_off_basis_points: Annotated[int, percent("Percent off", "折扣力度")]

Names tell the unit, as everywhere: an amount ends in `_minor`, a percentage in `_basis_points`.
The API leaves these endings out and speaks of decimal amounts and of percent.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Meta

from storeql.pricing import BASIS_POINTS, Text

MOST_MINOR = 1_000_000_000_000
MOST_WHOLE = 1_000_000_000


class Unit(Enum):
    """What a number or a text of a rule stands for."""

    MINOR = "MINOR"
    BASIS_POINTS = "BASIS_POINTS"
    VARIANT = "VARIANT"
    GIFT_VARIANT = "GIFT_VARIANT"
    PRODUCT = "PRODUCT"
    CUSTOMER_GROUP = "CUSTOMER_GROUP"
    COUPON = "COUPON"


def amount(en: str, zh: str, *, least: int = 0, most: int = MOST_MINOR) -> Meta:
    """Money in minor units of the promotion's currency, from `least` to `most`."""
    return Meta(ge=least, le=most, extra={"unit": Unit.MINOR, "label": Text(en, zh)})


def percent(en: str, zh: str, *, least: int = 1, most: int = BASIS_POINTS) -> Meta:
    """A percentage in basis points, 1000 is 10 %; at most 100 % unless told otherwise."""
    return Meta(ge=least, le=most, extra={"unit": Unit.BASIS_POINTS, "label": Text(en, zh)})


def whole(en: str, zh: str, *, least: int = 0, most: int = MOST_WHOLE) -> Meta:
    """A whole number from `least` to `most`."""
    return Meta(ge=least, le=most, extra={"label": Text(en, zh)})


def text(en: str, zh: str, *, most: int = 200) -> Meta:
    """Text of at most `most` characters."""
    return Meta(max_length=most, extra={"label": Text(en, zh)})


def entries(en: str, zh: str, *, least: int = 1, most: int = 50) -> Meta:
    """A list (a tuple in the rule) with `least` to `most` entries."""
    return Meta(min_length=least, max_length=most, extra={"label": Text(en, zh)})


def variants(en: str, zh: str, *, least: int = 1, most: int = 50) -> Meta:
    """A tuple of variant ids that the rule names."""
    label = Text(en, zh)
    return Meta(min_length=least, max_length=most, extra={"unit": Unit.VARIANT, "label": label})


def gifts(en: str, zh: str, *, least: int = 1, most: int = 50) -> Meta:
    """A tuple of ids of variants that the promotion may add to a basket."""
    label = Text(en, zh)
    extra = {"unit": Unit.GIFT_VARIANT, "label": label}
    return Meta(min_length=least, max_length=most, extra=extra)


def products(en: str, zh: str, *, least: int = 1, most: int = 50) -> Meta:
    """A tuple of product ids that the rule names."""
    label = Text(en, zh)
    return Meta(min_length=least, max_length=most, extra={"unit": Unit.PRODUCT, "label": label})


def customer_groups(en: str, zh: str, *, least: int = 1, most: int = 50) -> Meta:
    """A tuple of ids of customer groups that the rule names."""
    label = Text(en, zh)
    extra = {"unit": Unit.CUSTOMER_GROUP, "label": label}
    return Meta(min_length=least, max_length=most, extra=extra)


def coupon(en: str, zh: str) -> Meta:
    """The id of a promotion that requires a code, whose vouchers the rule hands out."""
    return Meta(extra={"unit": Unit.COUPON, "label": Text(en, zh)})


def label(en: str, zh: str) -> Meta:
    """Words for a field that needs nothing else, such as a switch or a choice."""
    return Meta(extra={"label": Text(en, zh)})

"""Baskets of every shape a shop can hand to a promotion, as Hypothesis strategies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from storeql.pricing import (
    Basket,
    Buyer,
    Delivery,
    EnteredCode,
    GiftItem,
    Line,
    Remaining,
)
from storeql.promotions.rules.form import gift_variants, named_ids

PROMOTION_ID = "1"
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu")
CURRENCIES = (("CNY", 2), ("JPY", 0), ("KWD", 3))
PRICES = st.sampled_from((10_00, 0, 1, 99, 100, 999, 29_90, 100_00, 199_00, 1000_00)) | st.integers(
    0, 500_00
)
QUANTITIES = st.integers(1, 4) | st.sampled_from((7, 99))
FACTS: st.SearchStrategy[Mapping[str, Any]] = st.just({})
_START = datetime(2026, 1, 1, tzinfo=UTC)


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """An instant of 2026 to the minute, told in one of several zones."""
    minutes = draw(st.integers(0, 60 * 24 * 364))
    return (_START + timedelta(minutes=minutes)).astimezone(ZoneInfo(draw(st.sampled_from(ZONES))))


@st.composite
def baskets(
    draw: st.DrawFn,
    rule: Struct,
    *,
    most_lines: int = 5,
    at: st.SearchStrategy[datetime] | None = None,
    facts: st.SearchStrategy[Mapping[str, Any]] = FACTS,
) -> Basket:
    """A valid basket with what the rule names among other things; never empty.

    A variant has one price and one floor, on however many lines it comes.
    """
    instant = draw(at if at is not None else instants())
    currency, exponent = draw(st.sampled_from(CURRENCIES))
    buyer, delivery, codes, payment_method, included = draw(CIRCUMSTANCES)
    return Basket(
        lines=draw(_lines(rule, most_lines)),
        channel="web",
        currency=currency,
        exponent=exponent,
        at=instant,
        time_zone=str(instant.tzinfo),
        buyer=buyer,
        codes=codes,
        gifts=draw(_gifts(rule)),
        gift_choices=draw(_choices(rule)),
        add_on_choices=draw(_add_ons(rule)),
        delivery=delivery,
        payment_method=payment_method,
        remaining=draw(_remaining(rule)),
        facts=draw(facts),
        prices_include_tax=included,
    )


BUYERS = (
    Buyer(),
    Buyer(first_order=True),
    Buyer(id="7", group_ids=("3", "4"), tier="gold"),
    Buyer(id="8", first_order=True),
)
DELIVERIES = (
    None,
    Delivery(method="express", price_minor=12_00, country="CN", region="31"),
    Delivery(method="pickup", price_minor=0),
)
CODES = ((), (EnteredCode(code="HELLO", promotion_id=PROMOTION_ID),))
PAYMENT_METHODS = (None, "cash-on-delivery")
# One draw for all of them: a draw costs more than pricing a small basket.
CIRCUMSTANCES = st.sampled_from(
    list(product(BUYERS, DELIVERIES, CODES, PAYMENT_METHODS, (True, False)))
)
SHELVES = st.sampled_from(
    list(product(((), ("1",), ("1", "2")), ((), ("5",)), ((), ("9",)), (0, 1300)))
)


@st.composite
def _lines(draw: st.DrawFn, rule: Struct, most_lines: int) -> tuple[Line, ...]:
    named = _ids(rule, "ProductVariant")
    products = _ids(rule, "Product") or ("1", "2")
    variant_ids = st.sampled_from((*named, "1", "2", "3", "4"))
    kept: dict[str, Line] = {}
    lines = []
    for place in range(1, draw(st.integers(1, most_lines)) + 1):
        variant_id = draw(variant_ids)
        if variant_id not in kept:
            kept[variant_id] = draw(_goods(variant_id, products))
        quantity = draw(QUANTITIES)
        lines.append(_of(kept[variant_id], str(place), quantity))
    return tuple(lines)


def _ids(rule: Struct, type_name: str) -> tuple[str, ...]:
    """The catalogue ids that a rule names, so that baskets hold what the rule is about."""
    found = {key for one in named_ids(rule) if one.field.id_of == type_name for key in one.ids}
    return tuple(sorted(found))


def _of(goods: Line, line_id: str, quantity: int) -> Line:
    return replace(goods, id=line_id, quantity=quantity)


@st.composite
def _goods(draw: st.DrawFn, variant_id: str, products: tuple[str, ...]) -> Line:
    price = draw(PRICES)
    categories, collections, tags, tax = draw(SHELVES)
    return Line(
        id="",
        product_id=draw(st.sampled_from((*products, f"p{variant_id}"))),
        variant_id=variant_id,
        quantity=1,
        list_minor=price,
        sku=f"SKU-{variant_id}",
        cost_minor=price // 2 if tags else None,
        floor_minor=draw(st.sampled_from((0, 0, 0, price // 2, price, price + 1))),
        category_ids=categories,
        collection_ids=collections,
        tag_ids=tags,
        tax_basis_points=tax,
    )


@st.composite
def _gifts(draw: st.DrawFn, rule: Struct) -> Mapping[str, GiftItem]:
    """The gifts of the rule that can be had here: all, or only some."""
    return {
        variant_id: GiftItem(
            variant_id=variant_id,
            product_id=f"g{variant_id}",
            name=f"Gift {variant_id}",
            price_minor=draw(PRICES),
        )
        for variant_id in gift_variants(rule)
        if draw(st.sampled_from((True, True, False)))
    }


@st.composite
def _choices(draw: st.DrawFn, rule: Struct) -> Mapping[str, tuple[str, ...]]:
    chosen = tuple(one for one in gift_variants(rule) if draw(st.booleans()))
    return {PROMOTION_ID: chosen} if chosen else {}


@st.composite
def _add_ons(draw: st.DrawFn, rule: Struct) -> Mapping[str, Mapping[str, int]]:
    pieces = st.sampled_from((0, 0, 1, 3))
    chosen = {one: n for one in gift_variants(rule) if (n := draw(pieces))}
    return {PROMOTION_ID: chosen} if chosen else {}


@st.composite
def _remaining(draw: st.DrawFn, rule: Struct) -> Mapping[str, Remaining]:
    stock = {one: draw(st.integers(0, 3)) for one in gift_variants(rule) if draw(st.booleans())}
    return {PROMOTION_ID: Remaining(gift_stock=stock)} if stock else {}

"""Reads the basket of a case: lines, goods to give, who buys, how it is delivered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from storeql.decimals import scaled
from storeql.pricing import Basket, Buyer, Delivery, EnteredCode, GiftItem, Lane, Line, Remaining
from storeql.pricing.currencies import exponent_of
from storeql.testing.builders import NOON

PIECES = re.compile(r"(\d+) × (\S+)")


def basket_of(case: Mapping[str, Any], offers: Mapping[str, Mapping[str, Any]]) -> Basket:
    """The basket as the engine takes it; lines are named by what they are."""
    currency = case.get("currency", "CNY")
    exponent = exponent_of(currency)
    chosen = case.get("chosen", {})
    return Basket(
        lines=tuple(line_of(name, raw, exponent) for name, raw in case["basket"].items()),
        channel=case.get("channel", "web"),
        currency=currency,
        exponent=exponent,
        at=case.get("at", NOON),
        buyer=_buyer(case.get("buyer", {})),
        codes=tuple(_code(code, offers) for code in case.get("codes", ())),
        gift_choices={name: tuple(picks) for name, picks in chosen.items() if type(picks) is list},
        add_on_choices={name: picks for name, picks in chosen.items() if type(picks) is dict},
        gifts={name: _gift(name, raw, exponent) for name, raw in case.get("goods", {}).items()},
        delivery=_delivery(case.get("delivery"), exponent),
        payment_method=case.get("payment"),
        remaining={name: left_of(offer, exponent) for name, offer in offers.items()},
        in_order_lanes=tuple(Lane(name) for name in case.get("in_order", ())),
    )


def line_of(name: str, raw: str | Mapping[str, Any], exponent: int) -> Line:
    """A line from `"2 × 10.00"`, or from a table with `pieces`, `price` and what else it has."""
    fields = raw if not isinstance(raw, str) else _short(raw)
    floor, cost = fields.get("floor", "0"), fields.get("cost")
    return Line(
        id=name,
        variant_id=fields.get("variant", name),
        product_id=fields.get("product", name),
        quantity=fields.get("pieces", 1),
        list_minor=minor(fields["price"], exponent),
        floor_minor=minor(floor, exponent),
        cost_minor=None if cost is None else minor(cost, exponent),
        tag_ids=tuple(fields.get("tags", ())),
    )


def minor(text: str, exponent: int) -> int:
    """An amount of the book in minor units. Raises ValueError for what is no amount."""
    found = scaled(text, exponent)
    if found is None:
        raise ValueError(f"{text!r} is no amount")
    return found


def left_of(offer: Mapping[str, Any], exponent: int) -> Remaining:
    """What is left of an offer's limits."""
    budget = offer.get("budget")
    return Remaining(
        uses=offer.get("uses"),
        customer_uses=offer.get("customer_uses"),
        budget_minor=None if budget is None else minor(budget, exponent),
        quota=offer.get("quota", {}),
        gift_stock=offer.get("gift_stock", {}),
    )


def _short(text: str) -> Mapping[str, Any]:
    found = PIECES.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not written like 2 × 10.00")
    return {"pieces": int(found[1]), "price": found[2]}


def _buyer(raw: Mapping[str, Any]) -> Buyer:
    return Buyer(
        id=raw.get("id", "buyer"),
        tier=raw.get("tier"),
        group_ids=tuple(raw.get("groups", ())),
        first_order=raw.get("first_order", False),
    )


def _code(code: str, offers: Mapping[str, Mapping[str, Any]]) -> EnteredCode:
    owner = next((name for name, offer in offers.items() if offer.get("code") == code), None)
    return EnteredCode(code=code, promotion_id=owner)


def _gift(name: str, price: str, exponent: int) -> GiftItem:
    return GiftItem(variant_id=name, product_id=name, name=name, price_minor=minor(price, exponent))


def _delivery(raw: Mapping[str, Any] | None, exponent: int) -> Delivery | None:
    if raw is None:
        return None
    return Delivery(
        method=raw.get("method", "post"),
        price_minor=minor(raw["price"], exponent),
        country=raw.get("country"),
        region=raw.get("region"),
    )

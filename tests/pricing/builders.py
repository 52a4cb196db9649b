"""Short ways to say a basket and its promotions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from storeql.pricing import (
    Basket,
    Line,
    Outcome,
    PricedCart,
    Promotion,
    PromotionType,
    Scope,
    Selection,
    TraceEntry,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def line(line_id: str, list_minor: int, quantity: int = 1, **more: Any) -> Line:
    ids = {"product_id": f"product-{line_id}", "variant_id": f"variant-{line_id}"}
    return Line(**{"id": line_id, "list_minor": list_minor, "quantity": quantity, **ids, **more})


def basket(*lines: Line, **more: Any) -> Basket:
    return Basket(**{"lines": lines, "channel": "web", "currency": "CNY", "at": NOON, **more})


def promotion(promotion_id: str, type_: PromotionType[Any], rule: Struct, **more: Any) -> Promotion:
    """`on` names line ids: a promotion on just these lines."""
    on = more.pop("on", None)
    if on is not None:
        ids = frozenset(f"variant-{line_id}" for line_id in on)
        more["scope"] = Scope(include=Selection(variant_ids=ids))
    words = {"id": promotion_id, "version": 1, "name": promotion_id.title()}
    return Promotion(**{**words, "type": type_, "rule": rule, **more})


def traced(cart: PricedCart, promotion_id: str) -> TraceEntry:
    (found,) = [entry for entry in cart.trace if entry.promotion_id == promotion_id]
    return found


def outcome(cart: PricedCart, promotion_id: str) -> Outcome:
    return traced(cart, promotion_id).outcome


def nets(cart: PricedCart) -> dict[str, int]:
    return {priced.line_id: priced.net_minor for priced in cart.lines}

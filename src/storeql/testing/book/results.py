"""Tells a priced cart in the words of the case book."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from storeql.decimals import shown
from storeql.pricing import GiftLine, Outcome, PricedCart, TraceEntry


class Result(Struct, frozen=True):
    """What a case comes to: every line, everything given, the total with delivery, the trace."""

    lines: Mapping[str, str]
    gifts: Mapping[str, str]
    trace: Mapping[str, str]
    total: str


def result_of(cart: PricedCart) -> Result:
    """The cart's prices as decimal texts, its trace as short sentences by offer."""
    exponent = cart.exponent
    return Result(
        lines={line.line_id: shown(line.net_minor, exponent) for line in cart.lines},
        gifts={gift.variant_id: _gift(gift, exponent) for gift in cart.gift_lines},
        trace={entry.promotion_id: told(entry, exponent) for entry in cart.trace},
        total=shown(cart.totals.total_minor, exponent),
    )


def told(entry: TraceEntry, exponent: int) -> str:
    """What became of an offer: "APPLIED 5.00", "MISSED quantity 1 more", "LOST to half by 3.00"."""
    word = entry.outcome.value
    if entry.outcome is Outcome.APPLIED and entry.vouchers:
        return f"APPLIED {entry.vouchers} for the next order"
    if entry.outcome is Outcome.APPLIED:
        return f"{word} {shown(entry.amount_minor, exponent)}"
    if entry.outcome is Outcome.CLAMPED:
        asked = entry.expected if isinstance(entry.expected, int) else 0
        given = shown(entry.amount_minor, exponent)
        why = (entry.condition or "").removesuffix("_minor")
        return f"{word} {given} of {shown(asked, exponent)} ({why})"
    if entry.outcome is Outcome.LOST:
        return f"{word} to {', '.join(entry.lost_to)}{_by(entry, exponent)}"
    if entry.outcome is Outcome.EXCLUDED:
        return f"{word} by {', '.join(entry.lost_to)}"
    return f"{word} {entry.condition}{_short(entry, exponent)}"


def _by(entry: TraceEntry, exponent: int) -> str:
    return "" if entry.lost_by_minor is None else f" by {shown(entry.lost_by_minor, exponent)}"


def _short(entry: TraceEntry, exponent: int) -> str:
    if entry.outcome is not Outcome.MISSED or entry.shortfall is None or entry.condition == "scope":
        return ""
    money = (entry.condition or "").endswith("_minor")
    return f" {shown(entry.shortfall, exponent) if money else entry.shortfall} more"


def _gift(gift: GiftLine, exponent: int) -> str:
    return f"{gift.quantity} for {shown(gift.net_minor, exponent)}"

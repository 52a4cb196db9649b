"""Gives an order its number: the shop's date and a scattered counter, without a hot row.

A cart becomes at most one order, so its row number is a counter that is already there. It is
scattered, so that two numbers do not tell how many orders lie between them.
"""

from __future__ import annotations

from datetime import date

SPAN = 100_000_000
FACTOR = 61_803_399  # Shares no factor with SPAN: each remainder is met exactly once.
OFFSET = 27_182_818


def order_number(cart_id: int, day: date) -> str:
    """`20260714-58904217`: unique for the cart, whatever the day."""
    turn, place = divmod(cart_id, SPAN)
    scattered = (place * FACTOR + OFFSET) % SPAN
    prefix = str(turn) if turn else ""
    return f"{day:%Y%m%d}-{prefix}{scattered:08d}"

"""Where a pick list is, and why a piece can be missing."""

from __future__ import annotations

from enum import StrEnum

from storeql.catalog.stock.adjust import StockReason


class PickListState(StrEnum):
    """Where a pick list is."""

    OPEN = "OPEN"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


class ShortReason(StrEnum):
    """Why a piece is not on its shelf as it should be."""

    NOT_FOUND = "NOT_FOUND"
    DAMAGED = "DAMAGED"
    MISCOUNTED = "MISCOUNTED"


LEDGER_REASONS: dict[ShortReason, StockReason] = {
    ShortReason.NOT_FOUND: StockReason.LOST,
    ShortReason.DAMAGED: StockReason.DAMAGED,
    ShortReason.MISCOUNTED: StockReason.CORRECTED,
}
"""What the ledger of stock calls it."""

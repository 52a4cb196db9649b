"""200 simultaneous buyers of the last 50 pieces: 50 orders, and a typed refusal for the rest."""

from __future__ import annotations

from soak.books import close_books, expect_stock
from soak.crowd import crowd, judge, order_at_once
from soak.findings import Findings
from soak.shop import Shop

BUYERS, PIECES = 200, 50


async def last_pieces(shop: Shop, findings: Findings, _seconds: float) -> None:
    """Nothing is oversold, and nothing that is there stays unsold."""
    goods = shop.sell("Last pieces", price_minor=19_900, on_hand=PIECES)
    async with crowd(shop, {goods.variant: 1}, buyers=BUYERS) as buyers:
        rush = await order_at_once(buyers)
    judge(rush, findings, placed=PIECES, refusals={"InsufficientStock"})
    problems = [problem for one in rush.refused.values() for problem in one.problems]
    findings.expect("pieces left, as refusals say", {p.get("available") for p in problems}, {0})
    findings.expect("totals", {one.total for one in rush.placed.values()}, {"209.00"})
    await expect_stock(shop, findings, goods, sold=PIECES, of=PIECES)
    await close_books(shop, findings, rush.placed, orders=PIECES)
    findings.note(buyers=BUYERS, stock=PIECES, orders=len(rush.placed), took=f"{rush.seconds:.1f}s")
    findings.note(**rush.refusals())

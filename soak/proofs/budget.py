"""100 simultaneous buyers and a budget for 20 discounts: not a cent more is granted."""

from __future__ import annotations

from soak.books import close_books, expect_stock, row
from soak.crowd import crowd, judge, order_at_once
from soak.findings import Findings
from soak.shop import Shop

BUYERS, PIECES, GRANTED = 100, 500, 20
BUDGET = "203.00"  # 20 times 10.00, and 3.00 that no order can have


async def one_budget(shop: Shop, findings: Findings, _seconds: float) -> None:
    """A money budget is never exceeded, and what it holds is granted."""
    goods = shop.sell("Budgeted", price_minor=10_000, on_hand=PIECES)
    rule = {"spendThreshold": {"tiers": [{"from": "100", "off": "10"}]}}
    await shop.promote("Ten off", rule, goods, budget=BUDGET)
    async with crowd(shop, {goods.variant: 1}, buyers=BUYERS) as buyers:
        findings.expect("totals shown", {buyer.cart.total for buyer in buyers}, {"100.00"})
        rush = await order_at_once(buyers)
    judge(rush, findings, placed=GRANTED, refusals={"PriceChanged", "PromotionExhausted"})
    used = row(shop, "SELECT budget_used_minor, usage_count FROM promotions")
    findings.expect("budget used, orders", used, (GRANTED * 1_000, GRANTED))
    await expect_stock(shop, findings, goods, sold=GRANTED, of=PIECES)
    await close_books(shop, findings, rush.placed, orders=GRANTED)
    findings.note(buyers=BUYERS, budget=BUDGET, used=used[0] / 100, orders=len(rush.placed))
    findings.note(took=f"{rush.seconds:.1f}s", **rush.refusals())

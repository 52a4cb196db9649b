"""200 simultaneous buyers with a code for 20 orders: 20 discounts, no price paid unseen."""

from __future__ import annotations

from soak.books import close_books, expect_stock, row
from soak.crowd import crowd, judge, order_at_once, second_look
from soak.findings import Findings
from soak.shop import Shop

BUYERS, USES, PIECES, CODE = 200, 20, 500, "TWENTY-OFF"
SECOND_TRY = 20


async def last_uses(shop: Shop, findings: Findings, _seconds: float) -> None:
    """A limited code holds for so many orders; the others see the new price before they pay it."""
    goods = shop.sell("Vouchered", price_minor=10_000, on_hand=PIECES)
    promotion = await shop.promote(
        "Twenty off", {"voucherDiscount": {"off": "20"}}, goods, requiresCode=True
    )
    await shop.add_code(promotion, CODE, usage_limit=USES)
    async with crowd(shop, {goods.variant: 1}, buyers=BUYERS, codes=[CODE]) as buyers:
        findings.expect("totals shown", {buyer.cart.total for buyer in buyers}, {"90.00"})
        rush = await order_at_once(buyers)
        judge(rush, findings, placed=USES, refusals={"PriceChanged", "VoucherLimitReached"})
        again = await order_at_once(await second_look(buyers, rush, at_most=SECOND_TRY))
    judge(again, findings, placed=SECOND_TRY, refusals=set())
    findings.expect("discounted", {one.total for one in rush.placed.values()}, {"90.00"})
    findings.expect("at full price", {one.total for one in again.placed.values()}, {"110.00"})
    used = row(shop, "SELECT usage_count FROM voucher_codes")
    findings.expect("uses of the code", used, (USES,))
    orders = USES + SECOND_TRY
    await expect_stock(shop, findings, goods, sold=orders, of=PIECES)
    await close_books(shop, findings, {**rush.placed, **again.placed}, orders=orders)
    findings.note(
        buyers=BUYERS, limit=USES, discounted=len(rush.placed), took=f"{rush.seconds:.1f}s"
    )
    findings.note(**rush.refusals(), full_price=len(again.placed))

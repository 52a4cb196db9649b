"""200 simultaneous buyers and 20 gifts: 20 orders with a gift, none that promises a 21st."""

from __future__ import annotations

from soak.books import close_books, expect_stock, row
from soak.crowd import crowd, judge, order_at_once, second_look
from soak.findings import Findings
from soak.shop import Shop

BUYERS, GIFTS, PIECES = 200, 20, 500
SECOND_TRY = 20


async def last_gifts(shop: Shop, findings: Findings, _seconds: float) -> None:
    """Gift stock holds; whoever confirmed a gift gets it or is told that it is gone."""
    goods = shop.sell("Tea", price_minor=30_000, on_hand=PIECES)
    gift = shop.sell("Cup", price_minor=5_000, on_hand=PIECES)
    await shop.promote(
        "A cup with tea",
        {"giftWithPurchase": {"gifts": [gift.variant], "from": "300"}},
        goods,
        giftStocks=[{"variantId": gift.variant, "quantity": GIFTS}],
    )
    async with crowd(shop, {goods.variant: 1}, buyers=BUYERS) as buyers:
        findings.expect("gifts shown", {buyer.cart.gifts for buyer in buyers}, {1})
        rush = await order_at_once(buyers)
        judge(rush, findings, placed=GIFTS, refusals={"GiftsChanged", "GiftOutOfStock"})
        seen = await second_look(buyers, rush, at_most=SECOND_TRY)
        findings.expect("gifts shown again", {buyer.cart.gifts for buyer in seen}, {0})
        again = await order_at_once(seen)
    judge(again, findings, placed=SECOND_TRY, refusals=set())
    given = row(shop, "SELECT COUNT(*), SUM(quantity) FROM order_lines WHERE is_gift")
    findings.expect("gift lines and pieces", given, (GIFTS, GIFTS))
    findings.expect("gifts used", row(shop, "SELECT used FROM gift_stocks"), (GIFTS,))
    orders = GIFTS + SECOND_TRY
    await expect_stock(shop, findings, gift, sold=GIFTS, of=PIECES)
    await expect_stock(shop, findings, goods, sold=orders, of=PIECES)
    await close_books(shop, findings, {**rush.placed, **again.placed}, orders=orders)
    findings.note(
        buyers=BUYERS, gifts=GIFTS, with_gift=len(rush.placed), took=f"{rush.seconds:.1f}s"
    )
    findings.note(**rush.refusals(), without=len(again.placed))

"""The same key sent by ten clients at once, and again later, is one order; another input is not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from soak.books import close_books, expect_stock
from soak.buyer import Filled, Placement, new_key
from soak.crowd import Buyer, Rush, crowd, order_at_once
from soak.findings import Findings
from soak.proofs.per_customer import register
from soak.shop import Goods, Shop

CARTS, CLIENTS, PIECES = 10, 10, 500
REUSED = "IDEMPOTENCY_KEY_REUSED"


async def same_key(shop: Shop, findings: Findings, _seconds: float) -> None:
    """A key names one order of one buyer, however often and from wherever it is sent."""
    goods = shop.sell("Once", price_minor=10_000, on_hand=PIECES)
    async with crowd(shop, {goods.variant: 1}, buyers=CARTS) as buyers:
        shared = [replace(buyer, key="same-key-everywhere") for buyer in buyers]
        placed = await _ten_times_each(shop, findings, shared)
        later = await order_at_once(shared)
        findings.expect("sent again later", later.placed, placed)
        await _refused(findings, [replace(one, cart=_dearer(one)) for one in shared])
        placed = {**placed, **await _customers_key(shop, findings, goods)}
    findings.expect("different orders", len({one.number for one in placed.values()}), CARTS + 1)
    await expect_stock(shop, findings, goods, sold=CARTS + 1, of=PIECES)
    await close_books(shop, findings, placed, orders=CARTS + 1)
    findings.note(keys=CARTS, sent=CARTS * (CLIENTS + 2), orders=len(placed), reused="refused")


async def _ten_times_each(
    shop: Shop, findings: Findings, buyers: Sequence[Buyer]
) -> dict[str, Placement]:
    """Every buyer's order sent by ten clients at the same instant; what each cart became."""
    copies = [replace(one, caller=shop.caller()) for one in buyers for _ in range(CLIENTS)]
    try:
        for copy in copies:
            await copy.caller.connect()
        rushes = [copies[number::CLIENTS] for number in range(CLIENTS)]
        answers = await asyncio.gather(*map(order_at_once, rushes))
    finally:
        for copy in copies:
            await copy.caller.close()
    for rush in answers:
        _all_placed(findings, rush, wanted=len(buyers))
        findings.expect("the same order for all ten", rush.placed, answers[0].placed)
    return dict(answers[0].placed)


async def _customers_key(shop: Shop, findings: Findings, goods: Goods) -> dict[str, Placement]:
    """A customer's key holds for one of two carts, also when both are ordered at once."""
    token = await register(shop, 1)
    async with crowd(shop, {goods.variant: 1}, buyers=2, tokens=[token]) as carts:
        rush = await order_at_once([replace(one, key=(key := new_key())) for one in carts[:1]])
        _all_placed(findings, rush, wanted=1)
        await _refused(findings, [replace(carts[1], key=key)])
    return dict(rush.placed)


async def _refused(findings: Findings, buyers: Sequence[Buyer]) -> None:
    rush = await order_at_once(buyers)
    codes = {code for one in rush.refused.values() for code in one.codes}
    findings.expect("orders of a key with another input", len(rush.placed), 0)
    findings.expect("how they are refused", codes, {REUSED})
    findings.complain(rush.failures)


def _all_placed(findings: Findings, rush: Rush, *, wanted: int) -> None:
    findings.complain(rush.failures)
    findings.expect("orders answered", len(rush.placed), wanted)
    findings.expect("refusals", dict(rush.refusals()), {})


def _dearer(buyer: Buyer) -> Filled:
    return replace(buyer.cart, total="999.00")

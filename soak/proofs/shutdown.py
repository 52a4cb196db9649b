"""SIGTERM with requests in hand: whatever was accepted is answered, then the processes end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from soak.books import close_books, expect_stock
from soak.buyer import CARD, Placement
from soak.caller import Unanswered
from soak.crowd import Buyer, Rush, crowd, order_at_once
from soak.findings import Findings
from soak.hold import writes_held_up
from soak.shop import Shop

BUYERS, PIECES = 100, 1_000
ACCEPTED_AFTER_SECONDS = 0.5
STOPPING_AFTER_SECONDS = 1.5
MOST_SECONDS = 30


async def graceful_shutdown(shop: Shop, findings: Findings, _seconds: float) -> None:
    """Twice: SIGTERM to every process at once, then to the parent alone."""
    goods = shop.sell("Late", price_minor=10_000, on_hand=PIECES)
    placed: dict[str, Placement] = {}
    in_hand = []
    for every_process in (True, False):
        async with crowd(shop, {goods.variant: 1}, buyers=BUYERS, payment=CARD) as buyers:
            rush, held = await _stop_meanwhile(shop, findings, buyers, every_process=every_process)
            _judge(findings, rush, held)
            await _nobody_listens(shop, findings)
            await shop.servers.start()
            callers = [replace(buyer, caller=shop.caller()) for buyer in buyers]
            again = await _order_again(callers)
            findings.expect("the same orders after the restart", again.placed, rush.placed)
        placed |= rush.placed
        in_hand.append(held)
    await expect_stock(shop, findings, goods, sold=2 * BUYERS, of=PIECES)
    await close_books(shop, findings, placed, orders=2 * BUYERS)
    findings.note(stops=2, requests=2 * BUYERS, in_hand="+".join(map(str, in_hand)))
    findings.note(answered=len(placed))


async def _stop_meanwhile(
    shop: Shop, findings: Findings, buyers: Sequence[Buyer], *, every_process: bool
) -> tuple[Rush, int]:
    """What came of everybody ordering, and how many had no answer while the servers stopped.

    Nothing can be written meanwhile, so that the orders are in hand when the signal comes.
    """
    async with writes_held_up(shop.database):
        orders = [asyncio.create_task(order_at_once([buyer])) for buyer in buyers]
        await asyncio.sleep(ACCEPTED_AFTER_SECONDS)
        began = time.monotonic()
        shop.servers.ask_to_stop(every_process=every_process)
        await asyncio.sleep(STOPPING_AFTER_SECONDS)
        held = sum(not order.done() for order in orders)
    rushes = await asyncio.gather(*orders)
    findings.expect("exit status", await shop.servers.stopped(), 0)
    findings.expect_true(time.monotonic() - began < MOST_SECONDS, "stopping took too long")
    return _joined(rushes), held


def _joined(rushes: Sequence[Rush]) -> Rush:
    return Rush(
        placed={token: one for rush in rushes for token, one in rush.placed.items()},
        refused={token: one for rush in rushes for token, one in rush.refused.items()},
        failures=[failure for rush in rushes for failure in rush.failures],
        seconds=max(rush.seconds for rush in rushes),
    )


def _judge(findings: Findings, rush: Rush, held: int) -> None:
    findings.complain([f"accepted and not answered: {one}" for one in rush.failures])
    findings.expect("orders answered", len(rush.placed), BUYERS)
    findings.expect("orders in hand while stopping", held, BUYERS)


async def _nobody_listens(shop: Shop, findings: Findings) -> None:
    caller = shop.caller()
    try:
        await caller.connect()
    except Unanswered:
        return
    await caller.close()
    findings.complain(["the port is still open after the end"])


async def _order_again(buyers: Sequence[Buyer]) -> Rush:
    try:
        return await order_at_once(buyers)
    finally:
        for buyer in buyers:
            await buyer.caller.close()

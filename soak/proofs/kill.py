"""kill -9 in the middle of 20 clients buying: nothing answered is lost, nothing is doubled."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from functools import partial

from soak.books import close_books, placed_at
from soak.buyer import CARD, CASH, Filled, fill, new_key, place
from soak.caller import Caller, Unanswered, Unusable, until_answered
from soak.clients import clients
from soak.findings import Findings
from soak.shelf import some_lines, stock_shelf
from soak.shop import Goods, Shop, now_ms
from soak.tally import Tally

CLIENTS = 20
KILLS = ("one", "all", "all")
GIVE_UP_AFTER_SECONDS = 90.0


@dataclass
class Lost:
    """Orders whose answer was lost at least once: cart and key by token, and when first."""

    asked: dict[str, tuple[Filled, str]] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)

    def note(self, cart: Filled, key: str) -> None:
        """Keeps that an answer was lost just now."""
        self.asked[cart.token] = (cart, key)
        self.since.setdefault(cart.token, now_ms())


async def killed_servers(shop: Shop, findings: Findings, _seconds: float) -> None:
    """Every client ends with exactly one order per cart, at the total it was answered."""
    goods, tally, lost, stop = await stock_shelf(shop), Tally(), Lost(), asyncio.Event()
    buying = [
        asyncio.create_task(_buy(shop, caller, goods, tally, lost, stop, random.Random(seed)))
        for seed, caller in enumerate(await clients(shop, [""] * CLIENTS))
    ]
    try:
        answered = await _kill_repeatedly(shop, tally, random.Random())
    finally:
        stop.set()
        await asyncio.gather(*buying)
    findings.complain(tally.failures)
    findings.expect("refusals", dict(tally.refused), {})
    findings.expect_true(bool(lost.asked), "no answer was lost: the kills proved nothing")
    await _ask_again(shop, findings, tally, lost)
    await close_books(shop, findings, tally.placed, orders=len(tally.placed))
    findings.note(clients=CLIENTS, kills=len(KILLS), orders=len(tally.placed))
    findings.note(before_last_kill=answered, answers_lost=len(lost.asked))
    findings.note(of_these_placed=_committed(shop, lost))


async def _kill_repeatedly(shop: Shop, tally: Tally, choose: random.Random) -> int:
    """How many orders were answered before the last kill."""
    answered = 0
    for victims in KILLS:
        await asyncio.sleep(choose.uniform(1.0, 3.0))
        answered = len(tally.placed)
        if victims == "one":
            shop.servers.kill_busiest()
            await asyncio.sleep(1)
            await shop.servers.answering()
        else:
            shop.servers.kill_all()
            await shop.servers.start()
    await asyncio.sleep(choose.uniform(1.0, 2.0))
    return answered


async def _buy(
    shop: Shop,
    caller: Caller,
    goods: list[Goods],
    tally: Tally,
    lost: Lost,
    stop: asyncio.Event,
    choose: random.Random,
) -> None:
    """Fills carts and orders them until told to stop, asking again whatever was not answered."""
    patiently = partial(until_answered, seconds=GIVE_UP_AFTER_SECONDS)
    try:
        while not stop.is_set():
            lines, payment = some_lines(goods, choose), choose.choice((CASH, CARD))
            filling = partial(fill, caller, lines, delivery=shop.delivery, payment=payment)
            cart = await patiently(filling, unanswered=lambda: None)
            key = new_key()
            placing = partial(place, caller, cart, key)
            tally.note(
                cart.token, await patiently(placing, unanswered=partial(lost.note, cart, key))
            )
    except (Unanswered, Unusable) as error:
        tally.failures.append(f"{type(error).__name__}: {error}")
    finally:
        await caller.close()


async def _ask_again(shop: Shop, findings: Findings, tally: Tally, lost: Lost) -> None:
    """Each order whose answer was lost is asked for once more, and is still the same."""
    caller = shop.caller()
    try:
        for cart, key in lost.asked.values():
            again = await place(caller, cart, key)
            findings.expect("the same order again", again, tally.placed.get(cart.token))
    finally:
        await caller.close()


def _committed(shop: Shop, lost: Lost) -> int:
    """How many orders were there already when their answer was lost."""
    placed = placed_at(shop.database)
    return sum(placed.get(token, at) < at for token, at in lost.since.items())

"""Many buyers who all press "order" at the same instant, each on a connection of their own."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from soak.buyer import CASH, Filled, Placement, fill, look_again, new_key, place
from soak.caller import Caller, Unanswered, Unusable
from soak.clients import clients
from soak.findings import Findings
from soak.shop import Shop

FILLING_AT_ONCE = 16


@dataclass(frozen=True)
class Buyer:
    """Somebody with a full cart, about to order it under a key."""

    caller: Caller
    cart: Filled
    key: str


@dataclass(frozen=True)
class Rush:
    """What came of buyers ordering at once; `failures` are answers that nobody can use."""

    placed: Mapping[str, Placement]
    refused: Mapping[str, Placement]
    failures: Sequence[str]
    seconds: float

    def refusals(self) -> Counter[str]:
        """How many refusals there were of each combination of types."""
        return Counter("+".join(sorted(set(one.kinds))) for one in self.refused.values())


@asynccontextmanager
async def crowd(
    shop: Shop,
    lines: Mapping[str, int],
    *,
    buyers: int,
    codes: Sequence[str] = (),
    tokens: Sequence[str] = ("",),
    payment: str = CASH,
) -> AsyncIterator[list[Buyer]]:
    """So many buyers with connections and full carts; those with `tokens` come in turn."""
    callers = await clients(shop, [tokens[number % len(tokens)] for number in range(buyers)])
    few = asyncio.Semaphore(FILLING_AT_ONCE)

    async def prepare(caller: Caller) -> Buyer:
        async with few:
            cart = await fill(caller, lines, delivery=shop.delivery, codes=codes, payment=payment)
        return Buyer(caller, cart, new_key())

    try:
        yield list(await asyncio.gather(*map(prepare, callers)))
    finally:
        for caller in callers:
            await caller.close()


async def order_at_once(buyers: Sequence[Buyer]) -> Rush:
    """Everybody orders at the same instant."""
    began = time.perf_counter()
    outcomes = await asyncio.gather(*map(_order, buyers))
    seconds = time.perf_counter() - began
    told = [
        (buyer.cart.token, one)
        for buyer, one in zip(buyers, outcomes, strict=True)
        if isinstance(one, Placement)
    ]
    return Rush(
        placed={token: one for token, one in told if one.number is not None},
        refused={token: one for token, one in told if one.number is None},
        failures=[one for one in outcomes if isinstance(one, str)],
        seconds=seconds,
    )


async def second_look(buyers: Sequence[Buyer], rush: Rush, *, at_most: int) -> list[Buyer]:
    """Some of those who were refused, with the price that their carts show now."""
    refused = [buyer for buyer in buyers if buyer.cart.token in rush.refused][:at_most]
    return [replace(one, cart=await look_again(one.caller, one.cart)) for one in refused]


def judge(rush: Rush, findings: Findings, *, placed: int, refusals: set[str]) -> None:
    """Complains unless so many orders were placed and all others refused in these typed ways."""
    findings.complain([f"an answer that nobody can use: {one}" for one in rush.failures])
    findings.expect("orders answered", len(rush.placed), placed)
    kinds = {kind for one in rush.refused.values() for kind in one.kinds}
    findings.expect("refusals of another type", kinds - refusals, set())


async def _order(buyer: Buyer) -> Placement | str:
    try:
        return await place(buyer.caller, buyer.cart, buyer.key)
    except (Unanswered, Unusable) as error:
        return f"{type(error).__name__}: {error}"

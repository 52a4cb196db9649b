"""200 buyers of 5 units, then 200 of one campaign's 1,000.00 with every server killed meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from itertools import islice

from soak.books import close_books, expect_stock, row
from soak.buyer import Placement, place
from soak.caller import Unanswered, Unusable, until_answered
from soak.crowd import Buyer, Rush, crowd, judge, order_at_once
from soak.findings import Findings
from soak.shop import Goods, Shop

BUYERS, QUOTA, PIECES = 200, 5, 500
TEA_BUYERS, CUP_BUYERS = 120, 80
CAMPAIGN_BUDGET, TEA_BUDGET = "1000.00", "600.00"
OFF_MINOR = 3_000
GRANTED = 33  # times 30.00 is 990.00, and 10.00 that no order can have
KILL_AFTER_ANSWERS = 10
GIVE_UP_AFTER_SECONDS = 90.0
CAMPAIGN = """mutation ($input: CampaignCreateInput!) {
  campaignCreate(input: $input) { campaign { id } userErrors { code field } } }"""
REFUSALS = {"PriceChanged", "PromotionExhausted", "CampaignExhausted"}


async def last_of_everything(shop: Shop, findings: Findings, _seconds: float) -> None:
    """Quotas and budgets, a campaign's too, are used up to the last and never past it."""
    placed = dict(await _flash_sale(shop, findings))
    placed |= await _campaign(shop, findings)
    await close_books(shop, findings, placed, orders=QUOTA + GRANTED)


async def _flash_sale(shop: Shop, findings: Findings) -> dict[str, Placement]:
    goods = shop.sell("Flash", price_minor=10_000, on_hand=PIECES)
    quota = [{"variantId": goods.variant, "quantity": QUOTA}]
    rule = {"percentage": {"percentOff": "50"}}
    await shop.promote("Half price", rule, goods, quotas=quota)
    async with crowd(shop, {goods.variant: 1}, buyers=BUYERS) as buyers:
        findings.expect("totals shown", {buyer.cart.total for buyer in buyers}, {"60.00"})
        rush = await order_at_once(buyers)
    judge(rush, findings, placed=QUOTA, refusals={"PriceChanged", "QuotaExhausted"})
    findings.expect("units used", row(shop, "SELECT used FROM variant_quotas"), (QUOTA,))
    await expect_stock(shop, findings, goods, sold=QUOTA, of=PIECES)
    findings.note(buyers=BUYERS, quota=QUOTA, took=f"{rush.seconds:.1f}s", **rush.refusals())
    return dict(rush.placed)


async def _campaign(shop: Shop, findings: Findings) -> dict[str, Placement]:
    campaign = await _set_up(shop)
    tea = await _thirty_off(shop, "Tea", campaign, budget=TEA_BUDGET)
    cup = await _thirty_off(shop, "Cup", campaign)
    async with AsyncExitStack() as open_crowds:
        buyers: list[Buyer] = []
        for goods, count in ((tea, TEA_BUYERS), (cup, CUP_BUYERS)):
            crowded = crowd(shop, {goods.variant: 1}, buyers=count)
            buyers += await open_crowds.enter_async_context(crowded)
        findings.expect("totals shown", {buyer.cart.total for buyer in buyers}, {"80.00"})
        rush, lost = await _order_through_a_kill(shop, buyers)
    judge(rush, findings, placed=GRANTED, refusals=REFUSALS)
    used = row(shop, "SELECT budget_used_minor FROM campaigns")
    findings.expect("the campaign's budget used", used, (GRANTED * OFF_MINOR,))
    tea_used = row(shop, "SELECT budget_used_minor FROM promotions WHERE budget_minor IS NOT NULL")
    findings.expect_true(tea_used[0] <= 60_000, f"tea was granted {tea_used[0]}")
    findings.expect_true(lost > 0, "no answer was lost: the kill proved nothing")
    findings.note(campaign=CAMPAIGN_BUDGET, used=used[0] / 100, answers_lost=lost)
    findings.note(**rush.refusals())
    return dict(rush.placed)


async def _set_up(shop: Shop) -> str:
    wanted = {"name": "Double 11", "currency": "CNY", "budget": CAMPAIGN_BUDGET}
    payload = await shop.staff_ask(CAMPAIGN, input=wanted)
    assert not payload["userErrors"], payload
    campaign: str = payload["campaign"]["id"]
    return campaign


async def _thirty_off(shop: Shop, name: str, campaign: str, **limits: str) -> Goods:
    goods = shop.sell(name, price_minor=10_000, on_hand=PIECES)
    rule = {"spendThreshold": {"tiers": [{"from": "100", "off": "30"}]}}
    await shop.promote(f"{name} 30 off", rule, goods, campaignId=campaign, **limits)
    return goods


async def _order_through_a_kill(shop: Shop, buyers: Sequence[Buyer]) -> tuple[Rush, int]:
    """What each buyer was answered in the end, and how many lost an answer on the way."""
    lost: set[str] = set()
    ordering = [asyncio.create_task(_insist(buyer, lost)) for buyer in buyers]
    for answer in islice(asyncio.as_completed(ordering), KILL_AFTER_ANSWERS):
        await answer
    shop.servers.kill_all()
    await shop.servers.start()
    outcomes = await asyncio.gather(*ordering)
    told = list(zip(buyers, outcomes, strict=True))
    answered = {b.cart.token: one for b, one in told if isinstance(one, Placement)}
    rush = Rush(
        placed={key: one for key, one in answered.items() if one.number is not None},
        refused={key: one for key, one in answered.items() if one.number is None},
        failures=[one for one in outcomes if isinstance(one, str)],
        seconds=0.0,
    )
    return rush, len(lost)


async def _insist(buyer: Buyer, lost: set[str]) -> Placement | str:
    """Orders under the same key until there is an answer."""
    try:
        return await until_answered(
            partial(place, buyer.caller, buyer.cart, buyer.key),
            seconds=GIVE_UP_AFTER_SECONDS,
            unanswered=lambda: lost.add(buyer.key),
        )
    except (Unanswered, Unusable) as error:
        return f"{type(error).__name__}: {error}"

"""Goods and promotions for a load: many products, a few that everybody wants, two promotions."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from soak.shop import Goods, Shop

PRODUCTS, HOT, PIECES = 24, 3, 1_000_000


async def stock_shelf(shop: Shop) -> list[Goods]:
    """Plenty of everything; the first product is discounted, the second has a threshold."""
    goods = [
        shop.sell(f"Product {number}", price_minor=1_990 + 730 * number, on_hand=PIECES)
        for number in range(PRODUCTS)
    ]
    await shop.promote("A third off", {"percentage": {"percentOff": "33.33"}}, goods[0])
    tiers = [{"from": "50", "off": "7"}]
    rule = {"spendThreshold": {"tiers": tiers, "repeating": True}}
    await shop.promote("Seven off each fifty", rule, goods[1], budget="900000")
    return goods


def some_lines(goods: Sequence[Goods], choose: random.Random) -> Mapping[str, int]:
    """One to three lines, one of them a product that everybody wants."""
    wanted = [choose.choice(goods[:HOT]), *choose.sample(list(goods[HOT:]), choose.randrange(3))]
    return {one.variant: choose.randint(1, 4) for one in wanted}

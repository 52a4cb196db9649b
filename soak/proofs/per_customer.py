"""Five customers with ten carts each and a promotion for one order each: five discounts."""

from __future__ import annotations

from collections import Counter

from soak.books import close_books, expect_stock, row
from soak.crowd import Rush, crowd, judge, order_at_once
from soak.findings import Findings
from soak.shop import Shop

CUSTOMERS, CARTS_EACH, PIECES = 5, 10, 500
REGISTER = """mutation ($input: CustomerRegisterInput!) {
  customerRegister(input: $input) { token userErrors { code } } }"""


async def one_each(shop: Shop, findings: Findings, _seconds: float) -> None:
    """A limit per customer holds for carts that one customer orders at the same instant."""
    goods = shop.sell("Welcome", price_minor=10_000, on_hand=PIECES)
    rule = {"spendThreshold": {"tiers": [{"from": "100", "off": "10"}]}}
    await shop.promote("Welcome", rule, goods, customerLimit=1)
    tokens = [await register(shop, number) for number in range(CUSTOMERS)]
    buying = CUSTOMERS * CARTS_EACH
    async with crowd(shop, {goods.variant: 1}, buyers=buying, tokens=tokens) as buyers:
        findings.expect("totals shown", {buyer.cart.total for buyer in buyers}, {"100.00"})
        rush = await order_at_once(buyers)
    judge(rush, findings, placed=CUSTOMERS, refusals={"PriceChanged", "VoucherLimitReached"})
    findings.expect("orders of each customer", _by_customer(shop), [1] * CUSTOMERS)
    uses = row(shop, "SELECT COUNT(*), MAX(usage_count) FROM customer_usages")
    findings.expect("customers who used it, how often", uses, (CUSTOMERS, 1))
    await expect_stock(shop, findings, goods, sold=CUSTOMERS, of=PIECES)
    await close_books(shop, findings, rush.placed, orders=CUSTOMERS)
    _note(findings, rush)


async def register(shop: Shop, number: int) -> str:
    """The session token of a new customer."""
    caller = shop.caller()
    typed = {"email": f"buyer{number}@example.cn", "password": "correct horse battery"}
    payload = await caller.ask(REGISTER, input=typed)
    await caller.close()
    token: str = payload["token"]
    return token


def _by_customer(shop: Shop) -> list[int]:
    with shop.database.reading() as connection:
        rows = connection.text("SELECT customer_id FROM orders").fetchall()
    return sorted(Counter(customer_id for (customer_id,) in rows).values())


def _note(findings: Findings, rush: Rush) -> None:
    findings.note(customers=CUSTOMERS, carts=CUSTOMERS * CARTS_EACH, orders=len(rush.placed))
    findings.note(took=f"{rush.seconds:.1f}s", **rush.refusals())

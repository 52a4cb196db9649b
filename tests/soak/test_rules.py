"""The soak's rules hold for orders placed well, and each notices the one thing it is about."""

from __future__ import annotations

import pytest

from soak.books import broken_by
from soak.rules import RULES
from storeql.carts.codes import enter_codes
from storeql.customers.sessions import Client
from storeql.db import Connection, Database
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.promotions.tables import campaigns, variant_quotas
from storeql.promotions.vouchers.guessing import Guesser
from tests.carts.shop import (
    BOOK,
    CUP,
    CUSTOMER,
    NOW,
    TEA,
    add_promotion,
    insert_rows,
    open_shop,
    ready_cart,
)

# By rule: a change behind the domain's back that breaks it.
TAMPERINGS = {
    "a product's lowest price is not the lowest of its variants": (
        "UPDATE publications SET price_minor = price_minor + 1"
    ),
    "a category does not stand below its parent": "UPDATE categories SET path = '/'",
    "more or fewer than one channel is the default": "UPDATE channels SET is_default = false",
    "a stock level is not the sum of its ledger": "UPDATE stock_levels SET on_hand = on_hand + 1",
    "what is reserved is not what orders hold": "DELETE FROM fulfilments",
    "a line does not hold all its pieces": (
        "UPDATE fulfilments SET pieces = REPLACE(pieces, ',2]', ',3]')"
    ),
    "an order's lines do not sum to it": "UPDATE orders SET list_minor = list_minor + 1",
    "an order without lines": "DELETE FROM order_lines",
    "a line's price does not follow from its parts": (
        "UPDATE order_lines SET net_minor = net_minor + 1"
    ),
    "an order's total is not its goods and its delivery": (
        "UPDATE orders SET total_minor = total_minor - 1"
    ),
    "an order is not paid exactly once": "UPDATE payments SET amount_minor = amount_minor - 1",
    "a payment besides the one that is needed": "UPDATE payments SET status = 'PENDING'",
    "a redemption is not what the order's lines say": (
        "UPDATE redemptions SET amount_minor = amount_minor + 1"
    ),
    "a discount without a redemption": "DELETE FROM redemptions",
    "a promotion's counters are not its redemptions": (
        "UPDATE promotions SET usage_count = usage_count - 1 WHERE usage_limit IS NOT NULL"
    ),
    "a code's counter is not its redemptions": "UPDATE voucher_codes SET usage_count = 0",
    "a gift's counter is not what orders were given": "UPDATE gift_stocks SET used = 0",
    "a campaign's counter is not its redemptions": (
        "UPDATE campaigns SET budget_used_minor = budget_used_minor - 1"
    ),
    "a quota's counter is not what orders bought at the promotion's price": (
        "UPDATE variant_quotas SET used = used - 1"
    ),
    "a customer's counter is not their redemptions": "UPDATE customer_usages SET usage_count = 2",
    "an order is not awaiting fulfilment": "UPDATE orders SET state = 'ON_HOLD'",
    "a cart is not the one order it became": "UPDATE carts SET status = 'OPEN'",
    "an order without a cart": "UPDATE orders SET cart_id = 999999",
    "an order was not logged as placed exactly once": "DELETE FROM order_events",
    "an order has not exactly one key": "DELETE FROM idempotency_keys",
    "a customer's orders are miscounted": "UPDATE customers SET order_count = 9",
}


class Undone(Exception):
    """Rolls a tampering back."""


@pytest.fixture
def shop(database: Database) -> Database:
    """A shop with one order: a code, a gift, a budget, a quota, a limit per customer were used."""
    desk = open_shop(database)
    percentage = {"percent_off_basis_points": 1_000}
    budget = {"name": "C", "currency": "CNY", "budget_minor": 9_000}
    insert_rows(database, campaigns, {"id": 1, "created_at": NOW, "updated_at": NOW, **budget})
    add_promotion(database, 1, "VOUCHER_DISCOUNT", {"off_minor": 500}, codes={"FIVE": 3})
    gift = {"gifts": [str(BOOK)], "from_quantity": 1}
    add_promotion(database, 2, "GIFT_WITH_PURCHASE", gift, gifts={BOOK: 5})
    add_promotion(
        database,
        3,
        "PERCENTAGE",
        percentage,
        usage_limit=4,
        budget_minor=90_000,
        customer_limit=2,
        campaign_id=1,
    )
    insert_rows(database, variant_quotas, {"promotion_id": 3, "variant_id": TEA, "quantity": 7})
    cart = ready_cart(database, {TEA: 2, CUP: 1}, actor=CUSTOMER)
    enter_codes(
        database.write,
        cart.token,
        codes=["FIVE"],
        guesser=Guesser(actor=CUSTOMER, client=Client(ip="127.0.0.1", user_agent=""), most=9),
        hooks=desk.hooks,
        now=NOW,
    )
    # 2 × 25.00 + 100.00, less 10 % and 5.00, with delivery at 10.00.
    wish = OrderWish(
        cart_token=cart.token, confirmed_minor=14_000, currency="CNY", idempotency_key="k"
    )
    checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)
    return database


def test_the_rules_hold_for_an_order_and_each_notices_its_own_tampering(shop: Database) -> None:
    assert TAMPERINGS.keys() == RULES.keys()
    with shop.reading() as connection:
        assert broken_by(connection) == {}

    noticed = {rule: broken_after(shop, change) for rule, change in TAMPERINGS.items()}

    assert [rule for rule, broken in noticed.items() if rule not in broken] == []


def broken_after(shop: Database, change: str) -> set[str]:
    """The rules that are broken after this change, which is then rolled back."""
    found: set[str] = set()

    def tamper(connection: Connection) -> None:
        connection.text(change)
        found.update(broken_by(connection))
        raise Undone

    with pytest.raises(Undone):
        shop.write(tamper)
    return found

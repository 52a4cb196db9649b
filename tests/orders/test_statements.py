"""How many statements each operation on carts and orders takes, whatever the number of lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storeql.access import Actor
from storeql.carts.lines import add_lines, update_lines
from storeql.carts.price_cart import PriceDesk
from storeql.carts.records import LineInput, QuantityInput
from storeql.carts.resolvers import cart_by_token, with_selected
from storeql.db import Database, Selection
from storeql.db.paging import PageRequest
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.resolvers import orders_page
from tests.carts.shop import (
    BOOK,
    CUSTOMER,
    NOW,
    add_product,
    add_promotion,
    open_shop,
    ready_cart,
)

WHOLE = Selection.of_names("lines.sku", "price.lines", "price.trace", "price.gifts")
FIRST_PRODUCT = 100


def statements(database: Database, work: Callable[[], object]) -> int:
    """How many statements `work` runs."""
    seen: list[str] = []
    database.recorder = seen.append
    try:
        work()
    finally:
        database.recorder = None
    return len(seen)


@pytest.fixture
def desk(database: Database) -> PriceDesk:
    """A shop with 50 products, a threshold, a code with a limit and a gift."""
    opened = open_shop(database)
    for key in range(FIRST_PRODUCT, FIRST_PRODUCT + 50):
        add_product(database, key, f"Product {key}", 1_000, 100)
    tiers = [{"from_minor": 1_000, "off_minor": 100}]
    add_promotion(database, 1, "SPEND_THRESHOLD", {"tiers": tiers})
    add_promotion(database, 2, "VOUCHER_DISCOUNT", {"off_minor": 50}, codes={"CODE": 100})
    rule = {"gifts": [str(BOOK)], "from_minor": 1_000}
    add_promotion(database, 3, "GIFT_WITH_PURCHASE", rule, gifts={BOOK: 50})
    return opened


def cart_with(database: Database, lines: int, actor: Actor = CUSTOMER) -> str:
    wanted = {FIRST_PRODUCT + number: 2 for number in range(lines)}
    return ready_cart(database, wanted, actor=actor).token


@pytest.mark.parametrize("lines", [2, 50])
def test_a_priced_quantity_change_takes_6_statements(
    database: Database, desk: PriceDesk, lines: int
) -> None:
    token = cart_with(database, lines)

    def change(quantity: int) -> None:
        wanted = [QuantityInput(line_id=1, quantity=quantity)]
        cart = database.write(
            lambda c: update_lines(c, token, lines=wanted, actor=CUSTOMER, now=NOW)
        )
        with database.reading() as connection:
            with_selected(connection, cart, selection=WHOLE, desk=desk, now=NOW)

    change(3)

    assert statements(database, lambda: change(4)) == 6


@pytest.mark.parametrize("lines", [2, 50])
def test_adding_and_showing_the_price_takes_6_statements(
    database: Database, desk: PriceDesk, lines: int
) -> None:
    token = cart_with(database, lines)

    def add() -> None:
        wanted = [LineInput(variant_id=FIRST_PRODUCT + n) for n in range(lines)]
        cart = database.write(lambda c: add_lines(c, token, lines=wanted, actor=CUSTOMER, now=NOW))
        with database.reading() as connection:
            with_selected(connection, cart, selection=WHOLE, desk=desk, now=NOW)

    add()

    assert statements(database, add) == 6


@pytest.mark.parametrize("lines", [2, 50])
def test_an_order_is_placed_and_cancelled_in_the_same_statements_whatever_its_lines(
    database: Database, desk: PriceDesk, lines: int
) -> None:
    token = cart_with(database, lines)
    with database.reading() as connection:
        cart = cart_by_token(connection, token, selection=WHOLE, desk=desk, actor=CUSTOMER, now=NOW)
    assert cart is not None and cart.price is not None
    wish = OrderWish(
        cart_token=token,
        confirmed_minor=cart.price.total_minor,
        currency="CNY",
        idempotency_key="k",
    )

    def place() -> None:
        checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)

    def cancel() -> None:
        asked = CancelWish(order_id=1, idempotency_key="k")
        cancel_order(database.write, asked, actor=CUSTOMER, hooks=desk.hooks, now=NOW)

    assert statements(database, place) == 18
    assert statements(database, cancel) == 19


@pytest.mark.parametrize("orders", [2, 20])
def test_a_page_of_orders_with_lines_and_customers_takes_3_statements(
    database: Database, desk: PriceDesk, orders: int
) -> None:
    for number in range(orders):
        wish = OrderWish(
            cart_token=cart_with(database, 2),
            confirmed_minor=4_900,
            currency="CNY",
            idempotency_key=f"k{number}",
        )
        checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)
    wanted = Selection.of_names(
        "nodes.number", "nodes.total", "nodes.lines.sku", "nodes.customer.email"
    )

    def read() -> None:
        with database.reading() as connection:
            page = orders_page(connection, wanted, page=PageRequest(first=50), now=NOW)
        assert len(page.nodes) == orders

    assert statements(database, read) == 3

"""However many buy at the same moment, no piece, code or gift is sold twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from storeql.access import GUEST
from storeql.carts.codes import enter_codes
from storeql.carts.price_cart import PriceDesk
from storeql.catalog.tables import stock_levels, stock_movements
from storeql.customers.sessions import Client
from storeql.db import Database, statement
from storeql.errors import Rejected
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.tables import orders, payments
from storeql.promotions.tables import gift_stocks, redemptions, voucher_codes
from storeql.promotions.vouchers.guessing import Guesser
from tests.carts.shop import BOOK, CUP, CUSTOMER, NOW, TEA, add_promotion, open_shop, ready_cart

BUYERS = 200
THREADS = 16


def outcomes(database: Database, work: Callable[[int], object]) -> Counter[str]:
    """What became of all buyers, by the code of the refusal; PLACED for an order."""

    def one(number: int) -> str:
        try:
            work(number)
        except Rejected as refused:
            return refused.problems[0].code
        return "PLACED"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(BUYERS)))


def place(
    database: Database,
    desk: PriceDesk,
    token: str,
    total_minor: int,
    key: str,
    gifts: int | None = None,
) -> int:
    wish = OrderWish(
        cart_token=token,
        confirmed_minor=total_minor,
        confirmed_gifts=gifts,
        currency="CNY",
        idempotency_key=key,
    )
    return checkout(database.write, wish, actor=GUEST, desk=desk, now=NOW)


def count(database: Database, query: object) -> int:
    with database.reading() as connection:
        found: int = connection.scalar(statement(query))  # type: ignore[arg-type]
        return found


def test_200_buyers_of_50_pieces_place_exactly_50_orders(database: Database) -> None:
    desk = open_shop(database, stock=50)
    tokens = [ready_cart(database, {TEA: 1}).token for _ in range(BUYERS)]

    became = outcomes(database, lambda n: place(database, desk, tokens[n], 3_500, f"k{n}"))

    assert became == {"PLACED": 50, "INSUFFICIENT_STOCK": 150}
    assert count(database, select(func.count()).select_from(orders)) == 50
    assert count(database, select(func.count()).select_from(payments)) == 50
    level = select(stock_levels.c.reserved).where(stock_levels.c.variant_id == TEA)
    assert count(database, level) == 50
    ledger = select(func.sum(stock_movements.c.reserved_change)).where(
        stock_movements.c.variant_id == TEA
    )
    assert count(database, ledger) == 50


def test_a_code_limited_to_20_is_redeemed_exactly_20_times(database: Database) -> None:
    desk = open_shop(database, stock=1_000)
    add_promotion(database, 1, "VOUCHER_DISCOUNT", {"off_minor": 500}, codes={"TWENTY": 20})
    tokens = [ready_cart(database, {TEA: 1}).token for _ in range(BUYERS)]
    for token in tokens:
        enter_codes(
            database.write,
            token,
            codes=["twenty"],
            guesser=Guesser(actor=GUEST, client=Client("10.0.0.1"), most=30),
            hooks=desk.hooks,
            now=NOW,
        )

    became = outcomes(database, lambda n: place(database, desk, tokens[n], 3_000, f"k{n}"))

    assert became["PLACED"] == 20
    assert set(became) <= {"PLACED", "PRICE_CHANGED", "VOUCHER_LIMIT_REACHED"}
    assert count(database, select(voucher_codes.c.usage_count)) == 20
    assert count(database, select(func.count()).select_from(redemptions)) == 20


def test_a_gift_stock_of_10_is_given_away_exactly_10_times(database: Database) -> None:
    desk = open_shop(database, stock=1_000)
    rule = {"gifts": [str(BOOK)], "from_minor": 10_000}
    add_promotion(database, 1, "GIFT_WITH_PURCHASE", rule, gifts={BOOK: 10})
    tokens = [ready_cart(database, {CUP: 1}).token for _ in range(BUYERS)]

    became = outcomes(database, lambda n: place(database, desk, tokens[n], 11_000, f"k{n}", 1))

    assert became["PLACED"] == 10
    assert set(became) <= {"PLACED", "GIFTS_CHANGED", "GIFT_OUT_OF_STOCK"}
    assert count(database, select(gift_stocks.c.used)) == 10
    level = select(stock_levels.c.reserved).where(stock_levels.c.variant_id == BOOK)
    assert count(database, level) == 10


def test_buyers_who_confirm_only_the_total_get_their_order_without_the_gift(
    database: Database,
) -> None:
    desk = open_shop(database, stock=1_000)
    rule = {"gifts": [str(BOOK)], "from_minor": 10_000}
    add_promotion(database, 1, "GIFT_WITH_PURCHASE", rule, gifts={BOOK: 10})
    tokens = [ready_cart(database, {CUP: 1}).token for _ in range(20)]

    for number, token in enumerate(tokens):
        place(database, desk, token, 11_000, f"k{number}")

    assert count(database, select(func.count()).select_from(orders)) == 20
    assert count(database, select(gift_stocks.c.used)) == 10


def test_one_cart_placed_by_many_at_once_is_one_order(database: Database) -> None:
    desk = open_shop(database)
    token = ready_cart(database, {TEA: 1}).token

    became = outcomes(database, lambda n: place(database, desk, token, 3_500, f"k{n % 2}"))

    assert became["PLACED"] == BUYERS / 2
    assert became["CART_NOT_OPEN"] == BUYERS / 2
    assert count(database, select(func.count()).select_from(orders)) == 1


def test_one_key_for_two_carts_places_one_order_and_refuses_the_other(
    database: Database,
) -> None:
    desk = open_shop(database)
    tokens = [ready_cart(database, {TEA: 1}, actor=CUSTOMER).token for _ in range(2)]

    def buy(number: int) -> None:
        wish = OrderWish(
            cart_token=tokens[number % 2],
            confirmed_minor=3_500,
            currency="CNY",
            idempotency_key="same",
        )
        checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)

    became = outcomes(database, buy)

    assert set(became) == {"PLACED", "IDEMPOTENCY_KEY_REUSED"}
    assert count(database, select(func.count()).select_from(orders)) == 1

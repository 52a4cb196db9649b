"""Limits hold: what orders take of promotions is counted once and given back once."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from storeql.db import Database
from storeql.errors import Rejected
from storeql.promotions.problems import GiftOutOfStock, PromotionExhausted, VoucherLimitReached
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.promotions.set_up.update import update_promotion
from storeql.promotions.tables import (
    customer_usages,
    gift_stocks,
    promotions,
    redemptions,
    voucher_codes,
)
from storeql.promotions.vouchers.create_codes import CodeInput, create_codes
from tests.promotions.orders import TOGETHER, cancel, place, refusal, together
from tests.promotions.shop import (
    CUP,
    NOW,
    STAFF,
    TYPES,
    basket_for,
    gift,
    gift_stock,
    line,
    open_shop,
    outcomes,
    priced,
    rows,
    running,
    threshold,
)

SPEND = ("SPEND_THRESHOLD", threshold("300", "50"))


def used(database: Database) -> list[tuple[Any, ...]]:
    return rows(database, promotions, "usage_count", "budget_used_minor")


def change(database: Database, key: int, version: int, **given: Any) -> None:
    database.write(
        lambda c: update_promotion(
            c,
            key,
            PromotionChange(**given),
            expected_version=version,
            types=TYPES,
            actor=STAFF,
            now=NOW,
        )
    )


def voucher(database: Database, code: str, uses: int | None, **more: Any) -> int:
    key = running(database, "VOUCHER_DISCOUNT", {"off_minor": "10"}, needs_code=True, **more)
    entry = CodeInput(code=code, usage_limit=uses)
    database.write(lambda c: create_codes(c, key, [entry], types=TYPES, now=NOW))
    return key


def old_price(database: Database, sets: Any, **more: Any) -> Any:
    """A price made now, for orders that are placed later."""
    with database.reading() as connection:
        return basket_for(connection, sets, line(1), **more)


def test_an_order_without_promotions_redeems_nothing(database: Database) -> None:
    sets = open_shop(database)

    assert place(database, sets, 1) == 30_000
    assert rows(database, redemptions, "id") == []
    assert cancel(database, 1) is False


def test_an_order_counts_against_uses_and_budget(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *SPEND, usage_limit=2, budget="100")

    assert place(database, sets, 1, customer_id=4) == 25_000

    assert used(database) == [(1, 5_000)]
    taken = rows(database, redemptions, "promotion_id", "order_id", "customer_id", "amount_minor")
    assert taken == [(key, 1, 4, 5_000)]
    assert outcomes(priced(database, sets, line(1))) == {str(key): "APPLIED"}


def test_a_used_up_promotion_is_exhausted_in_carts_and_refused_at_placement(
    database: Database,
) -> None:
    sets = open_shop(database)
    key = running(database, *SPEND, usage_limit=1)
    before = old_price(database, sets)
    place(database, sets, 1)

    assert outcomes(priced(database, sets, line(1))) == {str(key): "EXHAUSTED"}
    problem = refusal(lambda: place(database, sets, 2, priced_before=before))
    assert isinstance(problem, PromotionExhausted)
    assert (problem.promotion_id, problem.promotion_name) == (key, "Spend_Threshold")
    assert len(rows(database, redemptions, "id")) == 1


def test_a_budget_never_pays_more_than_it_holds(database: Database) -> None:
    sets = open_shop(database)
    running(database, *SPEND, budget="120")
    before = old_price(database, sets)
    place(database, sets, 1)
    place(database, sets, 2)

    problem = refusal(lambda: place(database, sets, 3, priced_before=before))

    assert problem.code == "PROMOTION_EXHAUSTED"
    assert used(database) == [(2, 10_000)]
    assert place(database, sets, 3) == 30_000  # 20 yuan are left: the discount of 50 is not given


def test_a_code_holds_for_as_many_orders_as_it_says(database: Database) -> None:
    sets = open_shop(database)
    key = voucher(database, "TEN", 2)
    before = old_price(database, sets, codes=("TEN",))
    for order_id in (1, 2):
        place(database, sets, order_id, codes=("TEN",))

    problem = refusal(lambda: place(database, sets, 3, priced_before=before))

    assert isinstance(problem, VoucherLimitReached)
    assert (problem.limit, problem.voucher_code, problem.promotion_id) == (2, "TEN", key)
    assert rows(database, voucher_codes, "usage_count") == [(2,)]


def test_a_customer_has_a_share_of_their_own_and_a_guest_has_none(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *SPEND, customer_limit=1)
    before = old_price(database, sets, customer_id=4)
    place(database, sets, 1, customer_id=4)
    place(database, sets, 2, customer_id=5)

    problem = refusal(lambda: place(database, sets, 3, customer_id=4, priced_before=before))

    assert isinstance(problem, VoucherLimitReached)
    assert problem.limit == 1
    assert rows(database, customer_usages, "customer_id", "usage_count") == [(4, 1), (5, 1)]
    assert outcomes(priced(database, sets, line(1), customer_id=4)) == {str(key): "EXHAUSTED"}
    assert outcomes(priced(database, sets, line(1))) == {str(key): "EXHAUSTED"}


def test_gifts_are_taken_from_their_stock(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(1))
    before = old_price(database, sets)
    place(database, sets, 1)

    problem = refusal(lambda: place(database, sets, 2, priced_before=before))

    assert isinstance(problem, GiftOutOfStock)
    assert (problem.variant_id, problem.wanted, problem.available) == (CUP, 1, 0)
    assert rows(database, gift_stocks, "used") == [(1,)]
    assert outcomes(priced(database, sets, line(1))) == {str(key): "EXHAUSTED"}


def test_every_limit_that_does_not_hold_is_named_at_once(database: Database) -> None:
    sets = open_shop(database)
    voucher(database, "TEN", 1)
    running(database, *SPEND, usage_limit=1, priority=1)
    before = old_price(database, sets, codes=("TEN",))
    place(database, sets, 1, codes=("TEN",))

    with pytest.raises(Rejected) as refused:
        place(database, sets, 2, priced_before=before)

    codes = [problem.code for problem in refused.value.problems]
    assert codes == ["PROMOTION_EXHAUSTED", "VOUCHER_LIMIT_REACHED"]


def test_an_undone_order_gives_everything_back_exactly_once(database: Database) -> None:
    sets = open_shop(database)
    voucher(database, "TEN", 1, customer_limit=1, usage_limit=1, budget="10")
    running(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(1))
    before = place(database, sets, 1, codes=("TEN",), customer_id=4)

    assert cancel(database, 1) is True
    assert cancel(database, 1) is False

    assert used(database) == [(0, 0), (0, 0)]
    assert rows(database, voucher_codes, "usage_count") == [(0,)]
    assert rows(database, gift_stocks, "used") == [(0,)]
    assert rows(database, customer_usages, "usage_count") == [(0,)]
    assert {at for (at,) in rows(database, redemptions, "released_at")} == {NOW + 5}
    assert place(database, sets, 2, codes=("TEN",), customer_id=4) == before == 29_000


def test_a_limit_set_later_counts_the_orders_there_are(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *SPEND)
    for order_id in (1, 2, 3):
        place(database, sets, order_id, customer_id=order_id)
    cancel(database, 3)
    assert used(database) == [(0, 0)]

    change(database, key, 2, usage_limit=2, customer_limit=1)

    assert used(database) == [(2, 10_000)]
    assert rows(database, customer_usages, "customer_id", "usage_count") == [(1, 1), (2, 1)]
    assert outcomes(priced(database, sets, line(1), customer_id=9)) == {str(key): "EXHAUSTED"}


def test_a_limit_below_what_orders_hold_is_refused(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(5))
    for order_id in (1, 2):
        place(database, sets, order_id)

    limit = refusal(lambda: change(database, key, 2, usage_limit=1))
    budget = refusal(lambda: change(database, key, 2, budget="29.99"))
    gifts = refusal(lambda: change(database, key, 2, gift_stocks=gift_stock(1)))

    assert (limit.code, list(limit.field or ())) == ("LIMIT_BELOW_USED", ["usageLimit"])
    assert (budget.code, list(budget.field or ())) == ("LIMIT_BELOW_USED", ["budget"])
    assert list(gifts.field or ()) == ["giftStocks", "0", "quantity"]
    assert rows(database, gift_stocks, "quantity", "used") == [(5, 2)]


def test_statements_grow_with_promotions_never_with_lines(database: Database) -> None:
    sets = open_shop(database)
    running(database, *SPEND)
    priced(database, sets, line(1))
    counts = []
    for order_id, lines in ((1, [line(1)]), (2, [line(1), line(2), line(3)])):
        seen: list[str] = []
        database.recorder = seen.append
        place(database, sets, order_id, *lines)
        database.recorder = None
        counts.append(len(seen))

    assert counts == [3, 3]  # the set's version, the redemptions, their limits


def test_twenty_buyers_of_a_promotion_for_five_make_exactly_five(database: Database) -> None:
    sets = open_shop(database)
    running(database, *SPEND, usage_limit=5)
    before = old_price(database, sets)

    got = together(lambda order_id: place(database, sets, order_id, priced_before=before))

    assert Counter(got) == {25_000: 5, "PROMOTION_EXHAUSTED": TOGETHER - 5}
    assert used(database) == [(5, 25_000)]
    assert len(rows(database, redemptions, "id")) == 5


def test_twenty_buyers_with_a_code_for_five_make_exactly_five(database: Database) -> None:
    sets = open_shop(database)
    voucher(database, "TEN", 5)
    before = old_price(database, sets, codes=("TEN",))

    got = together(lambda order_id: place(database, sets, order_id, priced_before=before))

    assert Counter(got) == {29_000: 5, "VOUCHER_LIMIT_REACHED": TOGETHER - 5}
    assert rows(database, voucher_codes, "usage_count") == [(5,)]


def test_twenty_buyers_of_five_gifts_give_exactly_five_away(database: Database) -> None:
    sets = open_shop(database)
    running(database, "GIFT_WITH_PURCHASE", gift(), gift_stocks=gift_stock(5))
    before = old_price(database, sets)

    got = together(lambda order_id: place(database, sets, order_id, priced_before=before))

    assert Counter(got) == {30_000: 5, "GIFT_OUT_OF_STOCK": TOGETHER - 5}
    assert rows(database, gift_stocks, "used") == [(5,)]


def test_a_customer_who_buys_twenty_times_at_once_gets_their_share(database: Database) -> None:
    sets = open_shop(database)
    running(database, *SPEND, customer_limit=5)
    before = old_price(database, sets, customer_id=4)

    got = together(
        lambda order_id: place(database, sets, order_id, customer_id=4, priced_before=before)
    )

    assert Counter(got) == {25_000: 5, "VOUCHER_LIMIT_REACHED": TOGETHER - 5}
    assert rows(database, customer_usages, "usage_count") == [(5,)]


def test_orders_that_price_again_under_load_share_out_a_budget_to_the_cent(
    database: Database,
) -> None:
    sets = open_shop(database)
    running(database, *SPEND, budget="250")

    got = together(lambda order_id: place(database, sets, order_id))

    discounted = got.count(25_000)
    assert discounted == 5
    assert used(database) == [(5, 25_000)]
    assert set(got) <= {25_000, 30_000, "PROMOTION_EXHAUSTED"}


def test_twenty_cancellations_of_one_order_give_back_once(database: Database) -> None:
    sets = open_shop(database)
    running(database, *SPEND, usage_limit=5)
    for order_id in (1, 2):
        place(database, sets, order_id)

    got = together(lambda _: cancel(database, 1))

    assert Counter(got) == {True: 1, False: TOGETHER - 1}
    assert used(database) == [(1, 5_000)]


def test_a_limit_set_while_orders_are_placed_counts_them_all(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *SPEND)
    before = old_price(database, sets)
    begin = threading.Barrier(2)

    def limit() -> None:
        begin.wait()
        change(database, key, 2, usage_limit=50)

    setter = threading.Thread(target=limit)
    setter.start()
    begin.wait()
    together(lambda order_id: place(database, sets, order_id, priced_before=before))
    setter.join()

    assert used(database) == [(TOGETHER, TOGETHER * 5_000)]

"""Quotas hold: of each variant only so many units are sold at a promotion's price."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest

from storeql.db import Database
from storeql.errors import Rejected
from storeql.pricing import PricedCart
from storeql.promotions.problems import QuotaExhausted
from storeql.promotions.set_up.copy import copy_promotion
from storeql.promotions.set_up.difference import Told, difference
from storeql.promotions.set_up.inputs import PromotionChange, QuotaInput
from storeql.promotions.set_up.update import update_promotion
from storeql.promotions.tables import redemptions, variant_quotas
from tests.promotions.orders import TOGETHER, cancel, place, refusal, together
from tests.promotions.shop import (
    BOOK,
    CUP,
    NOW,
    PHONE,
    STAFF,
    TYPES,
    basket_for,
    draft,
    gift,
    line,
    open_shop,
    priced,
    rows,
    running,
    threshold,
    total,
)

TEN_OFF = ("PERCENTAGE", {"percent_off_basis_points": "10"})
SPEND = ("SPEND_THRESHOLD", threshold("300", "50"))


def quotas(**pieces: int) -> tuple[QuotaInput, ...]:
    """`quotas(phone=2)`: two phones."""
    keys = {"phone": PHONE, "book": BOOK, "cup": CUP}
    return tuple(QuotaInput(keys[name], count) for name, count in pieces.items())


def used(database: Database) -> list[tuple[Any, ...]]:
    return rows(database, variant_quotas, "variant_id", "quantity", "used")


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


def old_price(database: Database, sets: Any, *lines: Any) -> Any:
    with database.reading() as connection:
        return basket_for(connection, sets, *(lines or (line(PHONE),)))


def told(cart: PricedCart) -> tuple[Any, ...]:
    """What the trace says of the one promotion."""
    (entry,) = cart.trace
    return (entry.outcome.value, entry.condition, entry.expected, entry.found, entry.shortfall)


def test_only_the_units_that_are_left_get_the_price(database: Database) -> None:
    sets = open_shop(database)
    running(database, *TEN_OFF, quotas=quotas(phone=3))

    assert place(database, sets, 1, line(PHONE, 2)) == 2 * 27_000
    cart = priced(database, sets, line(PHONE, 2), line(BOOK))

    assert used(database) == [(PHONE, 3, 2)]
    assert cart.totals.total_minor == 27_000 + 30_000 + 18_000  # a book has no quota
    (entry,) = cart.trace
    assert (entry.outcome.value, entry.short_variant_ids) == ("APPLIED", (str(PHONE),))


def test_a_sold_out_quota_is_exhausted_and_names_the_variant(database: Database) -> None:
    sets = open_shop(database)
    running(database, *TEN_OFF, quotas=quotas(phone=1))
    place(database, sets, 1)

    cart = priced(database, sets, line(PHONE, 2))

    assert told(cart) == ("EXHAUSTED", "quota", 2, 0, 2)
    assert cart.trace[0].short_variant_ids == (str(PHONE),)
    assert cart.totals.total_minor == 60_000


def test_a_line_that_goes_whole_to_an_order_discount_must_fit_its_quota(
    database: Database,
) -> None:
    sets = open_shop(database)
    running(database, *SPEND, quotas=quotas(phone=2))

    assert told(priced(database, sets, line(PHONE, 3))) == ("EXHAUSTED", "quota", 3, 2, 1)
    assert place(database, sets, 1, line(PHONE, 2)) == 55_000
    assert used(database) == [(PHONE, 2, 2)]


def test_units_that_did_not_become_cheaper_use_no_quota(database: Database) -> None:
    sets = open_shop(database)
    running(database, *TEN_OFF, quotas=quotas(phone=5, book=5))

    place(database, sets, 1, line(PHONE, 2, floor_minor=30_000), line(BOOK))

    assert used(database) == [(PHONE, 5, 0), (BOOK, 5, 1)]


def test_every_quota_that_is_short_at_placement_is_named_at_once(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *TEN_OFF, quotas=quotas(phone=1, book=1, cup=9))
    before = old_price(database, sets, line(PHONE), line(BOOK), line(CUP))
    place(database, sets, 1, line(PHONE), line(BOOK))

    with pytest.raises(Rejected) as refused:
        place(database, sets, 2, priced_before=before)

    problems = refused.value.problems
    assert [type(problem) for problem in problems] == [QuotaExhausted, QuotaExhausted]
    assert [(one.promotion_id, one.variant_id, one.wanted, one.available) for one in problems] == [  # type: ignore[attr-defined]
        (key, PHONE, 1, 0),
        (key, BOOK, 1, 0),
    ]
    assert used(database) == [(PHONE, 1, 1), (BOOK, 1, 1), (CUP, 9, 0)]
    assert len(rows(database, redemptions, "id")) == 1


def test_an_undone_order_gives_its_units_back_once(database: Database) -> None:
    sets = open_shop(database)
    running(database, *TEN_OFF, quotas=quotas(phone=2))
    place(database, sets, 1, line(PHONE, 2))

    assert (cancel(database, 1), cancel(database, 1)) == (True, False)

    assert used(database) == [(PHONE, 2, 0)]
    assert total(database, sets, line(PHONE, 2)) == 54_000


def test_a_quota_set_later_counts_the_orders_there_are(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *TEN_OFF)
    for order_id in (1, 2, 3):
        place(database, sets, order_id, line(PHONE, 2))
    cancel(database, 3)
    assert used(database) == []

    change(database, key, 2, quotas=quotas(phone=5))

    assert used(database) == [(PHONE, 5, 4)]
    assert total(database, sets, line(PHONE, 2)) == 27_000 + 30_000
    problem = refusal(lambda: change(database, key, 3, quotas=quotas(book=1, phone=3)))
    assert (problem.code, problem.field) == ("LIMIT_BELOW_USED", ("quotas", "1", "quantity"))
    change(database, key, 3, quotas=())
    assert total(database, sets, line(PHONE, 2)) == 54_000


def test_versions_and_copies_have_the_quotas_that_were_set(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *TEN_OFF, quotas=quotas(phone=5))
    place(database, sets, 1)
    change(database, key, 2, quotas=quotas(phone=4))

    copied = database.write(
        lambda c: copy_promotion(c, key, name=None, types=TYPES, actor=STAFF, now=NOW)
    )
    with database.reading() as connection:
        found = difference(connection, key, 2, 3, types=TYPES)

    assert rows(database, variant_quotas, "promotion_id", "variant_id", "quantity", "used") == [
        (key, PHONE, 4, 1),
        (copied, PHONE, 4, 0),
    ]
    assert found is not None
    ((path, before, after),) = [(one.path, one.before, one.after) for one in found.changes]
    assert (path, before, after) == (f"quotas.{PHONE}", Told(5), Told(4))


def test_everything_wrong_with_quotas_is_told_at_its_place(database: Database) -> None:
    open_shop(database)
    wrong = (QuotaInput(PHONE, 1), QuotaInput(99, 1), QuotaInput(PHONE, -1))

    with pytest.raises(Rejected) as refused:
        draft(database, *TEN_OFF, quotas=wrong)

    assert {(".".join(one.field or ()), one.code) for one in refused.value.problems} == {
        ("quotas.1.variantId", "NOT_FOUND"),
        ("quotas.2.quantity", "OUT_OF_RANGE"),
        ("quotas.2.variantId", "DUPLICATE"),
    }


@pytest.mark.parametrize(
    ("kind", "values"),
    [("GIFT_WITH_PURCHASE", gift()), ("SHIPPING_DISCOUNT", {})],
)
def test_a_kind_that_makes_no_units_cheaper_has_no_quota(
    database: Database, kind: str, values: dict[str, Any]
) -> None:
    open_shop(database)

    problem = refusal(lambda: draft(database, kind, values, quotas=quotas(phone=1)))

    assert (problem.code, problem.field) == ("NOT_FOR_THIS_KIND", ("quotas",))


def test_the_statements_do_not_grow_with_the_variants_that_have_quotas(
    database: Database,
) -> None:
    sets = open_shop(database)
    running(database, *TEN_OFF, quotas=quotas(phone=9, book=9, cup=9))
    priced(database, sets, line(PHONE))
    counts = []
    for order_id, lines in ((1, [line(PHONE)]), (2, [line(PHONE), line(BOOK), line(CUP)])):
        seen: list[str] = []
        database.recorder = seen.append
        place(database, sets, order_id, *lines)
        placing = len(seen)
        cancel(database, order_id)
        database.recorder = None
        counts.append((placing, len(seen) - placing))

    # The set's version, what is left, redemptions, limits, quotas held and taken; and back:
    # redemptions, limits held, quotas.
    assert counts == [(6, 3), (6, 3)]


def test_twenty_buyers_of_a_quota_of_five_get_exactly_five(database: Database) -> None:
    sets = open_shop(database)
    running(database, *TEN_OFF, quotas=quotas(phone=5))
    before = old_price(database, sets)

    got = together(lambda order_id: place(database, sets, order_id, priced_before=before))

    assert Counter(got) == {27_000: 5, "QUOTA_EXHAUSTED": TOGETHER - 5}
    assert used(database) == [(PHONE, 5, 5)]


def test_a_quota_set_while_orders_come_and_go_counts_what_they_hold(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *TEN_OFF)
    before = old_price(database, sets)
    for order_id in range(101, 101 + TOGETHER):
        place(database, sets, order_id, priced_before=before)
    begin = threading.Barrier(2)

    def limit() -> None:
        begin.wait()
        change(database, key, 2, quotas=quotas(phone=100), usage_limit=100)

    def come_and_go(order_id: int) -> None:
        place(database, sets, order_id, priced_before=before)
        cancel(database, 100 + order_id)

    setter = threading.Thread(target=limit)
    setter.start()
    begin.wait()
    together(come_and_go)
    setter.join()

    assert used(database) == [(PHONE, 100, TOGETHER)]

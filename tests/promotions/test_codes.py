"""Voucher codes: read whatever way they are typed, made so that nobody guesses one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from storeql.db import Database
from storeql.errors import Rejected
from storeql.promotions.tables import voucher_codes
from storeql.promotions.vouchers.codes import (
    ALPHABET,
    check_character,
    entered_codes,
    new_code,
    normal_code,
)
from storeql.promotions.vouchers.create_codes import (
    BatchInput,
    CodeInput,
    create_codes,
    generate_codes,
)
from tests.promotions.shop import (
    NOW,
    TYPES,
    draft,
    line,
    open_shop,
    outcomes,
    priced,
    rows,
    running,
    threshold,
)

TEN_OFF = {"off_minor": "10"}


def voucher(database: Database, **more: Any) -> int:
    return running(database, "VOUCHER_DISCOUNT", TEN_OFF, needs_code=True, **more)


def create(database: Database, key: int, *codes: CodeInput) -> list[int]:
    return database.write(lambda c: create_codes(c, key, codes, types=TYPES, now=NOW))


def generate(database: Database, key: int, **batch: Any) -> list[int]:
    return database.write(
        lambda c: generate_codes(c, key, BatchInput(**batch), types=TYPES, now=NOW)
    )


def problems(work: Any) -> dict[str, str]:
    with pytest.raises(Rejected) as refusal:
        work()
    return {".".join(found.field or ()): found.code for found in refusal.value.problems}


@pytest.mark.parametrize("typed", ["spring10", " SPRING10 ", "Spring 10", "ｓｐｒｉｎｇ１０"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normal_code(typed) == "SPRING10"


def test_a_mistyped_or_swapped_character_shows_in_the_check_character() -> None:
    draw = random.Random(7)
    code = new_code(draw=lambda n: draw.randrange(n))
    body, check = code[:-1], code[-1]

    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert check_character(body) == check
    for place in range(len(body)):
        others = [body[:place] + other + body[place + 1 :] for other in ALPHABET]
        assert [check_character(one) == check for one in others].count(True) == 1
    swapped = [
        body[:i] + body[i + 1] + body[i] + body[i + 2 :]
        for i in range(len(body) - 1)
        if body[i] != body[i + 1]
    ]
    assert sum(check_character(one) == check for one in swapped) <= 1


def test_entered_codes_come_back_once_each_with_what_is_left(database: Database) -> None:
    open_shop(database)
    key = voucher(database)
    create(database, key, CodeInput(code="one-time", usage_limit=1), CodeInput(code="ALWAYS"))

    with database.reading() as connection:
        found = entered_codes(
            connection, ["always", "One-Time", "ALWAYS", "nothing"], customer_id=None
        )
        assert entered_codes(connection, [], customer_id=None) == ()
        assert connection.count == 1

    assert [(code.code, code.promotion_id, code.uses) for code in found] == [
        ("ALWAYS", str(key), None),
        ("ONE-TIME", str(key), 1),
        ("NOTHING", None, None),
    ]


def test_a_voucher_applies_to_the_cart_that_entered_its_code(database: Database) -> None:
    sets = open_shop(database)
    key = voucher(database)
    create(database, key, CodeInput(code="TEN"))

    assert outcomes(priced(database, sets, line(1))) == {}
    cart = priced(database, sets, line(1), codes=("ten", "other"))
    assert outcomes(cart) == {str(key): "APPLIED"}
    assert cart.totals.total_minor == 29_000
    assert cart.unmatched_codes == ("OTHER",)


def test_any_kind_may_ask_for_a_code(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, "SPEND_THRESHOLD", threshold("300", "50"), needs_code=True)
    create(database, key, CodeInput(code="FIFTY"))

    assert priced(database, sets, line(1)).totals.total_minor == 30_000
    assert priced(database, sets, line(1), codes=("FIFTY",)).totals.total_minor == 25_000


def test_every_code_that_cannot_be_one_is_named(database: Database) -> None:
    open_shop(database)
    key = voucher(database)
    create(database, key, CodeInput(code="TEN"))

    wrong = problems(
        lambda: create(
            database,
            key,
            CodeInput(code="ab"),
            CodeInput(code="<b>!"),
            CodeInput(code="FINE", usage_limit=0),
        )
    )
    taken = problems(lambda: create(database, key, CodeInput(code="new"), CodeInput(code="ten")))

    assert wrong == {
        "codes.0.code": "WRONG_LENGTH",
        "codes.1.code": "INVALID_CHARACTER",
        "codes.2.usageLimit": "OUT_OF_RANGE",
    }
    assert taken == {"codes.1.code": "CODE_TAKEN"}
    assert rows(database, voucher_codes, "code") == [("TEN",)]


def test_a_promotion_without_codes_and_an_ended_one_take_none(database: Database) -> None:
    open_shop(database)
    key = draft(database, "VOUCHER_DISCOUNT", TEN_OFF)

    assert problems(lambda: create(database, key, CodeInput(code="TEN"))) == {
        "promotionId": "NEEDS_NO_CODE"
    }
    assert problems(lambda: create(database, 404, CodeInput(code="TEN"))) == {
        "promotionId": "NOT_FOUND"
    }


def test_a_batch_has_a_thousand_different_codes_for_one_order_each(database: Database) -> None:
    open_shop(database)
    key = voucher(database)

    made = generate(database, key, count=1_000, prefix="vip-")

    stored = rows(database, voucher_codes, "code", "usage_limit")
    assert len(set(made)) == len(stored) == 1_000
    assert all(code.startswith("VIP-") and len(code) == 16 for code, _ in stored)
    assert {limit for _, limit in stored} == {1}


@pytest.mark.parametrize(
    ("batch", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": 1_001}, "count"),
        ({"count": 1, "prefix": "x" * 17}, "prefix"),
        ({"count": 1, "usage_limit": 0}, "usageLimit"),
    ],
)
def test_a_batch_out_of_bounds_is_refused(
    database: Database, batch: dict[str, Any], field: str
) -> None:
    open_shop(database)
    key = voucher(database)

    assert list(problems(lambda: generate(database, key, **batch))) == [field]
    assert rows(database, voucher_codes, "id") == []

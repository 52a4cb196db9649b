"""Claiming vouchers: never more than there are, each one customer's alone, while it holds."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from storeql.db import Connection, Database, Selection, statement
from storeql.db.paging import PageRequest
from storeql.errors import Rejected
from storeql.promotions.set_up.lifecycle import end_promotion, pause_promotion
from storeql.promotions.tables import voucher_codes, voucher_offers
from storeql.promotions.vouchers.claim import claim_code, claim_offer
from storeql.promotions.vouchers.offers import OfferWish, remove_offer, set_offer
from storeql.promotions.vouchers.records import VoucherState, WalletVoucher
from storeql.promotions.vouchers.wallet import offer_of, open_offers_page, wallet_page
from tests.carts.shop import change_rows
from tests.promotions.orders import cancel, place, refusal
from tests.promotions.shop import BOOK, DAY, NOW, STAFF, TYPES, line, open_shop, priced
from tests.promotions.test_voucher_batches import batch, codes_of, coupon, work

ANN, BEN = 1, 2


def offer(database: Database, promotion_id: int, **wish: Any) -> None:
    wanted = OfferWish(promotion_id=promotion_id, **wish)
    database.write(lambda c: set_offer(c, wanted, types=TYPES, now=NOW))


def claim(database: Database, promotion_id: int, customer_id: int = ANN, now: int = NOW) -> int:
    return database.write(lambda c: claim_offer(c, promotion_id, customer_id=customer_id, now=now))


def claim_by(database: Database, code: str, customer_id: int = ANN, now: int = NOW) -> int:
    return database.write(lambda c: claim_code(c, code, customer_id=customer_id, now=now))


def wallet(
    database: Database,
    customer_id: int = ANN,
    *,
    state: VoucherState | None = None,
    now: int = NOW,
    **page: Any,
) -> list[WalletVoucher]:
    with database.reading() as connection:
        found = wallet_page(
            connection,
            Selection.of_names("nodes.code"),
            customer_id=customer_id,
            state=state,
            page=PageRequest(**page),
            now=now,
        )
    return list(found.nodes)


def states(database: Database, now: int = NOW) -> list[str]:
    return [voucher.state.value for voucher in wallet(database, now=now)]


def code_of(database: Database, voucher_id: int) -> str:
    with database.reading() as connection:
        query = select(voucher_codes.c.code).where(voucher_codes.c.id == voucher_id)
        return str(connection.scalar(statement(query)))


def test_fifty_claims_at_once_of_five_vouchers_end_in_exactly_five(database: Database) -> None:
    open_shop(database)
    key = coupon(database)
    offer(database, key, claim_limit=5)

    def attempt(place: int) -> str:
        try:
            claim(database, key, customer_id=place % 30 + 1)
        except Rejected as rejected:
            return rejected.problems[0].code
        return "CLAIMED"

    with ThreadPoolExecutor(16) as pool:
        became = Counter(pool.map(attempt, range(50)))

    assert became["CLAIMED"] == 5
    assert set(became) <= {"CLAIMED", "VOUCHERS_ALL_CLAIMED", "VOUCHER_CLAIM_LIMIT_REACHED"}
    owners = [owner for (owner,) in codes_of(database, "customer_id")]
    assert len(owners) == len(set(owners)) == 5
    with database.reading() as connection:
        assert connection.scalar(statement(select(voucher_offers.c.claim_count))) == 5


def test_one_customer_at_once_claims_no_more_than_their_share(database: Database) -> None:
    open_shop(database)
    key = coupon(database)
    offer(database, key, customer_limit=2)

    def attempt(place: int) -> bool:
        try:
            return bool(claim(database, key))
        except Rejected:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(12))) == 2
    assert len(wallet(database)) == 2


def test_one_code_at_once_is_claimed_by_one(database: Database) -> None:
    open_shop(database)
    batch(database, promotion_id=coupon(database), codes=1)
    work(database)
    [(code,)] = codes_of(database, "code")

    def attempt(customer_id: int) -> bool:
        try:
            return bool(claim_by(database, code, customer_id))
        except Rejected:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(1, 13))) == 1


def test_a_claimed_voucher_is_used_by_its_owner_and_unknown_to_others(database: Database) -> None:
    sets = open_shop(database)
    key = coupon(database)
    offer(database, key)
    code = code_of(database, claim(database, key))

    for stranger in (BEN, None):
        cart = priced(database, sets, line(BOOK), codes=(code,), customer_id=stranger)
        assert (cart.totals.total_minor, cart.unmatched_codes) == (20_000, (code,))
    assert place(database, sets, 1, line(BOOK), codes=(code,), customer_id=ANN) == 19_000
    assert states(database) == ["USED"]
    assert cancel(database, 1) is True
    assert states(database) == ["USABLE"]


def test_a_code_claimed_while_another_orders_with_it_refuses_the_order(database: Database) -> None:
    from tests.promotions.shop import basket_for

    sets = open_shop(database)
    batch(database, promotion_id=coupon(database), codes=1)
    work(database)
    [(code,)] = codes_of(database, "code")
    with database.reading() as connection:
        before = basket_for(connection, sets, line(BOOK), codes=(code,), customer_id=BEN)
    claim_by(database, code, ANN)
    problem = refusal(lambda: place(database, sets, 1, customer_id=BEN, priced_before=before))
    assert problem.code == "VOUCHER_CODE_NOT_FOUND"


def test_days_count_from_the_claiming_and_never_past_the_batch(database: Database) -> None:
    sets = open_shop(database)
    batch(database, promotion_id=coupon(database), codes=2, valid_days=7, ends_at=NOW + 10 * DAY)
    work(database)
    [first, second] = [code for (code,) in codes_of(database, "code")]

    [entry] = priced(database, sets, line(BOOK), codes=(first,), customer_id=ANN).trace
    assert entry.condition == "code_unclaimed"
    claim_by(database, first)
    claim_by(database, second, now=NOW + 8 * DAY)
    ends = [end for (end,) in codes_of(database, "ends_at")]
    assert ends == [NOW + 7 * DAY, NOW + 10 * DAY]
    assert place(database, sets, 1, line(BOOK), codes=(first,), customer_id=ANN) == 19_000


def test_a_batch_gives_one_customer_no_more_than_their_share(database: Database) -> None:
    open_shop(database)
    batch(database, promotion_id=coupon(database), codes=3, customer_limit=2)
    work(database)
    codes = [code for (code,) in codes_of(database, "code")]
    claim_by(database, codes[0])
    assert claim_by(database, codes[0]) == 1  # again: theirs already, and not counted twice
    claim_by(database, codes[1])
    problem = refusal(lambda: claim_by(database, codes[2]))
    assert (problem.code, len(wallet(database))) == ("VOUCHER_CLAIM_LIMIT_REACHED", 2)
    claim_by(database, codes[2], BEN)


def test_codes_that_cannot_be_claimed_say_why(database: Database) -> None:
    from storeql.promotions.vouchers.create_codes import CodeInput, create_codes

    sets = open_shop(database)
    key = coupon(database)
    public = [CodeInput(code="HELLO")]
    database.write(lambda c: create_codes(c, key, public, types=TYPES, now=NOW))
    batch(database, promotion_id=key, codes=2, ends_at=NOW + DAY)
    work(database)
    [_, (used,), (late,)] = codes_of(database, "code")
    place(database, sets, 1, line(BOOK), codes=(used,))

    def why(code: str, now: int = NOW) -> str:
        return refusal(lambda: claim_by(database, code, now=now)).code

    assert why("hello") == "VOUCHER_NOT_CLAIMABLE"
    assert why("nothing") == why("") == why("a\0b") == "VOUCHER_CODE_NOT_FOUND"
    assert why(used) == "VOUCHER_LIMIT_REACHED"
    assert why(late, NOW + DAY) == "VOUCHER_EXPIRED"
    claim_by(database, late, BEN)
    assert why(late) == "VOUCHER_CODE_NOT_FOUND"


def test_an_offer_is_open_in_its_window_and_while_its_promotion_runs(database: Database) -> None:
    open_shop(database)
    key = coupon(database)
    offer(database, key, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)

    def why(now: int) -> str:
        return refusal(lambda: claim(database, key, now=now)).code

    def is_open(now: int) -> bool:
        with database.reading() as connection:
            page = open_offers_page(
                connection,
                Selection.of_names("total_count"),
                customer_id=ANN,
                page=PageRequest(),
                now=now,
            )
        assert page.total_count == len(page.nodes)
        return bool(page.nodes)

    assert (why(NOW), is_open(NOW)) == ("VOUCHER_NOT_YET_VALID", False)
    assert (why(NOW + 2 * DAY), is_open(NOW + 2 * DAY)) == ("VOUCHER_EXPIRED", False)
    assert is_open(NOW + DAY)
    claim(database, key, now=NOW + DAY)
    life(database, pause_promotion, key)
    assert (why(NOW + DAY), is_open(NOW + DAY)) == ("NOT_FOUND", False)
    assert states(database, NOW + DAY) == ["UPCOMING"]
    life(database, end_promotion, key)
    assert states(database, NOW + DAY) == ["EXPIRED"]


def life(database: Database, verb: Any, key: int) -> None:
    def move(connection: Connection) -> None:
        verb(connection, key, expected_version=None, types=TYPES, actor=STAFF, now=NOW)

    database.write(move)


def test_an_offer_is_changed_by_who_has_read_it_and_never_below_its_claims(
    database: Database,
) -> None:
    open_shop(database)
    key = coupon(database)
    offer(database, key, claim_limit=5)
    for customer_id in (1, 2, 3):
        claim(database, key, customer_id)

    def why(**wish: Any) -> str:
        return refusal(lambda: offer(database, key, **wish)).code

    assert why(claim_limit=9) == "STALE_VERSION"
    assert why(claim_limit=2, expected_version=1) == "LIMIT_BELOW_USED"
    offer(database, key, claim_limit=3, valid_days=30, expected_version=1)
    with database.reading() as connection:
        found = offer_of(connection, key, customer_id=2)
    assert found is not None
    assert (found.claim_limit, found.claim_count, found.claimed_by_you) == (3, 3, 1)
    assert refusal(lambda: claim(database, key, 4)).code == "VOUCHERS_ALL_CLAIMED"
    database.write(lambda c: remove_offer(c, key))
    assert refusal(lambda: claim(database, key, 4)).code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"claim_limit": 0}, "claimLimit"),
        ({"customer_limit": 101}, "customerLimit"),
        ({"valid_days": 0}, "validDays"),
        ({"ends_at": NOW}, "endsAt"),
    ],
)
def test_an_offer_that_cannot_be_is_refused(
    database: Database, wish: dict[str, Any], field: str
) -> None:
    open_shop(database)
    key = coupon(database)
    assert refusal(lambda: offer(database, key, **wish)).field == (field,)


def test_the_wallet_pages_and_filters_by_state(database: Database) -> None:
    sets = open_shop(database)
    key = coupon(database)
    offer(database, key, customer_limit=5, valid_days=2)
    made = [claim(database, key, now=NOW + place) for place in range(4)]
    place(database, sets, 1, line(BOOK), codes=(code_of(database, made[0]),), customer_id=ANN)
    change_rows(database, voucher_codes, voucher_codes.c.id == made[1], ends_at=NOW)

    assert states(database, NOW + DAY) == ["USABLE", "USABLE", "EXPIRED", "USED"]
    assert states(database, NOW + 3 * DAY) == ["EXPIRED", "EXPIRED", "EXPIRED", "USED"]
    usable = wallet(database, state=VoucherState.USABLE)
    assert [voucher.id for voucher in usable] == [made[3], made[2]]
    first = wallet(database, first=1)
    assert [voucher.id for voucher in first] == [made[3]]
    assert wallet(database, BEN) == []

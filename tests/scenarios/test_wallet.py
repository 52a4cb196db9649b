"""Customers claim vouchers, find them in their wallet and buy with them: over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.test_voucher_batches import coupon, fetched, generated, worked

SET = """
mutation ($input: VoucherOfferSetInput!) {
  voucherOfferSet(input: $input) {
    voucherOffer { promotionName claimLimit claimCount customerLimit validDays version }
    userErrors { code field }
  }
}"""
OFFERS = """
{ voucherOffers { nodes { promotionId promotionName claimLimit claimedByYou } totalCount } }"""
CLAIM = """
mutation ($input: VoucherClaimInput!) {
  voucherClaim(input: $input) {
    voucher { id code promotionName state endsAt }
    userErrors { __typename code field
      ... on VoucherClaimLimitReached { limit } ... on TooManyAttempts { retryAfterSeconds } }
  }
}"""
WALLET = """
query ($state: VoucherState, $first: Int, $after: String) {
  me { vouchers(state: $state, first: $first, after: $after) {
    nodes { code state } totalCount pageInfo { hasNextPage endCursor }
  } }
}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], MARKETING, "marketing")
        yield opened


def claimed(door: Door, token: str, key: str = "k", **voucher: str) -> Any:
    return door.ask(CLAIM, token, input={"voucher": voucher, "idempotencyKey": key})


def test_a_voucher_is_offered_claimed_and_bought_with(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    promotion = coupon(staff)
    wish = {"promotionId": promotion, "claimLimit": 10, "validDays": 3}
    assert staff.ask(SET, input=wish)["voucherOffer"] == {
        "promotionName": "会员券",
        "claimLimit": 10,
        "claimCount": 0,
        "customerLimit": 1,
        "validDays": 3,
        "version": 1,
    }
    buyer = door.customer("buyer@example.cn")
    [offer] = door.ask(OFFERS, buyer)["nodes"]
    assert (offer["promotionId"], offer["claimedByYou"]) == (promotion, 0)

    payload = claimed(door, buyer, promotionId=promotion)
    assert payload["userErrors"] == []
    assert claimed(door, buyer, promotionId=promotion) == payload  # sent again
    again = claimed(door, buyer, "other", promotionId=promotion)["userErrors"]
    assert [(error["__typename"], error["limit"]) for error in again] == [
        ("VoucherClaimLimitReached", 1)
    ]
    assert door.ask(OFFERS, buyer)["nodes"][0]["claimedByYou"] == 1
    assert door.ask(OFFERS)["nodes"][0]["claimedByYou"] == 0

    voucher = payload["voucher"]
    assert (voucher["promotionName"], voucher["state"]) == ("会员券", "USABLE")
    shopper = Shopper(door, buyer)
    shopper.ready()
    codes = {"token": shopper.token, "codes": [voucher["code"]]}
    assert shopper.change("cartVoucherCodesAdd", "CartVoucherCodesInput", **codes)["cart"]
    assert shopper.place("150.00", "key-1")["userErrors"] == []
    found = door.ask(WALLET, buyer)["vouchers"]
    assert found["nodes"] == [{"code": voucher["code"], "state": "USED"}]
    assert (found["totalCount"], found["pageInfo"]["hasNextPage"]) == (1, False)
    assert door.ask(WALLET, buyer, state="USABLE")["vouchers"]["totalCount"] == 0


def test_somebody_elses_voucher_is_a_code_that_does_not_exist(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    batch = generated(staff, coupon(staff), codes=2, customerLimit=2)
    worked(door)
    rows = fetched(door, batch["exportPath"], staff.token)
    owner, other = door.customer("owner@example.cn"), door.customer("other@example.cn")
    code = rows[1][0]

    def entered(token: str, typed: str) -> list[str]:
        shopper = Shopper(door, token)
        shopper.ready()
        given = {"token": shopper.token, "codes": [typed]}
        payload = shopper.change("cartVoucherCodesAdd", "CartVoucherCodesInput", **given)
        return [error["code"] for error in payload["userErrors"]]

    assert entered(owner, code) == ["VOUCHER_NOT_CLAIMED"]
    assert claimed(door, owner, code=code.lower())["userErrors"] == []
    assert entered(owner, code) == []
    assert entered(other, code) == entered(other, "NOTHING") == ["VOUCHER_CODE_NOT_FOUND"]
    assert entered("", code) == ["VOUCHER_CODE_NOT_FOUND"]
    theirs, nobodys = claimed(door, other, code=code), claimed(door, other, "n", code="NOTHING")
    assert theirs["userErrors"] == nobodys["userErrors"]
    batches = "{ voucherBatches { nodes { statistics { issued claimed used } } } }"
    [found] = staff.ask(batches)["nodes"]
    assert found["statistics"] == {"issued": 2, "claimed": 1, "used": 0}


def test_guessing_stops_after_thirty_codes_that_do_not_exist(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    batch = generated(staff, coupon(staff), codes=1)
    worked(door)
    code = fetched(door, batch["exportPath"], staff.token)[1][0]
    buyer = door.customer("buyer@example.cn")
    for place in range(30):
        assert claimed(door, buyer, f"k{place}", code=f"GUESS{place}")["userErrors"][0]["code"] == (
            "VOUCHER_CODE_NOT_FOUND"
        )
    assert claimed(door, buyer, "last", code=code)["userErrors"][0]["__typename"] == (
        "TooManyAttempts"
    )
    honest = door.customer("honest@example.cn")
    assert claimed(door, honest, code=code)["voucher"]["code"] == code
    for place in range(40):  # their own again and again is no guessing
        assert claimed(door, honest, f"k{place}", code=code)["userErrors"] == []

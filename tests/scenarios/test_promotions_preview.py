"""A preview says to the cent what the checkout will charge once the promotion runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from storeql.catalog.prices.tables import price_floors
from storeql.db import Database, statement
from storeql.promotions.set_up.stored import raise_set
from storeql.schema.ids import opaque_id
from tests.carts.shop import BOOK, CUP, NOW, TEA
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotion_shop import open_promotion_shop, total
from tests.scenarios.promotions_door import Marketing
from tests.scenarios.shopping import Shopper, delivery, variant

Shop = tuple[Door, Database, Marketing]
PRICE = """total { amount } discountTotal { amount } giftCount shippingTotal { amount }
  lines { quantity netPrice { amount } } trace { promotionName outcome }"""
PREVIEW = f"""
query ($input: PromotionPreviewInput!) {{
  promotionPreview(input: $input) {{
    at saving {{ amount }} outcome {{ outcome condition shortfallAmount {{ amount }} }}
    before {{ {PRICE} }} after {{ {PRICE} }}
  }}
}}"""
SPEND = {"spendThreshold": {"tiers": [{"from": "100", "off": "15.55"}]}}
KINDS = {
    "percentage": ({"percentage": {"percentOff": "12.34"}}, {}),
    "spend": (SPEND, {}),
    "gift": (
        {"giftWithPurchase": {"gifts": [variant(BOOK)], "from": "99"}},
        {"giftStocks": [{"variantId": variant(BOOK), "quantity": 5}]},
    ),
    "shipping": ({"shippingDiscount": {"off": "4"}}, {"usageLimit": 3, "budget": "50"}),
    "voucher": ({"voucherDiscount": {"off": "20", "from": "99"}}, {"requiresCode": True}),
}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    with open_promotion_shop(database_url, str(tmp_path)) as opened:
        yield opened


def preview(staff: Marketing, key: str, **given: Any) -> Any:
    at = {"at": given.pop("at")} if "at" in given else {}
    return staff.ask(PREVIEW, input={"id": key, "basket": given, **at})


@pytest.mark.parametrize("kind", KINDS)
def test_the_preview_of_a_cart_equals_the_checkout_to_the_cent(shop: Shop, kind: str) -> None:
    door, _, staff = shop
    staff.running(name="other", rule={"percentage": {"percentOff": "3.3"}}, priority=7)
    rule, terms = KINDS[kind]
    key = staff.create(name="draft", currency="CNY", rule=rule, **terms)["id"]
    shopper = Shopper(door)
    shopper.ready()

    told = preview(staff, key, cartToken=shopper.token)
    before = total(shopper)
    staff.change("Activate", id=key)
    if kind == "voucher":
        _enter_code(staff, key, shopper)
    placed = shopper.place(told["after"]["total"]["amount"], "k1")

    assert placed["userErrors"] == []
    assert placed["order"]["total"]["amount"] == told["after"]["total"]["amount"]
    assert told["before"]["total"]["amount"] == before
    gifts = sum(line["quantity"] for line in placed["order"]["lines"] if line["isGift"])
    assert gifts == told["after"]["giftCount"]
    assert told["outcome"]["outcome"] == "APPLIED"


def test_any_basket_is_previewed_like_the_cart_it_would_be(shop: Shop) -> None:
    door, _, staff = shop
    key = staff.create(name="draft", currency="CNY", rule=SPEND)["id"]
    lines = [{"variantId": variant(TEA), "quantity": 2}, {"variantId": variant(CUP)}]
    shopper = Shopper(door)
    shopper.ready()

    told = preview(
        staff, key, given={"lines": lines, "deliveryMethodId": delivery(1), "country": "CN"}
    )

    assert told == preview(staff, key, cartToken=shopper.token)
    assert (told["before"]["total"]["amount"], told["saving"]["amount"]) == ("160.00", "15.55")
    assert told["after"]["trace"] == [{"promotionName": "draft", "outcome": "APPLIED"}]


def test_a_preview_says_what_a_basket_lacks(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(name="draft", currency="CNY", rule=SPEND)["id"]

    told = preview(staff, key, given={"lines": [{"variantId": variant(TEA), "quantity": 3}]})

    assert told["outcome"] == {
        "outcome": "MISSED",
        "condition": "spend_minor",
        "shortfallAmount": {"amount": "25.00"},
    }


def test_a_promotion_for_a_group_of_buyers_is_previewed_for_a_customer(shop: Shop) -> None:
    door, _, staff = shop
    audience = {"firstOrderOnly": True}
    rule = {"percentage": {"percentOff": "10"}}
    key = staff.create(name="首单", rule=rule, audience=audience)["id"]
    lines = [{"variantId": variant(CUP)}]
    customer = door.ask("{ me { id } }", door.customer("new@example.cn"))["id"]

    guest = preview(staff, key, given={"lines": lines})
    known = preview(staff, key, given={"lines": lines, "customerId": customer})

    assert guest["outcome"]["condition"] == "first_order"
    assert known["after"]["total"]["amount"] == "90.00"


def test_a_sale_of_next_week_is_previewed_at_its_start(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(
        name="next", currency="CNY", rule=SPEND, startsAt="2025-12-01T00:00:00+08:00"
    )["id"]
    lines = [{"variantId": variant(CUP)}]

    told = preview(staff, key, given={"lines": lines})
    today = preview(staff, key, given={"lines": lines}, at="2025-11-25T00:00:00+08:00")

    assert (told["at"], told["saving"]["amount"]) == ("2025-11-30T16:00:00.000Z", "15.55")
    assert (today["saving"]["amount"], today["outcome"]) == ("0.00", None)


def test_an_edit_of_a_running_promotion_is_previewed_against_the_shop_without_it(
    shop: Shop,
) -> None:
    door, _, staff = shop
    key = staff.running(name="now", currency="CNY", rule=SPEND)["id"]
    shopper = Shopper(door)
    shopper.ready()

    told = preview(staff, key, cartToken=shopper.token)

    assert (told["before"]["total"]["amount"], told["after"]["total"]["amount"]) == (
        "160.00",
        "144.45",
    )
    assert total(shopper) == "144.45"


def test_a_past_order_is_priced_again_with_the_promotions_of_then(shop: Shop) -> None:
    door, database, staff = shop
    old = staff.running(name="then", currency="CNY", rule=SPEND)["id"]
    shopper = Shopper(door)
    shopper.ready()
    number = shopper.place("144.45", "k1")["order"]["number"]
    staff.change("End", id=old)
    same = staff.create(name="draft", rule={"shippingDiscount": {"off": "4"}}, currency="CNY")
    door.clock.now = NOW + 9 * 86_400_000
    hired(database, "boss@example.cn", "owner")
    boss = door.staff("boss@example.cn")

    hidden = preview(staff, same["id"], orderNumber=number)
    basket = {"id": same["id"], "basket": {"orderNumber": number}}
    told = door.ask(PREVIEW, boss, input=basket)

    assert hidden is None
    assert told["at"] == "2025-11-24T16:00:00.000Z"
    assert told["before"]["total"]["amount"] == "144.45"
    assert told["after"]["total"]["amount"] == "140.45"
    assert {entry["promotionName"]: entry["outcome"] for entry in told["after"]["trace"]} == {
        "then": "APPLIED",
        "draft": "APPLIED",
    }
    unknown = {"id": same["id"], "basket": {"orderNumber": "nothing"}}
    assert door.ask(PREVIEW, boss, input=unknown) is None


def test_what_is_not_there_has_no_preview(shop: Shop) -> None:
    _, _, staff = shop
    bare = staff.create(name="bare", kind="PERCENTAGE")["id"]
    full = staff.create(name="full", rule={"percentage": {"percentOff": "1"}})["id"]
    lines = {"lines": [{"variantId": variant(CUP)}]}

    assert preview(staff, bare, given=lines) is None
    assert preview(staff, str(opaque_id("Promotion", 99)), given=lines) is None
    assert preview(staff, full, cartToken="unknown") is None
    for wrong in (
        {"lines": []},
        {**lines, "channel": "nowhere"},
        {"lines": [{"variantId": variant(CUP), "quantity": 0}]},
        {**lines, "deliveryMethodId": delivery(99)},
        {**lines, "customerId": opaque_id("Customer", 99)},
    ):
        input = {"id": full, "basket": {"given": wrong}}
        assert staff.door.refusal(PREVIEW, staff.token, input=input) == "BAD_USER_INPUT"


def _enter_code(staff: Marketing, key: str, shopper: Shopper) -> None:
    made = staff.ask(
        "mutation ($input: VoucherCodesCreateInput!) { voucherCodesCreate(input: $input)"
        " { userErrors { code } } }",
        input={"promotionId": key, "codes": [{"code": "TWENTY"}]},
    )
    assert made["userErrors"] == []
    shopper.change(
        "cartVoucherCodesAdd", "CartVoucherCodesInput", token=shopper.token, codes=["TWENTY"]
    )


def test_a_preview_goes_no_lower_than_the_margin_guard(shop: Shop) -> None:
    door, database, staff = shop
    floor = {"place": "x", "basis": "PRICE", "price_minor": 9_000, "updated_at": NOW}
    put = statement(insert(price_floors), *floor)
    database.write(lambda c: (c.run(put, **floor), raise_set(c)))
    key = staff.create(name="draft", rule={"percentage": {"percentOff": "50"}})["id"]
    shopper = Shopper(door)
    shopper.create(lines=[{"variantId": variant(CUP)}])

    told = preview(staff, key, cartToken=shopper.token)
    staff.change("Activate", id=key)

    assert told["after"]["total"]["amount"] == total(shopper) == "90.00"
    assert told["outcome"]["outcome"] == "CLAMPED"

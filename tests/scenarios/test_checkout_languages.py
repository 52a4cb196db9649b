"""Whatever stops a shopper is said in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import storeql
from storeql.db import Database
from storeql.schema.problem_words import CHINESE
from tests.carts.shop import BOOK, add_promotion
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop, variant

SOURCE = Path(storeql.__file__).parent
SHOPPING = (
    *sorted((SOURCE / "carts").glob("*.py")),
    *sorted((SOURCE / "orders").glob("*.py")),
    SOURCE / "promotions" / "problems.py",
    SOURCE / "promotions" / "limits" / "redeem.py",
    SOURCE / "catalog" / "problems.py",
)
CODE = re.compile(
    r'(?:\bcode(?:: str)? ?= ?|\brefuse\(\s*|\breport\(\s*|\(bool\(\w+\), )"([A-Z_]+)"'
)
# What only staff run into: deliveries, carriers and the like are set up in English.
STAFF_ONLY = {
    "ATTRIBUTE_REQUIRED",
    "IN_USE",
    "STOCK_CHANGED",
    "STOCK_RESERVED",
    "TAKEN",
}
PLACE = """
mutation ($input: OrderPlaceInput!) {
  orderPlace(input: $input) { userErrors { code message localizedMessage { en zh } } }
}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        yield opened


def refused(shopper: Shopper, total: str, **given: object) -> dict[str, str]:
    """The Chinese message by code."""
    wish = {
        "cartToken": shopper.token,
        "confirmedTotal": {"amount": total, "currency": "CNY"},
        "idempotencyKey": "k",
        **given,
    }
    told = shopper.door.ask(PLACE, input=wish)["userErrors"]
    assert all(one["localizedMessage"]["en"] == one["message"] for one in told)
    return {one["code"]: one["localizedMessage"]["zh"] for one in told}


def test_everything_that_lacks_for_an_order_is_said_in_chinese(
    shop: tuple[Door, Database],
) -> None:
    shopper = Shopper(shop[0])
    shopper.create()

    assert refused(shopper, "1.00") == {
        "EMAIL_REQUIRED": "请填写电子邮箱。",
        "ADDRESS_REQUIRED": "请填写收货地址。",
        "DELIVERY_METHOD_REQUIRED": "请选择配送方式。",
        "PAYMENT_METHOD_REQUIRED": "请选择付款方式。",
        "CART_EMPTY": "购物车是空的。",
    }


def test_another_price_and_other_gifts_are_said_in_chinese(shop: tuple[Door, Database]) -> None:
    door, database = shop
    rule = {"gifts": [str(BOOK)], "from_quantity": 1}
    add_promotion(database, 1, "GIFT_WITH_PURCHASE", rule)
    shopper = Shopper(door)
    shopper.ready()

    assert refused(shopper, "1.00", confirmedGifts=0) == {
        "PRICE_CHANGED": "价格已变动，请重新查看购物车。",
        "GIFTS_CHANGED": "赠品数量已变动，请重新查看购物车。",
    }
    line = {"variantId": variant(99), "quantity": 1}
    document = """mutation ($input: CartLinesAddInput!) { cartLinesAdd(input: $input) {
      userErrors { localizedMessage { zh } } } }"""
    told = door.ask(document, input={"token": shopper.token, "lines": [line]})["userErrors"]
    assert told == [{"localizedMessage": {"zh": "该商品目前无法购买。"}}]


def test_every_code_that_shopping_can_answer_has_chinese() -> None:
    found = {code for path in SHOPPING for code in CODE.findall(path.read_text(encoding="utf-8"))}

    assert found - STAFF_ONLY - CHINESE.keys() == set()
    assert found > STAFF_ONLY

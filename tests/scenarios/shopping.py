"""The small shop of tests.carts.shop behind HTTP, and the questions a front end asks it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import CUP, NOW, TEA, open_shop
from tests.scenarios.people_door import Door, open_door

ADDRESS = {
    "name": "李雷",
    "phone": "138 0000 1234",
    "country": "cn",
    "region": "上海",
    "city": "上海",
    "street": "南京路 1 号",
}
PRICE = """
  price {
    listTotal { amount } discountTotal { amount } subtotal { amount }
    shippingTotal { amount } total { amount currency } giftCount unmatchedCodes
    lines { lineId quantity listPrice { amount } netPrice { amount } tax { amount }
      unitPrices { quantity price { amount } }
      discounts { promotionName lane amount { amount } fundings { funder amount { amount } } } }
    gifts { sku name quantity listPrice { amount } netPrice { amount } discount { lane } }
    shipping { method name listPrice { amount } netPrice { amount } }
    trace { promotionName outcome lane condition expected found shortfall
      shortfallAmount { amount } lostTo { name } message { en zh } }
    lanes { lane saving { amount } gap { amount } nodes }
    annotations { code } refusals { code message { en } }
  }"""
CART = f"""
  token status currency email codes paymentMethod hasCustomer
  address {{ name phone country }} deliveryMethod {{ slug price {{ amount }} }}
  giftChoices {{ promotionId variantIds }}
  lines {{ id quantity sku productName isAvailable unitPrice {{ amount }} }}
  {PRICE}"""
ERRORS = "userErrors { __typename code field index message }"
ORDER = """
  id number state email name currency version paymentMethod deliveryMethod
  listTotal { amount } discountTotal { amount } shippingTotal { amount }
  total { amount currency } address { name city }
  lines { sku quantity isGift listPrice { amount } netPrice { amount }
    discounts { promotionName amount { amount } } }
  payments { method status amount { amount } message }
  events { kind stateBefore stateAfter }"""
PLACE = f"""
  mutation ($input: OrderPlaceInput!) {{
    orderPlace(input: $input) {{
      order {{ {ORDER} }} payment {{ method status message }}
      userErrors {{ __typename code field message
        ... on PriceChanged {{ shown {{ amount }} now {{ amount }} }}
        ... on InsufficientStock {{ sku wanted available }}
        ... on LineRefused {{ sku lineId }} }}
    }}
  }}"""


def variant(key: int) -> str:
    """The id of a variant of the small shop."""
    return str(opaque_id("ProductVariant", key))


def delivery(key: int) -> str:
    """The id of a delivery method of the small shop."""
    return str(opaque_id("DeliveryMethod", key))


class Shopper:
    """Somebody with a cart; with a `session` a signed-in customer, otherwise a guest."""

    def __init__(self, door: Door, session: str = "") -> None:
        self.door = door
        self.session = session
        self.token = ""

    def create(self, **details: Any) -> dict[str, Any]:
        """Opens a cart."""
        payload = self.change("cartCreate", "CartCreateInput", **details)
        self.token = payload["cart"]["token"] if payload["cart"] else ""
        return payload

    def change(self, mutation: str, kind: str, **given: Any) -> dict[str, Any]:
        """Runs a mutation of carts."""
        query = f"""
          mutation ($input: {kind}!) {{
            {mutation}(input: $input) {{ cart {{ {CART} }} {ERRORS} }}
          }}"""
        payload: dict[str, Any] = self.door.ask(query, self.session, input=given)
        return payload

    def cart(self) -> Any:
        """The cart as it is now."""
        query = f"query ($cart: String!) {{ cart(token: $cart) {{ {CART} }} }}"
        return self.door.ask(query, self.session, cart=self.token)

    def place(self, total: str, key: str, currency: str = "CNY", **given: Any) -> dict[str, Any]:
        """Orders the cart at a confirmed total."""
        wish = {
            "cartToken": self.token,
            "confirmedTotal": {"amount": total, "currency": currency},
            "idempotencyKey": key,
            **given,
        }
        payload: dict[str, Any] = self.door.ask(PLACE, self.session, input=wish)
        return payload

    def ready(self, payment: str = "cash_on_delivery", **lines: int) -> dict[str, Any]:
        """Opens a cart with 2 teas and a cup (150.00, delivered 160.00) that can be ordered."""
        return self.create(
            lines=[
                {"variantId": variant(TEA), "quantity": 2},
                {"variantId": variant(CUP), "quantity": 1},
            ],
            email="buyer@example.cn",
            address=ADDRESS,
            deliveryMethodId=delivery(1),
            paymentMethod=payment,
        )


@contextmanager
def open_small_shop(
    database_url: str,
    media_dir: str,
    *,
    stock: int = 100,
    plugins: Iterable[object] = (),
    **settings: Any,
) -> Iterator[tuple[Door, Database]]:
    """The small shop at its instant, behind HTTP."""
    database = Database(database_url)
    open_shop(database, stock=stock)
    with open_door(database_url, media_dir, plugins=plugins, **settings) as door:
        door.clock.now = NOW
        yield door, database
    database.close()

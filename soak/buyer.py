"""What a buyer does: fills a cart, sees its price, and orders at exactly that price."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from soak.caller import Caller

CURRENCY = "CNY"
CASH, CARD, GOOD_CARD = "cash_on_delivery", "fake_card", "tok_success"
ADDRESS = {
    "name": "李雷",
    "phone": "138 0000 1234",
    "country": "CN",
    "region": "上海",
    "city": "上海",
    "street": "南京路 1 号",
}
_CART = "cart { token price { total { amount } giftCount } } userErrors { code message }"
CREATE = f"mutation ($input: CartCreateInput!) {{ cartCreate(input: $input) {{ {_CART} }} }}"
ENTER = f"""mutation ($input: CartVoucherCodesInput!) {{
  cartVoucherCodesAdd(input: $input) {{ {_CART} }} }}"""
LOOK = "query ($cart: String!) { cart(token: $cart) { price { total { amount } giftCount } } }"
PLACE = """mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) {
  order { number state total { amount } discountTotal { amount } }
  payment { status amount { amount } }
  userErrors { __typename code
    ... on InsufficientStock { wanted available }
    ... on PriceChanged { shown { amount } now { amount } } } } }"""


@dataclass(frozen=True)
class Filled:
    """A cart with everything an order needs, and what it showed: total, gift pieces."""

    token: str
    total: str
    gifts: int
    payment: str = CASH


@dataclass(frozen=True)
class Placement:
    """One answer to `orderPlace`: an order, or why there is none."""

    number: str | None = None
    total: str = ""
    discount: str = ""
    state: str = ""
    paid: tuple[str, str] | None = None
    problems: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of the user errors."""
        return tuple(problem["__typename"] for problem in self.problems)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the user errors."""
        return tuple(problem["code"] for problem in self.problems)


async def fill(
    caller: Caller,
    lines: Mapping[str, int],
    *,
    delivery: str,
    payment: str = CASH,
    codes: Sequence[str] = (),
) -> Filled:
    """A new cart with so many pieces of each variant (GraphQL ids), and the codes entered."""
    asked = {
        "lines": [{"variantId": key, "quantity": pieces} for key, pieces in lines.items()],
        "email": "buyer@example.cn",
        "address": ADDRESS,
        "deliveryMethodId": delivery,
        "paymentMethod": payment,
    }
    cart = _cart(await caller.ask(CREATE, input=asked))
    if codes:
        cart = _cart(await caller.ask(ENTER, input={"token": cart["token"], "codes": codes}))
    price = cart["price"]
    return Filled(cart["token"], price["total"]["amount"], price["giftCount"], payment)


async def look_again(caller: Caller, cart: Filled) -> Filled:
    """The cart with the price it shows now."""
    price = (await caller.ask(LOOK, cart=cart.token))["price"]
    return replace(cart, total=price["total"]["amount"], gifts=price["giftCount"])


def wish(cart: Filled, key: str) -> dict[str, Any]:
    """The input of `orderPlace` at what the cart showed."""
    return {
        "cartToken": cart.token,
        "confirmedTotal": {"amount": cart.total, "currency": CURRENCY},
        "confirmedGifts": cart.gifts,
        "idempotencyKey": key,
        "paymentToken": GOOD_CARD if cart.payment == CARD else "",
    }


def new_key() -> str:
    """A key that nobody used before."""
    return secrets.token_hex(12)


async def place(caller: Caller, cart: Filled, key: str) -> Placement:
    """Orders the cart; raises Unanswered or Unusable."""
    return placement_of(await caller.ask(PLACE, input=wish(cart, key)))


def placement_of(payload: Mapping[str, Any]) -> Placement:
    """What an answer to `orderPlace` says."""
    order, payment = payload["order"], payload["payment"]
    if order is None:
        return Placement(problems=payload["userErrors"])
    return Placement(
        number=order["number"],
        total=order["total"]["amount"],
        discount=order["discountTotal"]["amount"],
        state=order["state"],
        paid=(payment["status"], payment["amount"]["amount"]) if payment else None,
        problems=payload["userErrors"],
    )


def _cart(payload: Mapping[str, Any]) -> Any:
    if payload["userErrors"]:
        raise AssertionError(f"a cart was refused: {payload['userErrors']}")
    return payload["cart"]

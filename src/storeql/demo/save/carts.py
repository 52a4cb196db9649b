"""Writes the carts that the demo's orders are made of, and one that stays open to play with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from storeql.carts.records import OPEN
from storeql.carts.tables import cart_lines, carts
from storeql.customers.address import Address, encode_address
from storeql.demo.accounts import CART_TOKEN, VOUCHER_CODE
from storeql.demo.content import Content
from storeql.demo.plan.customers import PlannedCustomer
from storeql.demo.plan.orders import PlannedOrder
from storeql.demo.save.bulk import Bulk
from storeql.demo.save.products import SavedProduct, SavedVariant
from storeql.demo.save.shop import SavedShop

FILLED_BEFORE = 9 * 60_000


class Wish(Struct, frozen=True):
    """Something of these categories for about so much."""

    categories: tuple[str, ...]
    least_minor: int


OPEN_CART = (
    (Wish(("cups",), 8_000), 2),
    (Wish(("headphones", "speakers"), 10_000), 1),
    (Wish(("tea",), 5_000), 1),
)


class NewCart(Struct, frozen=True, kw_only=True):
    """A cart that is ready to order; `lines` are (variant id, quantity)."""

    token: str
    channel: str
    customer_id: int | None
    email: str
    address: Address
    delivery: str
    payment: str
    codes: tuple[str, ...]
    lines: Sequence[tuple[int, int]]
    at: int


def cart_of(order: PlannedOrder, who: PlannedCustomer, *, customer_id: int) -> NewCart:
    """The cart an order is placed from."""
    return NewCart(
        token=order.token,
        channel="global" if order.is_abroad else "default",
        customer_id=None if order.is_guest else customer_id,
        email=who.email if order.is_guest else "",
        address=who.addresses[0],
        delivery=order.delivery,
        payment=order.payment,
        codes=(VOUCHER_CODE,) if order.uses_voucher else (),
        lines=order.lines,
        at=order.placed_at - FILLED_BEFORE,
    )


def open_cart(content: Content, goods: Sequence[SavedProduct], *, now: int) -> NewCart:
    """A guest's cart with something of each promotion, and the voucher, in it."""
    on_sale = [one for one in goods if one.is_plentiful and (one.published_at or now) < now]
    lines = {
        variant.id: quantity
        for wish, quantity in OPEN_CART
        if (variant := _found(on_sale, wish)) is not None
    }
    place = content.people.places[0]
    return NewCart(
        token=CART_TOKEN,
        channel="default",
        customer_id=None,
        email="guest@example.com",
        address=Address(
            name="访客",
            phone="+8613800000000",
            country="CN",
            region=place.region,
            city=place.city,
            district=place.districts[0],
            street=f"{content.people.streets[0]}1号",
            postal_code=place.postal_code,
        ),
        delivery="standard",
        payment="cash_on_delivery",
        codes=(VOUCHER_CODE,),
        lines=tuple(lines.items()),
        at=now,
    )


def save_carts(bulk: Bulk, new: Sequence[NewCart], *, shop: SavedShop) -> None:
    """Adds the carts with their lines."""
    ids = bulk.add(carts, [_cart_row(one, shop) for one in new])
    bulk.add(
        cart_lines,
        [
            {"cart_id": cart_id, "variant_id": variant, "quantity": quantity, "added_at": one.at}
            for cart_id, one in zip(ids, new, strict=True)
            for variant, quantity in one.lines
        ],
    )


def _found(goods: Sequence[SavedProduct], wish: Wish) -> SavedVariant | None:
    """The cheapest variant of the wish from its least price on, else the dearest below."""
    variants = [
        variant for one in goods if one.category in wish.categories for variant in one.variants
    ]
    variants.sort(key=lambda variant: (variant.price_minor, variant.id))
    dear = [variant for variant in variants if variant.price_minor >= wish.least_minor]
    return next(iter(dear or variants[-1:]), None)


def _cart_row(one: NewCart, shop: SavedShop) -> dict[str, Any]:
    return {
        "token": one.token,
        "channel_id": shop.channels[one.channel],
        "customer_id": one.customer_id,
        "email": one.email,
        "status": OPEN,
        "address": encode_address(one.address),
        "delivery_method_id": shop.deliveries[one.channel, one.delivery],
        "payment_method": one.payment,
        "codes": msgspec.json.encode(one.codes).decode(),
        "created_at": one.at,
        "updated_at": one.at,
    }

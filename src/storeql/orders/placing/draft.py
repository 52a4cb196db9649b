"""An order worked out and not written yet: every row it will have, from its cart and its price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from storeql.carts.explain import names_of
from storeql.carts.price_cart import CartPricing
from storeql.carts.records import Cart, CartLine
from storeql.customers.address import encode_address
from storeql.orders.balance import Balance, status_of
from storeql.pricing import Allocation, GiftLine, PricedLine
from storeql.pricing.price_choice import PriceSource

MOST_LINES = 1024


class DraftLine(Struct, frozen=True, kw_only=True):
    """One line of the order to be; amounts are minor units for the whole line."""

    product_id: int
    variant_id: int
    sku: str
    product_name: str
    variant_name: str
    quantity: int
    is_gift: bool
    unit_list_minor: int
    list_minor: int
    net_minor: int
    tax_minor: int
    allocations: Sequence[Allocation]
    price_source: PriceSource | None = None


class Draft(Struct, frozen=True, kw_only=True):
    """An order to be, lines in the cart's order and gifts after them."""

    cart: Cart
    email: str
    number: str
    pricing: CartPricing
    lines: Sequence[DraftLine]

    def pieces(self) -> Mapping[int, int]:
        """How many pieces of each variant leave the warehouse, gifts too."""
        wanted: Counter[int] = Counter()
        for line in self.lines:
            wanted[line.variant_id] += line.quantity
        return wanted


def draft_order(
    cart: Cart, lines: Sequence[CartLine], pricing: CartPricing, *, number: str, email: str
) -> Draft:
    """The order that the cart becomes at this price."""
    known = {str(line.id): line for line in lines}
    bought = [_bought(known[priced.line_id], priced) for priced in pricing.priced.lines]
    gifts = [_gift(gift, pricing) for gift in pricing.priced.gift_lines]
    return Draft(cart=cart, email=email, number=number, pricing=pricing, lines=bought + gifts)


def order_row(draft: Draft, *, state: str, balance: Balance, now: int) -> dict[str, Any]:
    """The row of `orders`."""
    cart, totals = draft.cart, draft.pricing.priced.totals
    address, delivery = cart.address, cart.delivery_method
    assert address is not None and delivery is not None
    return {
        "number": draft.number,
        "channel_id": cart.channel_id,
        "cart_id": cart.id,
        "customer_id": cart.customer_id,
        "email": draft.email,
        "phone": address.phone,
        "name": address.name,
        "currency": cart.currency,
        "state": state,
        "list_minor": totals.list_minor,
        "discount_minor": totals.discount_minor,
        "gift_minor": totals.gift_minor,
        "subtotal_minor": totals.subtotal_minor,
        "shipping_list_minor": totals.shipping_list_minor,
        "shipping_minor": totals.shipping_minor,
        "tax_minor": totals.tax_minor,
        "total_minor": totals.total_minor,
        **msgspec.structs.asdict(balance),
        "payment_status": status_of(totals.total_minor, balance).value,
        "address": encode_address(address),
        "delivery_method": delivery.slug,
        "delivery_name": delivery.name,
        "payment_method": cart.payment_method,
        "basket": msgspec.json.encode(draft.pricing.basket).decode(),
        "pricing": msgspec.json.encode(draft.pricing.priced).decode(),
        "search_text": _search_text(draft),
        "stacking_version": draft.pricing.basket.stacking_version,
        "placed_at": now,
        "updated_at": now,
    }


def line_rows(draft: Draft, order_id: int) -> list[dict[str, Any]]:
    """The rows of `order_lines`, numbered by their order and place."""
    return [
        {
            "id": line_id(order_id, place),
            "order_id": order_id,
            "position": place,
            "product_id": line.product_id,
            "variant_id": line.variant_id,
            "sku": line.sku,
            "product_name": line.product_name,
            "variant_name": line.variant_name,
            "quantity": line.quantity,
            "is_gift": line.is_gift,
            "unit_list_minor": line.unit_list_minor,
            "list_minor": line.list_minor,
            "discount_minor": line.list_minor - line.net_minor,
            "net_minor": line.net_minor,
            "tax_minor": line.tax_minor,
            "price_source": _source(line.price_source),
        }
        for place, line in enumerate(draft.lines)
    ]


def allocation_rows(draft: Draft, order_id: int) -> list[dict[str, Any]]:
    """The rows of `discount_allocations`, those of the delivery without a line."""
    names = names_of(draft.pricing.priced)
    shipping = draft.pricing.priced.shipping
    placed: list[tuple[int | None, Iterable[Allocation]]] = [
        (line_id(order_id, place), line.allocations) for place, line in enumerate(draft.lines)
    ]
    placed.append((None, shipping.allocations if shipping else ()))
    return [
        _allocation_row(order_id, line, allocation, names)
        for line, allocations in placed
        for allocation in allocations
    ]


def line_id(order_id: int, place: int) -> int:
    """The row number of an order's line: known before it is written, unlike a counted one."""
    return order_id * MOST_LINES + place


def _bought(line: CartLine, priced: PricedLine) -> DraftLine:
    assert line.price_minor is not None
    return DraftLine(
        product_id=line.product_id,
        variant_id=line.variant_id,
        sku=line.sku,
        product_name=line.product_name,
        variant_name=line.variant_name,
        quantity=line.quantity,
        is_gift=False,
        unit_list_minor=line.price_minor,
        list_minor=priced.list_minor,
        net_minor=priced.net_minor,
        tax_minor=priced.tax_minor,
        allocations=priced.allocations,
        price_source=line.price_source,
    )


def _source(source: PriceSource | None) -> str | None:
    return None if source is None else msgspec.json.encode(source).decode()


def _gift(gift: GiftLine, pricing: CartPricing) -> DraftLine:
    item = pricing.basket.gifts[gift.variant_id]
    return DraftLine(
        product_id=int(item.product_id),
        variant_id=int(item.variant_id),
        sku=item.sku,
        product_name=item.name,
        variant_name="",
        quantity=gift.quantity,
        is_gift=True,
        unit_list_minor=item.price_minor,
        list_minor=gift.list_minor,
        net_minor=gift.net_minor,
        tax_minor=gift.tax_minor,
        allocations=(gift.allocation,),
        price_source=item.price_source,
    )


def _allocation_row(
    order_id: int, line: int | None, allocation: Allocation, names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "order_line_id": line,
        "promotion_id": int(allocation.promotion_id),
        "promotion_version": allocation.version,
        "promotion_name": names[allocation.promotion_id],
        "lane": allocation.lane.value,
        "amount_minor": allocation.amount_minor,
        "fundings": msgspec.json.encode(allocation.funding).decode(),
        "quantity": allocation.quantity,
    }


def _search_text(draft: Draft) -> str:
    address = draft.cart.address
    assert address is not None
    texts = [draft.number, draft.email, address.phone, address.name]
    skus = dict.fromkeys(line.sku for line in draft.lines)
    return " ".join([*texts, *skus]).casefold()

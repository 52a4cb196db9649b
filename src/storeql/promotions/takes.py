"""What one order takes of each promotion that its price applies."""

from __future__ import annotations

from msgspec import Struct

from storeql.pricing import Basket, PricedCart


class GivenGift(Struct, frozen=True):
    """Units of a variant (row number) that an order was given."""

    variant_id: int
    quantity: int


class Take(Struct, frozen=True, kw_only=True):
    """One promotion's part in an order: money granted, gifts at their price, and what it gave.

    `code` is the entered code that let it apply, empty for none; `code_is_limited` tells whether
    that code has a number of uses of its own.
    """

    promotion_id: int
    amount_minor: int
    code: str = ""
    code_is_limited: bool = False
    gifts: tuple[GivenGift, ...] = ()


def takes_of(basket: Basket, priced: PricedCart) -> list[Take]:
    """One entry per promotion that granted something, ascending id."""
    gifts: dict[str, list[GivenGift]] = {}
    for line in priced.gift_lines:
        given = GivenGift(int(line.variant_id), line.quantity)
        gifts.setdefault(line.promotion_id, []).append(given)
    granted = {entry.promotion_id: entry.amount_minor for entry in priced.trace}
    took = [key for key, amount in granted.items() if amount > 0 or key in gifts]
    return [_take(basket, key, granted[key], gifts.get(key, [])) for key in sorted(took, key=int)]


def _take(basket: Basket, promotion_id: str, amount: int, gifts: list[GivenGift]) -> Take:
    codes = [code for code in basket.codes if code.promotion_id == promotion_id]
    usable = [code for code in codes if code.uses is None or code.uses > 0]
    code = usable[0] if usable else None
    return Take(
        promotion_id=int(promotion_id),
        amount_minor=amount,
        code=code.code if code else "",
        code_is_limited=code is not None and code.uses is not None,
        gifts=tuple(sorted(gifts, key=lambda gift: gift.variant_id)),
    )

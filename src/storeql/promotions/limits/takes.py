"""What one order takes of each promotion that its price applies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from storeql.pricing import Basket, EarnedVouchers, PricedCart, is_usable


class VariantUnits(Struct, frozen=True, order=True):
    """Units of a variant (row number) that an order was given, or bought at a promotion's price."""

    variant_id: int
    quantity: int


class Take(Struct, frozen=True, kw_only=True):
    """One promotion's part in an order: money granted, gifts at their price, and what it gave.

    `pieces` are the units that became cheaper, `earned` the vouchers for the next order. `code` is
    the entered code that let it apply, empty for none; `code_is_limited` tells whether that code
    has a number of uses of its own.
    """

    promotion_id: int
    amount_minor: int
    code: str = ""
    code_is_limited: bool = False
    gifts: tuple[VariantUnits, ...] = ()
    pieces: tuple[VariantUnits, ...] = ()
    earned: tuple[EarnedVouchers, ...] = ()


def takes_of(basket: Basket, priced: PricedCart) -> list[Take]:
    """One entry per promotion that granted something, ascending id."""
    gifts: dict[str, Counter[int]] = {}
    for line in priced.gift_lines:
        gifts.setdefault(line.promotion_id, Counter())[int(line.variant_id)] += line.quantity
    pieces = _pieces(priced)
    granted = {entry.promotion_id: entry.amount_minor for entry in priced.trace}
    earned = {one.promotion_id: one for one in priced.earned}
    took = [key for key, amount in granted.items() if amount > 0 or key in gifts or key in earned]
    return [
        msgspec.structs.replace(
            _take(basket, key, granted[key]),
            gifts=_units(gifts.get(key, {})),
            pieces=_units(pieces.get(key, {})),
            earned=(earned[key],) if key in earned else (),
        )
        for key in sorted(took, key=int)
    ]


def _pieces(priced: PricedCart) -> dict[str, Counter[int]]:
    pieces: dict[str, Counter[int]] = {}
    for line in priced.lines:
        for one in line.allocations:
            pieces.setdefault(one.promotion_id, Counter())[int(line.variant_id)] += one.quantity
    return pieces


def _units(counts: Mapping[int, int]) -> tuple[VariantUnits, ...]:
    return tuple(VariantUnits(key, counts[key]) for key in sorted(counts))


def _take(basket: Basket, promotion_id: str, amount: int) -> Take:
    codes = [code for code in basket.codes if code.promotion_id == promotion_id]
    usable = [code for code in codes if is_usable(code, basket)]
    code = usable[0] if usable else None
    return Take(
        promotion_id=int(promotion_id),
        amount_minor=amount,
        code=code.code if code else "",
        code_is_limited=code is not None and code.uses is not None,
    )

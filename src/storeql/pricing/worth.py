"""What a proposal saves on the units it was made for, and whether it makes sense at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storeql.pricing.lane import Lane
from storeql.pricing.proposal import (
    Discount,
    Gifts,
    GiftUnits,
    Missed,
    Proposal,
    SetPrice,
    SetPrices,
    ShippingDiscount,
    UnitPrice,
    UnitPrices,
    Vouchers,
)
from storeql.pricing.soundness import Nonsense, amount_of
from storeql.pricing.units import Units
from storeql.pricing.view import LaneView

KINDS: dict[Lane, tuple[type, ...]] = {
    Lane.ITEM: (UnitPrices, SetPrices, Gifts, Missed),
    Lane.ORDER: (Discount, Gifts, Vouchers, Missed),
    Lane.VOUCHER: (Discount, Gifts, Missed),
    Lane.SHIPPING: (ShippingDiscount, Missed),
}


MOST_VOUCHERS = 100


def worth(
    proposal: Proposal, units: Units, view: LaneView, stock: Mapping[str, int]
) -> tuple[int, int]:
    """What is proposed and what of it is granted if it stands alone, in minor units.

    A gift counts at its list price. Raises Nonsense for an answer that the proposal's own
    description forbids: a wrong kind or type, a negative amount, a raised price, units that were
    not offered, a gift that the basket does not hold.
    """
    if isinstance(proposal, Discount):
        room = sum(view.rooms[view.places[entry.line.id]] for entry in units.lines)
        return amount_of(proposal.amount_minor), min(proposal.amount_minor, room)
    if isinstance(proposal, UnitPrices):
        return _unit_prices(proposal, units)
    if isinstance(proposal, SetPrices):
        return _set_prices(proposal, units, view)
    if isinstance(proposal, Gifts):
        return _gifts(proposal, view, stock)
    if isinstance(proposal, Vouchers):
        _check_vouchers(proposal)
        return 0, 0
    price = view.basket.delivery.price_minor if view.basket.delivery else 0
    return amount_of(proposal.amount_minor), min(proposal.amount_minor, price)


def _check_vouchers(proposal: Vouchers) -> None:
    key, days = proposal.promotion_id, proposal.valid_days
    if type(key) is not str or not key:
        raise Nonsense(f"{key!r} is not the id of a promotion")
    if amount_of(proposal.quantity) > MOST_VOUCHERS:
        raise Nonsense(f"{proposal.quantity} vouchers are more than {MOST_VOUCHERS}")
    if days is not None and not amount_of(days):
        raise Nonsense("a voucher that is valid for no day")


def check_kind(answer: object, lane: Lane) -> None:
    """Raises Nonsense for an answer that this lane does not take."""
    if type(answer) not in KINDS[lane]:
        raise Nonsense(f"a {type(answer).__name__} is not an answer in the lane {lane.value}")


def gift_quantity(gift: GiftUnits, stock: Mapping[str, int]) -> int:
    """The units of a gift that its stock still holds."""
    return max(0, min(gift.quantity, stock.get(gift.variant_id, gift.quantity)))


def _unit_prices(proposal: UnitPrices, units: Units) -> tuple[int, int]:
    offered = {entry.line.id: entry for entry in units.lines}
    left = {entry.line.id: entry.quantity for entry in units.lines}
    proposed = granted = 0
    for named in proposal.prices:
        line_id, quantity, price = _fields(named)
        _take(left, line_id, quantity)
        line = offered[line_id].line
        listed, least = line.list_minor, line.floor_minor
        if type(price) is not int or not 0 <= price <= listed:
            raise Nonsense(f"{price!r} is not a price for a unit at {listed}")
        proposed += (listed - price) * quantity
        if listed > least:
            granted += (listed - (price if price > least else least)) * quantity
    return proposed, granted


def _fields(price: UnitPrice) -> tuple[Any, Any, Any]:
    return price.line_id, price.quantity, price.price_minor


def _set_prices(proposal: SetPrices, units: Units, view: LaneView) -> tuple[int, int]:
    offered = {entry.line.id: entry.quantity for entry in units.lines}
    proposed = granted = 0
    for chosen in proposal.sets:
        for line_id, quantity in chosen.units:
            _take(offered, line_id, quantity)
        reduction = set_reduction(chosen, view)
        room = sum(count * view.unit_room(view.places[line_id]) for line_id, count in chosen.units)
        proposed += reduction
        granted += min(reduction, room)
    return proposed, granted


def set_reduction(chosen: SetPrice, view: LaneView) -> int:
    """How much less a set costs than its units do at the lane's entry."""
    before = sum(
        view.lines[view.places[line_id]].list_minor * count for line_id, count in chosen.units
    )
    if amount_of(chosen.price_minor) > before:
        raise Nonsense(f"{chosen.price_minor} is not a price for units at {before}")
    return before - chosen.price_minor


def _take(offered: dict[str, int], line_id: str, quantity: int) -> None:
    left = offered.get(line_id)
    if type(quantity) is not int or quantity < 1 or left is None or quantity > left:
        raise Nonsense(f"{quantity!r} units of line {line_id!r} were not offered")
    offered[line_id] = left - quantity


def _gifts(proposal: Gifts, view: LaneView, stock: Mapping[str, int]) -> tuple[int, int]:
    proposed = granted = 0
    for gift in proposal.units:
        item = view.basket.gifts.get(gift.variant_id)
        if item is None:
            raise Nonsense(f"the basket holds no gift {gift.variant_id!r}")
        if amount_of(gift.unit_price_minor) > item.price_minor or amount_of(gift.quantity) < 1:
            raise Nonsense(f"{gift!r} is not a gift or an add-on")
        saving = item.price_minor - gift.unit_price_minor
        proposed += saving * gift.quantity
        granted += saving * gift_quantity(gift, stock)
    return proposed, granted

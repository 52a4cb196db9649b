"""What every lane took off every line, written down as it is granted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storeql.pricing.basket import Basket, Line
from storeql.pricing.grant import GivenUnits, Grant, Granted
from storeql.pricing.lane import Lane
from storeql.pricing.money import BASIS_POINTS, allocate
from storeql.pricing.priced import (
    Allocation,
    Funding,
    GiftLine,
    PricedLine,
    PricedShipping,
    Totals,
    UnitAmount,
)
from storeql.pricing.promotion import Promotion
from storeql.pricing.tax import tax_of
from storeql.pricing.view import LaneView, sizes_of


class Ledger:
    """Amount and room of each line between lanes, in ascending line id, with its allocations."""

    def __init__(self, basket: Basket, lines: Sequence[Line]) -> None:
        self._basket = basket
        self._lines = lines
        self._places = {line.id: place for place, line in enumerate(lines)}
        self._sizes = sizes_of(lines)
        self._amounts = list(self._sizes.listed)
        self._rooms = [max(0, line.list_minor - line.floor_minor) * line.quantity for line in lines]
        self._units: dict[int, tuple[UnitAmount, ...]] = {}
        self._allocations: dict[int, tuple[Allocation, ...]] = {}
        self._gifts: list[GiftLine] = []
        self._shipping: list[Allocation] = []

    def view(self, lane: Lane) -> LaneView:
        """The basket as this lane finds it."""
        basket, lines, sizes = self._basket, self._lines, self._sizes
        return LaneView(basket, lane, lines, self._amounts, self._rooms, self._places, sizes)

    def book(self, lane: Lane, granted: Granted) -> None:
        """Writes down what a lane granted."""
        self._amounts, self._rooms = list(self._amounts), list(self._rooms)
        self._units.update(granted.units)
        for grant in granted.grants:
            self._book(lane, grant)

    def _book(self, lane: Lane, grant: Grant) -> None:
        promotion, quantities = grant.offer.promotion, grant.quantities
        amounts, rooms, allocations = self._amounts, self._rooms, self._allocations
        for place, amount in grant.amounts.items():
            if not amount:
                continue
            quantity = quantities.get(place, 0)
            allocation = allocation_of(promotion, lane, amount, quantity=quantity)
            if lane is Lane.SHIPPING:
                self._shipping.append(allocation)
                continue
            known = allocations.get(place)
            allocations[place] = (allocation,) if known is None else (*known, allocation)
            amounts[place] -= amount
            rooms[place] -= amount
        for given in grant.gifts:
            self._gifts.append(self._gift_line(promotion, lane, given))

    def _gift_line(self, promotion: Promotion, lane: Lane, given: GivenUnits) -> GiftLine:
        item, quantity = given.item, given.quantity
        net = given.unit_price_minor * quantity
        listed = item.price_minor * quantity
        return GiftLine(
            promotion_id=promotion.id,
            variant_id=item.variant_id,
            quantity=quantity,
            list_minor=listed,
            allocation=allocation_of(promotion, lane, listed - net, quantity=quantity),
            net_minor=net,
            tax_minor=self._tax(net, item.tax_basis_points),
            cost_minor=None if item.cost_minor is None else item.cost_minor * quantity,
        )

    def lines(self) -> tuple[PricedLine, ...]:
        """The basket's lines in the basket's order."""
        places = self._places
        return tuple([self._line(line, places[line.id]) for line in self._basket.lines])

    def _line(self, line: Line, place: int) -> PricedLine:
        net, units = self._amounts[place], self._units.get(place)
        return PricedLine(
            line_id=line.id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            list_minor=self._sizes.listed[place],
            allocations=self._allocations.get(place, ()),
            net_minor=net,
            tax_minor=self._tax(net, line.tax_basis_points),
            units=units or (UnitAmount(line.quantity, line.list_minor),),
        )

    def gift_lines(self) -> tuple[GiftLine, ...]:
        """The units that promotions added, in the order they were granted."""
        return tuple(self._gifts)

    def shipping(self) -> PricedShipping | None:
        """The delivery price after its discounts; None while no delivery is chosen."""
        delivery = self._basket.delivery
        if delivery is None:
            return None
        net = delivery.price_minor - sum(a.amount_minor for a in self._shipping)
        return PricedShipping(
            method=delivery.method,
            list_minor=delivery.price_minor,
            allocations=tuple(self._shipping),
            net_minor=net,
            tax_minor=self._tax(net, delivery.tax_basis_points),
        )

    def totals(
        self,
        lines: Iterable[PricedLine],
        gifts: Sequence[GiftLine],
        shipping: PricedShipping | None,
    ) -> Totals:
        """The sums over what the ledger has answered."""
        listed = net = tax = 0
        for line in lines:
            listed += line.list_minor
            net += line.net_minor
            tax += line.tax_minor
        added = sum(gift.net_minor for gift in gifts)
        delivery = shipping.net_minor if shipping else 0
        delivery_list = shipping.list_minor if shipping else 0
        tax += sum(gift.tax_minor for gift in gifts) + (shipping.tax_minor if shipping else 0)
        on_top = 0 if self._basket.prices_include_tax else tax
        return Totals(
            list_minor=listed,
            discount_minor=listed - net,
            subtotal_minor=net + added,
            shipping_list_minor=delivery_list,
            shipping_discount_minor=delivery_list - delivery,
            shipping_minor=delivery,
            tax_minor=tax,
            total_minor=net + added + delivery + on_top,
            gift_minor=sum(gift.list_minor - gift.net_minor for gift in gifts),
        )

    def _tax(self, net: int, basis_points: int) -> int:
        return tax_of(net, basis_points, included=self._basket.prices_include_tax)


def allocation_of(
    promotion: Promotion, lane: Lane, amount_minor: int, *, quantity: int
) -> Allocation:
    """The amount as an allocation, split among the promotion's funders by largest remainder."""
    funders = promotion.funders
    if len(funders) == 1 and funders[0].basis_points == BASIS_POINTS:
        funding: tuple[Funding, ...] = (Funding(funders[0].funder, amount_minor),)
    else:
        parts = allocate(amount_minor, [share.basis_points for share in funders])
        names = [share.funder for share in funders]
        funding = tuple(map(Funding, names, parts))
    return Allocation(
        promotion_id=promotion.id,
        version=promotion.version,
        lane=lane,
        amount_minor=amount_minor,
        funding=funding,
        quantity=quantity,
    )

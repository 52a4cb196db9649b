"""Properties of a kind's own answers, whatever the engine would make of them."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterator

import msgspec

from storeql.pricing import (
    Ceiling,
    Discount,
    Gifts,
    Lane,
    Missed,
    Proposal,
    SetPrices,
    ShippingDiscount,
    UnitPrices,
    Units,
)
from storeql.pricing.soundness import Nonsense
from storeql.testing.asking import answer, restricted, saving
from storeql.testing.case import Case, fault, listed

NO_UNITS = Units.of(())


def never_raises(case: Case) -> None:
    """It answers whatever it is offered, on any valid basket, with or without plugins' facts."""
    without_facts = msgspec.structs.replace(case.basket, facts={})
    for basket in (case.basket, without_facts):
        for units in case.selections:
            _answered(case, units, basket)


def answers_make_sense(case: Case) -> None:
    """It answers what its lane takes, in whole minor units, about units that were offered."""
    for units in case.selections:
        try:
            saving(case.promotion, units, case.basket)
        except Nonsense as error:
            raise fault(
                case, f"its answer makes no sense: {error}. It was offered {listed(units.lines)}"
            ) from error


def no_part_exceeds_the_offer(case: Case) -> None:
    """The units it prices are among those it was offered, no more of a line than there are."""
    for units in case.selections:
        offered = Counter({entry.line.id: entry.quantity for entry in units})
        for line_id, quantity in _priced_units(answer(case.promotion, units, case.basket)):
            offered[line_id] -= quantity
            if quantity < 1 or offered[line_id] < 0:
                raise fault(
                    case,
                    f"parts do not sum to the whole: it prices more of line {line_id} than it was "
                    f"offered ({listed(units.lines)})",
                )


def no_amount_below_zero(case: Case) -> None:
    """No price and no discount it proposes is negative."""
    for units in case.selections:
        for amount in _amounts(answer(case.promotion, units, case.basket)):
            if amount < 0:
                raise fault(case, f"it proposes {amount}, which is below zero")


def answers_alike(case: Case) -> None:
    """Asked twice, it answers the same, and it changes nothing that it is given."""
    before = msgspec.json.encode((case.promotion.rule, case.basket))
    for units in case.selections:
        first, second = (answer(case.promotion, units, case.basket) for _ in range(2))
        if first != second:
            raise fault(case, f"it is not deterministic: first {first!r}, then {second!r}")
    if msgspec.json.encode((case.promotion.rule, case.basket)) != before:
        raise fault(case, "it changed its rule or the basket it was given")


def is_safe_without_units(case: Case) -> None:
    """Offered nothing, it does not raise."""
    _answered(case, NO_UNITS, msgspec.structs.replace(case.basket, lines=()))


def looks_at_its_units_only(case: Case) -> None:
    """It answers the same whether or not the basket has other lines."""
    for units in case.selections:
        alone = answer(case.promotion, units, restricted(case.basket, units))
        among = answer(case.promotion, units, case.basket)
        if alone != among:
            raise fault(
                case,
                f"a line outside its scope changes its answer: offered {listed(units.lines)}, it "
                f"says {among!r}, and {alone!r} where the basket has nothing else",
            )


def is_monotone(case: Case) -> None:
    """Fewer units never save more, unless it is declared all_or_nothing.

    In the ITEM lane floors are left aside: a kind that picks units may pick one with a floor, and
    the engine sees to it.
    """
    if case.kind.all_or_nothing:
        return
    units = case.selections
    savings = [saving(case.promotion, one, case.basket) for one in units]
    by_unit = case.kind.lane is Lane.ITEM
    amounts = [one.proposed if by_unit else one.granted for one in savings]
    for more, less in ((1, 2), *((0, place) for place in range(1, len(units)))):
        if amounts[less] > amounts[more]:
            raise fault(
                case,
                f"it is not monotone: {listed(units[less].lines)} saves {amounts[less]}, but "
                f"{listed(units[more].lines)} only {amounts[more]}",
            )


def is_per_unit_as_declared(case: Case) -> None:
    """Declared per_unit, it prices all of a line or none of it, and each unit by itself."""
    if not case.kind.per_unit:
        return
    if case.kind.all_or_nothing:
        raise fault(case, "it is declared both per_unit and all_or_nothing")
    by_selection = [_unit_prices(case, units) for units in case.selections]
    for place, units in enumerate(case.selections):
        for entry in units:
            price, first = (
                by_selection[at].get(entry.line.id, entry.line.list_minor) for at in (place, 0)
            )
            if price != first:
                raise fault(
                    case,
                    f"it is declared per_unit, but a unit of line {entry.line.id} costs {price} "
                    f"or {first}, depending on the other units",
                )


def keeps_its_ceiling(case: Case) -> None:
    """No units save more than the ceiling it declares, and none below what the ceiling needs."""
    if case.kind.ceiling is None:
        return
    everything = case.selections[0]
    ceiling = case.kind.ceiling(case.promotion.rule, everything, case.basket)
    for units in case.selections:
        found, most = saving(case.promotion, units, case.basket).granted, _most(ceiling, units)
        if found > most:
            raise fault(
                case,
                f"it breaks its ceiling: {listed(units.lines)} saves {found}, and {ceiling!r} "
                f"allows {most}",
            )


def _answered(case: Case, units: Units, basket: object) -> None:
    try:
        case.kind.propose(case.promotion.rule, units, basket)  # type: ignore[arg-type]
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise fault(
            case,
            f"it raises {type(error).__name__}: {error} ({place.name}, line {place.lineno}) when "
            f"it is offered {listed(units.lines)}",
        ) from error


def _priced_units(found: Proposal | Missed) -> Iterator[tuple[str, int]]:
    if isinstance(found, UnitPrices):
        yield from ((price.line_id, price.quantity) for price in found.prices)
    elif isinstance(found, SetPrices):
        yield from (part for chosen in found.sets for part in chosen.units)


def _amounts(found: Proposal | Missed) -> Iterator[int]:
    if isinstance(found, UnitPrices):
        yield from (price.price_minor for price in found.prices)
    elif isinstance(found, SetPrices):
        yield from (chosen.price_minor for chosen in found.sets)
    elif isinstance(found, Gifts):
        yield from (gift.unit_price_minor for gift in found.units)
    elif isinstance(found, Discount | ShippingDiscount):
        yield found.amount_minor


def _unit_prices(case: Case, units: Units) -> dict[str, int]:
    found = answer(case.promotion, units, case.basket)
    if isinstance(found, Missed):
        return {}
    offered = {entry.line.id: entry.quantity for entry in units}
    if not isinstance(found, UnitPrices) or any(
        price.quantity != offered.get(price.line_id) for price in found.prices
    ):
        raise fault(case, "it is declared per_unit, but prices only some units of a line")
    return {price.line_id: price.price_minor for price in found.prices}


def _most(ceiling: Ceiling, units: Units) -> int:
    amount = units.list_minor if ceiling.on_list_prices else units.amount_minor
    if amount < ceiling.needs_minor or units.quantity < ceiling.needs_quantity:
        return 0
    return -(-ceiling.rate_numerator * amount // ceiling.rate_denominator)

"""Properties of the prices that the engine makes with a kind of promotion."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from storeql.pricing import (
    Basket,
    Lane,
    Outcome,
    PricedCart,
    PricedLine,
    price,
)
from storeql.testing.case import Case, fault


def is_never_left_out(case: Case) -> None:
    """The engine never has to drop it, alone or beside a rival."""
    for promotions in ((case.promotion,), (case.promotion, case.rival)):
        for entry in price(case.basket, promotions).trace:
            if entry.outcome is Outcome.FAILED:
                raise fault(case, f"the engine left it out: {entry.error}")


def parts_sum_to_the_whole(case: Case) -> None:
    """Allocations, units, funders and totals add up to the unit, and to what the trace says."""
    priced = price(case.basket, (case.promotion,))
    for line in priced.lines:
        _line_adds_up(case, line)
    totals = priced.totals
    _equal(case, "discount", totals.discount_minor, _taken_off(priced))
    _equal(case, "net of lines", sum(line.net_minor for line in priced.lines), _net(priced))
    given = sum(gift.list_minor - gift.net_minor for gift in priced.gift_lines)
    granted = totals.discount_minor + totals.shipping_discount_minor + given
    _equal(case, "trace", sum(entry.amount_minor for entry in priced.trace), granted)


def nothing_goes_below_its_floor(case: Case) -> None:
    """No unit falls below zero or its floor, no total below zero."""
    priced = price(case.basket, (case.promotion, case.rival))
    floors = {line.id: min(line.floor_minor, line.list_minor) for line in case.basket.lines}
    for line in priced.lines:
        if line.net_minor < floors[line.line_id] * line.quantity:
            raise fault(case, f"line {line.line_id} falls below its floor: {line.net_minor}")
        if any(unit.unit_minor < floors[line.line_id] for unit in line.units):
            raise fault(case, f"a unit of line {line.line_id} falls below its floor")
    if min(priced.totals.total_minor, priced.totals.shipping_minor) < 0:
        raise fault(case, f"a total is below zero: {priced.totals!r}")


def is_deterministic(case: Case) -> None:
    """The same basket has the same price and the same trace, however often it is priced."""
    first, second = (price(case.basket, (case.promotion, case.rival)) for _ in range(2))
    if first != second:
        raise fault(case, "it is not deterministic: the same basket was priced differently")


def order_does_not_matter(case: Case) -> None:
    """Neither the order of lines nor that in which promotions were registered changes a price."""
    turned = replace(case.basket, lines=case.basket.lines[::-1])
    first = price(case.basket, (case.promotion, case.rival))
    if price(case.basket, (case.rival, case.promotion)) != first:
        raise fault(case, "its price depends on the order in which promotions are registered")
    second = price(turned, (case.promotion, case.rival))
    if (second.lines[::-1], second.trace, second.totals) != (
        first.lines,
        first.trace,
        first.totals,
    ):
        raise fault(case, "its price depends on the order of the basket's lines")


def an_empty_basket_costs_nothing(case: Case) -> None:
    """A basket without lines is priced, at nothing, with nothing given."""
    priced = price(replace(case.basket, lines=()), (case.promotion,))
    if priced.totals.subtotal_minor or priced.gift_lines:
        raise fault(case, f"it grants something on an empty basket: {priced.totals!r}")


def rule_survives_json(case: Case) -> None:
    """The rule read back from its JSON is equal and prices alike."""
    rule = _read_back(case, case.promotion.rule)
    if rule != case.promotion.rule:
        raise fault(case, f"its rule does not survive JSON: it comes back as {rule!r}")
    again = replace(case.promotion, rule=rule)
    if price(case.basket, (again,)) != price(case.basket, (case.promotion,)):
        raise fault(case, "its rule prices differently after JSON")


def lines_outside_its_scope_do_not_matter(case: Case) -> None:
    """With this promotion alone, a line it is not about has no effect, and none on it."""
    inside = replace(
        case.basket,
        lines=tuple(line for line in case.basket.lines if case.promotion.scope.holds(line)),
    )
    alone, among = price(inside, (case.promotion,)), price(case.basket, (case.promotion,))
    in_scope = {line.id for line in inside.lines}
    outside = [line for line in among.lines if line.line_id not in in_scope]
    if any(line.allocations for line in outside):
        raise fault(case, "it takes something off a line outside its scope")
    if tuple(line for line in among.lines if line.line_id in in_scope) != alone.lines:
        raise fault(case, "a line outside its scope changes what it grants")
    if (among.trace, among.gift_lines) != (alone.trace, alone.gift_lines):
        raise fault(case, "a line outside its scope changes what it gives or says")


def replay_gives_the_stored_price(case: Case) -> None:
    """Basket and rule, read back from the JSON stored with an order, give its price again."""
    stored = msgspec.json.encode(case.basket)
    before = price(case.basket, (case.promotion,))
    basket = msgspec.json.decode(stored, type=Basket)
    rule = _read_back(case, case.promotion.rule)
    after = price(basket, (replace(case.promotion, rule=rule),))
    if msgspec.json.encode(after) != msgspec.json.encode(before):
        failed = "".join(f": {entry.error}" for entry in after.trace if entry.error)
        raise fault(case, f"a replay from the stored basket gives another price{failed}")


def _read_back(case: Case, rule: Struct) -> Struct:
    try:
        read: Struct = msgspec.json.decode(msgspec.json.encode(rule), type=case.kind.Rule)
    except Exception as error:
        raise fault(case, f"its rule does not survive JSON: {error}") from error
    return read


def _line_adds_up(case: Case, line: PricedLine) -> None:
    off = sum(allocation.amount_minor for allocation in line.allocations)
    _equal(case, f"line {line.line_id}", line.list_minor - off, line.net_minor)
    _equal(case, f"line {line.line_id}", sum(u.quantity for u in line.units), line.quantity)
    by_unit = sum(unit.quantity * unit.unit_minor for unit in line.units)
    item = sum(a.amount_minor for a in line.allocations if a.lane is Lane.ITEM)
    _equal(case, f"units of line {line.line_id}", by_unit, line.list_minor - item)
    for allocation in line.allocations:
        funded = sum(part.amount_minor for part in allocation.funding)
        _equal(case, f"funders of line {line.line_id}", funded, allocation.amount_minor)


def _taken_off(priced: PricedCart) -> int:
    return sum(a.amount_minor for line in priced.lines for a in line.allocations)


def _net(priced: PricedCart) -> int:
    return priced.totals.list_minor - priced.totals.discount_minor


def _equal(case: Case, what: str, parts: int, whole: int) -> None:
    if parts != whole:
        raise fault(case, f"parts do not sum to the whole: {what}, {parts} instead of {whole}")

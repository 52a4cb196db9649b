"""How much a kind is asked and how much work an answer is, counted and not timed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace as remade
from types import FrameType
from typing import Any

from msgspec.structs import replace

from storeql.pricing import NODE_CAP, Basket, Line, Promotion, UnitLine, Units, price
from storeql.testing.case import Case, fault

FEW_LINES, MANY_LINES = 8, 64
MOST_ASKS = 2 * NODE_CAP
ALLOWANCE = 300
"""Steps that an answer may take whatever the number of lines."""


def is_asked_a_bounded_number_of_times(case: Case) -> None:
    """In competition for many lines, it is asked as often as the search allows and no more."""
    basket = _grown(case.basket, MANY_LINES)
    for rivals in ((), (case.rival,)):
        asked = _Asked(case.promotion)
        price(basket, (asked.promotion, *rivals))
        if asked.times > MOST_ASKS:
            raise fault(case, f"it was asked {asked.times} times for {MANY_LINES} lines")


def its_work_grows_with_its_lines(case: Case) -> None:
    """An answer about eight times the lines takes about eight times the steps, not sixty-four."""
    few, many = (_steps(case, lines) for lines in (FEW_LINES, MANY_LINES))
    if many > 2 * few * MANY_LINES // FEW_LINES + ALLOWANCE:
        raise fault(
            case,
            f"its work is not bounded in lines: {few} steps for {FEW_LINES} lines, {many} for "
            f"{MANY_LINES}",
        )


class _Asked:
    """A promotion that counts how often its kind is asked."""

    def __init__(self, promotion: Promotion) -> None:
        self.times = 0
        self._propose = promotion.type.propose
        self.promotion = replace(promotion, type=remade(promotion.type, propose=self._ask))

    def _ask(self, rule: Any, units: Units, basket: Basket) -> Any:
        self.times += 1
        return self._propose(rule, units, basket)


def _grown(basket: Basket, count: int) -> Basket:
    """The basket's lines over and over, until there are so many."""
    lines = basket.lines
    return replace(
        basket,
        lines=tuple(replace(lines[i % len(lines)], id=f"{i + 1:04}") for i in range(count)),
    )


def _steps(case: Case, count: int) -> int:
    """Lines of Python that run while the kind answers about so many lines of the basket."""
    basket = _grown(case.basket, count)
    units = Units.of(tuple(_entries(basket.lines)))
    counter = _Steps()
    before = sys.gettrace()
    sys.settrace(counter.called)
    try:
        case.kind.propose(case.promotion.rule, units, basket)
    finally:
        sys.settrace(before)
    return counter.steps


def _entries(lines: tuple[Line, ...]) -> Iterator[UnitLine]:
    return (UnitLine(line, line.quantity, line.list_minor * line.quantity) for line in lines)


class _Steps:
    def __init__(self) -> None:
        self.steps = 0

    def called(self, frame: FrameType, event: str, argument: Any) -> Any:
        self.steps += 1
        return self.called

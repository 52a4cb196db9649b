"""One example that the conformance kit tries a kind of promotion on, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from storeql.pricing import Basket, Line, Promotion, PromotionType, Scope, UnitLine, Units

EVERYTHING = Scope()


class Case(Struct, frozen=True, kw_only=True):
    """A promotion with a basket to price, and selections of the units it may be offered.

    `rival` is of the same kind under another rule. `offered` are the units in scope at the lane's
    entry, by line id; `some` and `fewer` are selections of them, `fewer` within `some`.
    """

    promotion: Promotion
    rival: Promotion
    basket: Basket
    offered: tuple[UnitLine, ...]
    some: tuple[UnitLine, ...]
    fewer: tuple[UnitLine, ...]

    @property
    def kind(self) -> PromotionType[Any]:
        """The kind under test."""
        return self.promotion.type

    @property
    def selections(self) -> tuple[Units, ...]:
        """Everything in scope, some of it, less, each line alone, and all lines but one.

        The engine may offer any of them in one pricing; each is a part of the first.
        """
        alone = [(entry,) for entry in self.offered]
        without = [
            (*self.offered[:place], *self.offered[place + 1 :])
            for place in range(len(self.offered))
        ]
        return tuple(
            Units.of(lines) for lines in (self.offered, self.some, self.fewer, *alone, *without)
        )

    def __repr__(self) -> str:
        return "the basket above"


class Unfit(AssertionError):
    """A kind of promotion that breaks a property; the message shows the smallest basket found."""


def fault(case: Case, what: str) -> Unfit:
    """The failure, told with its rule and its basket."""
    told = "\n  ".join(_told(case))
    return Unfit(f"{case.kind.key}: {what}\n  {told}")


def listed(lines: Sequence[UnitLine]) -> str:
    """Units as text: how many of which line, and what they cost at the lane's entry."""
    return ", ".join(f"{n} of line {line.id} for {minor}" for line, n, minor in lines) or "nothing"


def _told(case: Case) -> Iterator[str]:
    yield f"rule: {case.promotion.rule!r}"
    yield from told_basket(case.basket, case.promotion.scope)


TOLD = (
    *("buyer", "delivery", "codes", "gifts", "gift_choices", "add_on_choices"),
    *("remaining", "facts"),
)


def told_basket(basket: Basket, scope: Scope = EVERYTHING) -> Iterator[str]:
    """The basket, a line of text for each thing in it that says something."""
    yield f"basket: {basket.currency}, {basket.channel}, at {basket.at.isoformat()}"
    for line in basket.lines:
        yield f"line {line.id}: {_line(line)}{'' if scope.holds(line) else ', out of scope'}"
    for name in TOLD:
        value = getattr(basket, name)
        if value and value != _DEFAULTS.get(name):
            yield f"{name}: {value!r}"


def _line(line: Line) -> str:
    floor = f", floor {line.floor_minor}" if line.floor_minor else ""
    return f"{line.quantity} of variant {line.variant_id} at {line.list_minor}{floor}"


_DEFAULTS: dict[str, Any] = dict(
    zip(
        Basket.__struct_fields__[-len(Basket.__struct_defaults__) :],
        Basket.__struct_defaults__,
        strict=True,
    )
)

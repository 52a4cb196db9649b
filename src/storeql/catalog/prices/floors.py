"""Floors: what a unit may not cost less than; of several rules the most specific one holds.

Of all rules about a line the most specific one holds: a product's before a category's (the deeper
category first), a category's before the whole shop's, and at the same place one for the channel
before one for all channels. A rule by cost is passed over for a variant whose cost is not known.
Of two equally specific rules (a product in two categories) the higher floor holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from storeql.catalog.prices.tables import price_floors
from storeql.catalog.tables import categories
from storeql.db import Connection, any_of, statement
from storeql.pricing import BASIS_POINTS, Line

PRODUCT_DEPTH = 1_000
"""Deeper than any category."""

_floor = price_floors.c
_path = categories.c.path
_ANY = statement(select(exists(select(_floor.id))))

# What a read of the rules that can be about some lines is made of; `rule_of_row` takes its rows.
RULE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _floor.product_id,
    _floor.category_id,
    _floor.channel_id,
    _floor.price_minor,
    _floor.margin_basis_points,
    func.length(_path) - func.length(func.replace(_path, "/", "")) - 1,
)
RULES = price_floors.outerjoin(categories, categories.c.id == _floor.category_id)
ABOUT_LINES: tuple[ColumnElement[bool], ...] = (
    or_(_floor.channel_id.is_(None), _floor.channel_id == bindparam("channel_id")),
    or_(
        any_of(_floor.product_id, "product_ids"),
        any_of(_floor.category_id, "category_ids"),
        and_(_floor.product_id.is_(None), _floor.category_id.is_(None)),
    ),
)
_ABOUT = statement(select(*RULE_COLUMNS).select_from(RULES).where(*ABOUT_LINES))


class Basis(Enum):
    """What a floor is reckoned from: an amount, or the variant's cost and a margin on it."""

    PRICE = "PRICE"
    COST = "COST"


class FloorRule(Struct, frozen=True, kw_only=True):
    """One rule: about a product, a category with all below it, or everything; for a channel or all.

    `price_minor` belongs to PRICE; `margin_basis_points` is put on the cost. `depth` is how far
    down the tree its category lies, 0 for the whole shop. `id` is its row number, where it is read.
    """

    basis: Basis
    price_minor: int = 0
    margin_basis_points: int = 0
    product_id: int | None = None
    category_id: int | None = None
    channel_id: int | None = None
    depth: int = 0
    id: int = 0

    @property
    def rank(self) -> tuple[int, bool]:
        """Higher for the more specific rule."""
        place = self.depth if self.product_id is None else PRODUCT_DEPTH
        return (place, self.channel_id is not None)

    def floor_minor(self, line: Line) -> int | None:
        """The floor of one unit, a fraction rounded up; None where the cost is not known."""
        if self.basis is Basis.PRICE:
            return self.price_minor
        if line.cost_minor is None:
            return None
        return -(-line.cost_minor * (BASIS_POINTS + self.margin_basis_points) // BASIS_POINTS)

    def is_about(self, line: Line) -> bool:
        """True if the line is in its place."""
        if self.product_id is not None:
            return line.product_id == str(self.product_id)
        return self.category_id is None or str(self.category_id) in line.category_ids


def has_floors(connection: Connection) -> bool:
    """Whether the shop has any rule."""
    return bool(connection.scalar(_ANY))


def floor_params(lines: Sequence[Line], *, channel_id: int) -> dict[str, Any]:
    """What `ABOUT_LINES` asks for, for these lines."""
    return {
        "channel_id": channel_id,
        "product_ids": sorted({int(line.product_id) for line in lines}),
        "category_ids": sorted({int(key) for line in lines for key in line.category_ids}),
    }


def floors_for(
    connection: Connection, lines: Sequence[Line], *, channel_id: int
) -> Mapping[str, int]:
    """The floor of one unit by line id, without those that have none: one statement.

    Baskets read theirs together with what is left of limits, see `remaining`.
    """
    rows = connection.rows(_ABOUT, **floor_params(lines, channel_id=channel_id))
    return floors_of(lines, [rule_of_row(*row) for row in rows])


def floors_of(lines: Iterable[Line], rules: Sequence[FloorRule]) -> Mapping[str, int]:
    """The floor of one unit by line id, without those that have none."""
    if not rules:
        return {}
    floors = {line.id: floor_of(line, rules) for line in lines}
    return {key: floor for key, floor in floors.items() if floor}


def floor_of(line: Line, rules: Iterable[FloorRule]) -> int:
    """What a unit of the line may not go below; 0 without a rule that tells."""
    told = [
        (rule.rank, floor)
        for rule in rules
        if rule.is_about(line) and (floor := rule.floor_minor(line)) is not None
    ]
    return max(told)[1] if told else 0


def rule_of_row(
    product_id: int | None,
    category_id: int | None,
    channel_id: int | None,
    price_minor: int | None,
    margin_basis_points: int,
    depth: int | None,
) -> FloorRule:
    """The rule of a row of `RULE_COLUMNS`: one without an amount is by cost."""
    return FloorRule(
        basis=Basis.COST if price_minor is None else Basis.PRICE,
        price_minor=price_minor or 0,
        margin_basis_points=margin_basis_points,
        product_id=product_id,
        category_id=category_id,
        channel_id=channel_id,
        depth=depth or 0,
    )

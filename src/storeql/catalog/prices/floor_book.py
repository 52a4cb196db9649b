"""The floors that prices are set against, for products there are and for new ones.

A price keeps to the most specific rule (see floors.py). Where no rule tells, it keeps to the
variant's cost, if that is known: selling below it is refused unless somebody says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import or_, select

from storeql.catalog.prices.floors import RULE_COLUMNS, RULES, FloorRule, rule_of_row
from storeql.catalog.prices.goods import ids_in
from storeql.catalog.prices.tables import price_floors
from storeql.catalog.tables import categories
from storeql.db import Connection, any_of, statement
from storeql.pricing import Line

_floor = price_floors.c
_RULES = statement(
    select(_floor.id, *RULE_COLUMNS)
    .select_from(RULES)
    .where(or_(_floor.product_id.is_(None), any_of(_floor.product_id, "product_ids")))
    .order_by(_floor.id)
)
_PATHS = statement(select(categories.c.id, categories.c.path))


class Floor(Struct, frozen=True):
    """What a unit may not cost less than; `rule_id` None where it is the cost alone."""

    minor: int
    rule_id: int | None


class FloorBook(Struct, frozen=True, kw_only=True):
    """The rules about some products and about categories and the shop; `paths` are of categories.

    Empty paths mean that no rule is about a category.
    """

    rules: Sequence[FloorRule]
    paths: Mapping[int, str]

    def floor(
        self,
        *,
        product_id: int | None,
        category_ids: Iterable[int],
        channel_id: int,
        cost_minor: int | None,
    ) -> Floor | None:
        """The floor of a variant; `category_ids` are those it stands in directly."""
        line = Line(
            id="",
            product_id=str(product_id or 0),
            variant_id="",
            quantity=1,
            list_minor=0,
            cost_minor=cost_minor,
            category_ids=ids_in(" ".join(self.paths.get(row, "") for row in category_ids)),
        )
        told = [
            (rule.rank, minor, rule.id)
            for rule in self.rules
            if rule.channel_id in (None, channel_id)
            and rule.is_about(line)
            and (minor := rule.floor_minor(line)) is not None
        ]
        if told:
            return Floor(*max(told)[1:])
        return None if cost_minor is None else Floor(cost_minor, None)


def floor_book(connection: Connection, product_ids: Iterable[int]) -> FloorBook:
    """The floors about these products and whatever is new: two statements at most."""
    rows = connection.rows(_RULES, product_ids=sorted(set(product_ids)))
    rules = [replace(rule_of_row(*row[1:]), id=row[0]) for row in rows]
    paths: dict[int, str] = {}
    if any(rule.category_id is not None for rule in rules):
        paths = dict(connection.rows(_PATHS))
    return FloorBook(rules=rules, paths=paths)

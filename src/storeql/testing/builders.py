"""Baskets and promotions for tests, with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from storeql.pricing import Basket, Line, Promotion, PromotionType

NOON = datetime(2026, 11, 11, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday, told in the zone of the baskets that `a_basket` makes."""


def a_line(list_minor: int = 10_00, quantity: int = 1, **fields: Any) -> Line:
    """A line of `quantity` units at `list_minor` each; `fields` are fields of `Line`.

    A line without an id is numbered by its place in the basket; a variant and a product that are
    not named are called like the line.
    """
    given = {"id": "", "variant_id": "", "product_id": "", **fields}
    return Line(list_minor=list_minor, quantity=quantity, **given)


def a_basket(*lines: Line, **fields: Any) -> Basket:
    """A guest's basket in yuan at noon in Shanghai; `fields` are fields of `Basket`."""
    defaults: dict[str, Any] = {
        "channel": "web",
        "currency": "CNY",
        "at": NOON,
        "time_zone": str(fields.get("at", NOON).tzinfo),
    }
    numbered = tuple(_numbered(line, place) for place, line in enumerate(lines, start=1))
    return Basket(lines=numbered, **{**defaults, **fields})


def a_promotion(
    kind: PromotionType[Any], rule: Struct, *, id: str = "1", **fields: Any
) -> Promotion:
    """A promotion of that kind about all lines; `fields` are fields of `Promotion`."""
    defaults: dict[str, Any] = {"version": 1, "name": kind.texts.title.en}
    return Promotion(id=id, type=kind, rule=rule, **{**defaults, **fields})


def _numbered(line: Line, place: int) -> Line:
    name = line.id or str(place)
    return msgspec.structs.replace(
        line, id=name, variant_id=line.variant_id or name, product_id=line.product_id or name
    )

"""Reads the JSON tables of the demo shop into typed values, once per process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from storeql.demo.content.goods import Axis, Pair, Ware
from storeql.demo.content.people import People
from storeql.demo.content.shop import CategorySpec, Shelves, ShopSpec, TypeSpec
from storeql.demo.content.storefront import StorefrontSpec

FOLDER = Path(__file__).parent
Table = TypeVar("Table")


class Content(Struct, frozen=True, kw_only=True):
    """Everything the demo shop is put together from."""

    wares: Sequence[Ware]
    axes: Mapping[str, Axis]
    types: Sequence[TypeSpec]
    closings: Mapping[str, Sequence[Pair]]
    categories: Sequence[CategorySpec]
    shelves: Shelves
    shop: ShopSpec
    people: People
    storefront: StorefrontSpec


@lru_cache(maxsize=1)
def load_content() -> Content:
    """The content of the package; raises msgspec.ValidationError where a table is malformed."""
    return Content(
        wares=_wares(),
        axes=_read("options.json", dict[str, Axis]),
        types=_read("product_types.json", list[TypeSpec]),
        closings=_read("closings.json", dict[str, list[Pair]]),
        categories=_read("categories.json", list[CategorySpec]),
        shelves=_read("shelves.json", Shelves),
        shop=_read("shop.json", ShopSpec),
        people=_read("people.json", People),
        storefront=_read("storefront.json", StorefrontSpec),
    )


def _read(name: str, shape: type[Table]) -> Table:
    return msgspec.json.decode((FOLDER / name).read_bytes(), type=shape)


def _wares() -> list[Ware]:
    """The wares of all departments in turns, so that any few products are a mixed shop."""
    departments = [_read(f"wares/{path.name}", list[Ware]) for path in _departments()]
    longest = max(len(wares) for wares in departments)
    return [wares[place] for place in range(longest) for wares in departments if place < len(wares)]


def _departments() -> list[Path]:
    return sorted((FOLDER / "wares").glob("*.json"))

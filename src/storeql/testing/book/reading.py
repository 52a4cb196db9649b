"""Books of pricing cases: TOML files that a merchant can read, each case a basket and its price.

    kind = "NTH_PIECE"

    [offers.half]
    nthPiece.steps = [{ nth = 2, percentOff = "50" }]

    [[case]]
    name = "Every second piece at half price"
    offers = ["half"]
    basket.tea = "3 × 10.00"
    lines.tea = "25.00"
    total = "25.00"
    trace.half = "APPLIED 5.00"

Amounts are in yuan. A line is named by what it is; it has a variant and a product of that name. An
offer holds its rule under the kind's name in the API, in the API's own fields, and beside it what a
promotion may have: `priority`, `only` and `except` (names of lines), `tiers`, `group` (an exclusion
group), `stack` and `stacks_with`, `code`, `uses`, `budget`, `quota`, `gift_stock`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from storeql.hooks import load_hooks
from storeql.pricing import Basket, PricedCart, Promotion, Text, price
from storeql.promotions.types import PromotionTypes
from storeql.testing.book.baskets import basket_of
from storeql.testing.book.offers import promotion_of
from storeql.testing.book.results import Result, result_of


class BookCase(Struct, frozen=True, kw_only=True):
    """One case: what is bought under which offers, and what comes out.

    `offers` are as written, by name; `source` tells where the example was published.
    """

    name: str
    raw: Mapping[str, Any]
    offers: Mapping[str, Mapping[str, Any]]
    basket: Basket
    promotions: tuple[Promotion, ...]
    expected: Result
    source: str = ""

    def priced(self) -> PricedCart:
        """What the engine makes of it."""
        return price(self.basket, self.promotions)

    def found(self) -> Result:
        """The same in the words of the book."""
        return result_of(self.priced())


class Book(Struct, frozen=True, kw_only=True):
    """The cases of one file; `kind` is the key of the kind it is about, if it is about one.

    `arithmetic` says how the kind reckons.
    """

    path: Path
    kind: str | None
    arithmetic: Text | None
    offers: Mapping[str, Mapping[str, Any]]
    cases: tuple[BookCase, ...]


def read_book(path: Path, types: PromotionTypes | None = None) -> Book:
    """The book at this path, its rules read as a shop reads them.

    Raises ValueError with the case's name for whatever it cannot read.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    known = types or PromotionTypes(load_hooks(installed=False).promotion_types)
    arithmetic = raw.get("arithmetic")
    return Book(
        path=path,
        kind=raw.get("kind"),
        arithmetic=Text(**arithmetic) if arithmetic else None,
        offers=raw.get("offers", {}),
        cases=tuple(_cases(raw, known)),
    )


def _cases(book: Mapping[str, Any], types: PromotionTypes) -> Iterator[BookCase]:
    for raw in book["case"]:
        try:
            yield _case(raw, book.get("offers", {}), types)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{raw.get('name')}: {type(error).__name__} {error}") from error


def _case(raw: Mapping[str, Any], shared: Mapping[str, Any], types: PromotionTypes) -> BookCase:
    named = raw.get("offers", [])
    offers = {name: shared[name] for name in named} if isinstance(named, list) else named
    unknown = raw.keys() - KNOWN
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return BookCase(
        name=raw["name"],
        raw=raw,
        offers=offers,
        basket=basket_of(raw, offers),
        promotions=tuple(
            promotion_of(name, offer, types, raw.get("currency", "CNY"))
            for name, offer in offers.items()
        ),
        expected=Result(**{field: raw.get(field, {}) for field in MANY}, total=raw["total"]),
        source=raw.get("source", ""),
    )


MANY = ("lines", "gifts", "trace")
CIRCUMSTANCES = {"basket", "buyer", "delivery", "goods", "chosen", "codes", "currency", "payment"}
KNOWN = {"name", "offers", "total", "source", "why", "in_order", *MANY, *CIRCUMSTANCES}

"""Rules that name goods one by one: which entry a line goes by, and which lines they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from storeql.pricing import Line, Missed, Selection


class NamesGoods(Protocol):
    """An entry of a rule: it names variants, products (any variant of them), or both."""

    @property
    def variants(self) -> tuple[str, ...]: ...

    @property
    def products(self) -> tuple[str, ...]: ...


E = TypeVar("E", bound=NamesGoods)

NOT_NAMED = Missed(condition="scope", expected=1, found=0, shortfall=1)
"""No unit is among the goods that the rule names."""


class GoodsTable(Generic[E]):
    """Entries by the goods they name; a line goes by its variant's entry before its product's."""

    def __init__(self, entries: Sequence[E]) -> None:
        self._variants = {key: entry for entry in entries for key in entry.variants}
        self._products = {key: entry for entry in entries for key in entry.products}

    def of(self, line: Line) -> E | None:
        """The entry that this line goes by, None when it is not named."""
        return self._variants.get(line.variant_id) or self._products.get(line.product_id)


def named_goods(entries: Iterable[NamesGoods]) -> Selection:
    """The lines that any of the entries is about."""
    entries = tuple(entries)
    return Selection(
        variant_ids=frozenset(key for entry in entries for key in entry.variants),
        product_ids=frozenset(key for entry in entries for key in entry.products),
    )


def check_names(entries: Sequence[NamesGoods]) -> None:
    """Raises ValueError for an entry that names nothing, and for goods that are named twice."""
    for entry in entries:
        if not entry.variants and not entry.products:
            raise ValueError("Variants or products have to be named")
    for keys in (
        [key for entry in entries for key in entry.variants],
        [key for entry in entries for key in entry.products],
    ):
        if len(set(keys)) != len(keys):
            raise ValueError("A variant or a product is named twice")

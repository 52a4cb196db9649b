"""Which lines of a basket a promotion is about."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from storeql.pricing.basket import Line

NOTHING: frozenset[str] = frozenset()


class Selection(Struct, frozen=True, kw_only=True, dict=True):
    """Lines by any of their catalogue ids; a category id stands for its descendants too."""

    product_ids: frozenset[str] = NOTHING
    variant_ids: frozenset[str] = NOTHING
    category_ids: frozenset[str] = NOTHING
    collection_ids: frozenset[str] = NOTHING
    tag_ids: frozenset[str] = NOTHING

    @cached_property
    def named(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The fields that name any ids, with these."""
        fields = [(name, getattr(self, name)) for name in self.__struct_fields__]
        return tuple((name, ids) for name, ids in fields if ids)

    def names_anything(self) -> bool:
        """False for a selection with no ids at all."""
        return bool(self.named)

    def holds(self, line: Line) -> bool:
        """True if any id of the line is named."""
        return (
            line.product_id in self.product_ids
            or line.variant_id in self.variant_ids
            or not self.category_ids.isdisjoint(line.category_ids)
            or not self.collection_ids.isdisjoint(line.collection_ids)
            or not self.tag_ids.isdisjoint(line.tag_ids)
        )


class Scope(Struct, frozen=True, kw_only=True):
    """The lines of `include` (all lines if it names nothing) without those of `exclude`."""

    include: Selection = Selection()
    exclude: Selection = Selection()

    def holds(self, line: Line) -> bool:
        """True if the promotion is about this line."""
        if self.exclude.holds(line):
            return False
        return self.include.holds(line) or not self.include.names_anything()

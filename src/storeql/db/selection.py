"""What a query asks of a record, in the names of the record's attributes.

The schema makes it from the GraphQL document; shared resolvers read it to choose columns and
relations, so that a SELECT is issued for a relation only when somebody wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping


class Selection:
    """A tree of wanted attributes: `selection.wants("name")`, `selection.of("variants")`."""

    __slots__ = ("_children", "names")

    def __init__(self, children: Mapping[str, Selection]) -> None:
        self._children = children
        self.names = frozenset(children)

    @classmethod
    def of_names(cls, *paths: str) -> Selection:
        """A selection from dotted paths, for reads that start in code: `"variants.sku"`."""
        tree: dict[str, list[str]] = {}
        for path in paths:
            head, _, tail = path.partition(".")
            tree.setdefault(head, []).extend([tail] if tail else [])
        return cls({head: cls.of_names(*tails) for head, tails in tree.items()})

    def wants(self, *names: str) -> bool:
        """True when at least one of the attributes is asked for."""
        return any(name in self.names for name in names)

    def of(self, name: str) -> Selection:
        """What is asked below the attribute; empty when it is a leaf or not asked for."""
        return self._children.get(name, NOTHING)

    def merged(self, other: Selection) -> Selection:
        """Everything that either selection asks for."""
        if not other.names:
            return self
        if not self.names:
            return other
        return Selection(
            {
                name: self.of(name).merged(other.of(name))
                for name in dict.fromkeys((*self._children, *other._children))
            }
        )

    def columns(self, *known: str) -> tuple[bool, ...]:
        """For each known attribute whether it is wanted: the key of a planned SELECT."""
        return tuple(name in self.names for name in known)

    def __iter__(self) -> Iterator[str]:
        return iter(self._children)


NOTHING = Selection({})

"""The compiled completions of one operation, bounded, and told apart by all that shaped them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeAlias

from graphql import GraphQLOutputType
from graphql.execution.collect_fields import FieldDetailsList

from storeql.server.abstracts import Completion
from storeql.server.plan_writer import write_completion
from storeql.server.sources import Place

MOST_VARIANTS = 16
MOST_COMPLETIONS = 100

Completions: TypeAlias = dict[Hashable, Completion | None]


class Plans:
    """Completions of one operation.

    A variant is what the permissions granted and the values of @skip and @include variables make of
    the operation. Past the bounds nothing is compiled any more: an operation of so many shapes is
    not worth it.
    """

    def __init__(self, *, warm_up: int = 1) -> None:
        self._variants: dict[Hashable, Completions] = {}
        self._left_to_warm_up = warm_up

    def variant(self, key: Hashable) -> Completions | None:
        """The completions of a variant, None while (or where) compiling is not worth it.

        The first run of an operation is left to graphql-core: most texts seen once are never seen
        again, and compiling costs about a millisecond.
        """
        if self._left_to_warm_up > 0:
            self._left_to_warm_up -= 1
            return None
        completions = self._variants.get(key)
        if completions is None and len(self._variants) < MOST_VARIANTS:
            completions = self._variants.setdefault(key, {})
        return completions

    def compiled(self) -> int:
        """How many completions are written."""
        return sum(c is not None for v in self._variants.values() for c in v.values())


def completion_of(
    completions: Completions,
    return_type: GraphQLOutputType,
    place: Place,
    executor: Any,
) -> Completion | None:
    """The completion of a nullable type at a place, written at its first use."""
    key = (id(return_type), id(place.parent_type), *_identities(place.details))
    try:
        return completions[key]
    except KeyError:
        pass
    if len(completions) >= MOST_COMPLETIONS:
        return None
    return completions.setdefault(key, write_completion(return_type, place, executor))


def _identities(details: FieldDetailsList) -> list[int]:
    """All merged nodes: the same first node may come with others along another path."""
    return [id(detail.node) for detail in details]

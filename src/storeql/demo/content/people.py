"""The shapes of who buys in the demo shop, and where they live."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.demo.content.goods import Pair


class Place(Struct, frozen=True):
    """A real city with real districts; `weight` is how many customers live there."""

    region: str
    city: str
    districts: Sequence[str]
    postal_code: str
    weight: int


class Foreigner(Struct, frozen=True):
    """A customer of the channel abroad; the numbers are ones kept free for fiction."""

    name: str
    country: str
    region: str
    city: str
    street: str
    postal_code: str
    phone: str


class Group(Struct, frozen=True):
    """A customer group that one customer in `one_in` belongs to."""

    slug: str
    name: str
    one_in: int


class People(Struct, frozen=True):
    """Names (Chinese and as written in an e-mail address), places, and groups."""

    surnames: Sequence[Pair]
    given: Sequence[Pair]
    places: Sequence[Place]
    streets: Sequence[str]
    foreigners: Sequence[Foreigner]
    groups: Sequence[Group]

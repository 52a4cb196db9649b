"""The shapes of what stands around the goods: channels, types, categories, tags, collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from storeql.demo.content.goods import Pair


class ChannelSpec(Struct, frozen=True):
    """A channel to create."""

    slug: str
    name: str
    currency: str
    is_default: bool


class NamedSpec(Struct, frozen=True):
    """Anything that is only a slug and a name: a warehouse, a tag."""

    slug: str
    name: str


class DeliverySpec(Struct, frozen=True):
    """A delivery method of one channel; the price is in the channel's minor units."""

    channel: str
    slug: str
    name: str
    description: str
    price_minor: int


class ShopSpec(Struct, frozen=True):
    """The shop itself, and the words that its product names are made from."""

    channels: Sequence[ChannelSpec]
    warehouses: Sequence[NamedSpec]
    deliveries: Sequence[DeliverySpec]
    brands: Mapping[str, Sequence[Pair]]
    series: Sequence[Pair]
    editions: Sequence[Pair]


class AttributeSpec(Struct, frozen=True):
    """A typed attribute; the choices of a SELECT are gathered from the wares."""

    slug: str
    name: str
    kind: str
    required: bool = False
    filterable: bool = True
    unit: str = ""


class TypeSpec(Struct, frozen=True):
    """A product type; `brands` names its department, `cost_percent` what its goods cost."""

    slug: str
    name: str
    brands: str
    cost_percent: int
    attributes: Sequence[AttributeSpec]


class CategorySpec(Struct, frozen=True):
    """A node of the category tree; parents come before their children."""

    slug: str
    name: str
    about: str
    parent: str | None = None


class CollectionSpec(Struct, frozen=True):
    """A collection, and the codes of the wares it is picked from (all of them when empty)."""

    slug: str
    name: str
    description: str
    codes: Sequence[str]


class Shelves(Struct, frozen=True):
    """Tags and collections."""

    tags: Sequence[NamedSpec]
    collections: Sequence[CollectionSpec]

"""The kinds of events about products, their prices and their stock."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from storeql.access import Permission
from storeql.events import EventKind
from storeql.events.facts import Amount, Reference, said


class DeletedFacts(Struct, frozen=True, kw_only=True):
    """What a product was called that is gone."""

    slug: Annotated[str, said("What addresses called it.")]
    name: Annotated[str, said("Its name.")]


class PriceFacts(Struct, frozen=True, kw_only=True):
    """A price before and after, in the event's channel."""

    price_before: Annotated[Amount | None, said("The price before; null when it had none.")]
    price_after: Annotated[Amount, said("The price from now on.")]


class StockFacts(Struct, frozen=True, kw_only=True):
    """A movement as the ledger has it, in pieces."""

    warehouse_id: Annotated[int, said("The warehouse.", names=Reference.WAREHOUSE)]
    on_hand_change: Annotated[int, said("How many pieces came, or went if it is below 0.")]
    reserved_change: Annotated[int, said("How many more, or fewer, are promised to orders.")]
    reason: Annotated[str, said("Why, in the word of the ledger, such as RESERVED.")]


def _about_product(name: str, description: str, facts: type[Struct] | None = None) -> EventKind:
    return EventKind(
        name=name,
        subject="Product",
        permission=Permission.MANAGE_PRODUCTS,
        description=description,
        Facts=facts,
    )


PRODUCT_CREATED = _about_product("PRODUCT_CREATED", "A product was added.")
PRODUCT_UPDATED = _about_product(
    "PRODUCT_UPDATED", "Something of a product changed, or of its variants and their prices."
)
PRODUCT_DELETED = _about_product("PRODUCT_DELETED", "A product was deleted.", DeletedFacts)
PRODUCT_PUBLISHED = _about_product(
    "PRODUCT_PUBLISHED",
    "A product was put on sale in a channel, at once or from an instant on.",
)
PRODUCT_UNPUBLISHED = _about_product(
    "PRODUCT_UNPUBLISHED", "A product was taken down in a channel."
)
PRICE_CHANGED = EventKind(
    name="PRICE_CHANGED",
    subject="ProductVariant",
    permission=Permission.MANAGE_PRODUCTS,
    description="A variant costs something else in a channel, or has its first price there.",
    Facts=PriceFacts,
)
VARIANT_STOCK_CHANGED = EventKind(
    name="VARIANT_STOCK_CHANGED",
    subject="ProductVariant",
    permission=Permission.MANAGE_STOCK,
    description="Pieces of a variant came, went, were promised to an order or given free again.",
    Facts=StockFacts,
)

CATALOG_EVENTS = (
    PRODUCT_CREATED,
    PRODUCT_UPDATED,
    PRODUCT_DELETED,
    PRODUCT_PUBLISHED,
    PRODUCT_UNPUBLISHED,
    PRICE_CHANGED,
    VARIANT_STOCK_CHANGED,
)

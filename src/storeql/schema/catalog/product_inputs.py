"""What staff send about products, their variants and their prices."""

import strawberry

from storeql.schema.optional import defaulting, listed, needed, optional
from storeql.schema.prices.forcing import BELOW_FLOOR_REASON
from storeql.schema.scalars import DateTime, Decimal

VERSION = "The version that was read."
ANY_VERSION = "The version that was read; any when left out."
SLUG = "The name in addresses: small letters, digits, hyphens; made from the name when left out."
PRICE = "The price of one piece, in the channel's currency."
COMPARE_AT = "The price to compare with (划线价); above the price."
COST = "What one piece costs the shop."


@strawberry.input(description="A value for one attribute of the product's type.")
class AttributeValueInput:
    """A product's attribute value."""

    attribute: str = needed("The attribute's slug.")
    value: str = needed(
        "The value as text: 6.1, true, 2026-03-01, one of the choices; blank for none."
    )


@strawberry.input(description="A variant's value for one of its product's options.")
class VariantOptionInput:
    """A variant's option."""

    name: str = needed("The option, such as 颜色 Color.")
    value: str = needed("The variant's value, at most 100 characters.")


@strawberry.input(description="A price in one channel.")
class ChannelPriceInput:
    """A variant's price."""

    channel_id: strawberry.ID = needed("The channel's id.")
    price: Decimal = needed(PRICE)
    compare_at_price: Decimal | None = defaulting(None, COMPARE_AT)
    cost: Decimal | None = defaulting(None, COST)


@strawberry.input(description="What a warehouse holds of a new variant.")
class OpeningStockInput:
    """A variant's first stock."""

    warehouse_id: strawberry.ID = needed("The warehouse's id.")
    on_hand: int = needed("Pieces that are there.")


@strawberry.input(description="One thing that can be bought, with its price and its stock.")
class ProductVariantInput:
    """A new variant."""

    sku: str = needed("The stock keeping unit, unique in the shop, at most 64 characters.")
    name: str = defaulting("", "What tells it apart; made from its options when left out.")
    options: list[VariantOptionInput] = listed("One value for each option of the product.")
    prices: list[ChannelPriceInput] = needed("At least one price, one per channel.")
    stock: list[OpeningStockInput] = needed("Stock in at least one warehouse; it may be 0.")
    weight_grams: int | None = defaulting(None, "What one piece weighs, packed.")
    barcode: str | None = defaulting(None, "The number under the bars, such as an EAN-13.")


@strawberry.input(description="A new product; it is published nowhere yet.")
class ProductCreateInput:
    """A product to add."""

    product_type_id: strawberry.ID = needed("The form it follows.")
    name: str = needed("The name people see, at most 200 characters.")
    slug: str = defaulting("", SLUG)
    description: str = needed("What people read about it, at most 20,000 characters.")
    attributes: list[AttributeValueInput] = listed("Values for the attributes of its type.")
    option_names: list[str] = listed(
        "What tells its variants apart, such as 颜色 and 尺码; up to 5."
    )
    variants: list[ProductVariantInput] = needed("What can be bought of it, 1 to 100, in order.")
    category_ids: list[strawberry.ID] = listed("Where it stands in the category tree; up to 20.")
    collection_ids: list[strawberry.ID] = listed("The collections it joins at the end; up to 50.")
    tag_ids: list[strawberry.ID] = listed("The labels it carries; up to 50.")
    below_floor_reason: str = defaulting("", BELOW_FLOOR_REASON)


@strawberry.input(
    description="What to change; fields left out stay as they are, a list replaces the whole list."
)
class ProductUpdateInput:
    """A product's change."""

    id: strawberry.ID = needed("The product's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional("The name people see, at most 200 characters.")
    slug: str | None = optional("The name in addresses.")
    description: str | None = optional("What people read about it.")
    attributes: list[AttributeValueInput] | None = optional("Values for its type's attributes.")
    option_names: list[str] | None = optional("New names for its options, in the same order.")
    category_ids: list[strawberry.ID] | None = optional("Where it stands in the category tree.")
    collection_ids: list[strawberry.ID] | None = optional("The collections it is in.")
    tag_ids: list[strawberry.ID] | None = optional("The labels it carries.")


@strawberry.input(description="Which product to delete.")
class ProductDeleteInput:
    """A product to delete."""

    id: strawberry.ID = needed("The product's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A product and the channels to sell it in.")
class ProductPublishInput:
    """A product to publish."""

    id: strawberry.ID = needed("The product's id.")
    channel_ids: list[strawberry.ID] = needed("Channels in which a variant of it has a price.")
    published_at: DateTime | None = defaulting(None, "On sale from then on; at once when left out.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A product and the channels to take it down in.")
class ProductUnpublishInput:
    """A product to take down."""

    id: strawberry.ID = needed("The product's id.")
    channel_ids: list[strawberry.ID] = needed("The channels.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A new variant of a product, placed after the others.")
class ProductVariantCreateInput(ProductVariantInput):
    """A variant to add."""

    product_id: strawberry.ID = needed("The product's id.")
    below_floor_reason: str = defaulting("", BELOW_FLOOR_REASON)


@strawberry.input(description="What to change; prices and stock have mutations of their own.")
class ProductVariantUpdateInput:
    """A variant's change."""

    id: strawberry.ID = needed("The variant's id.")
    expected_version: int = needed("The variant's version that was read.")
    sku: str | None = optional("The stock keeping unit.")
    name: str | None = optional("What tells it apart; blank to make it from its options.")
    options: list[VariantOptionInput] | None = optional("One value for each option.")
    position: int | None = optional("The order within the product, ascending.")
    weight_grams: int | None = optional("What one piece weighs, packed; null for unknown.")
    barcode: str | None = optional("The number under the bars; null for none.")


@strawberry.input(description="Which variant to delete; the last one of a product stays.")
class ProductVariantDeleteInput:
    """A variant to delete."""

    id: strawberry.ID = needed("The variant's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="A variant's price in a channel; it replaces the one before.")
class VariantPriceInput:
    """A price to set."""

    variant_id: strawberry.ID = needed("The variant's id.")
    channel_id: strawberry.ID = needed("The channel's id.")
    price: Decimal = needed(PRICE)
    compare_at_price: Decimal | None = defaulting(None, COMPARE_AT + " None when left out.")
    cost: Decimal | None = defaulting(None, COST + " Unknown when left out.")
    expected_version: int | None = defaulting(
        None, "The version of the price that was read, 0 for none; any when left out."
    )


@strawberry.input(description="Prices of many variants, all or none.")
class VariantPricesSetInput:
    """Prices to set."""

    prices: list[VariantPriceInput] = needed("1 to 100 prices.")
    reason: str = defaulting("", "Why, for the price history; at most 500 characters.")
    below_floor_reason: str = defaulting("", BELOW_FLOOR_REASON)

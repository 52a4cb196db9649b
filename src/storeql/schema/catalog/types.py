"""Products as clients see them, and everything that belongs to one."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

import msgspec
import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import records
from storeql.catalog.records import OptionValues, SelectedOption
from storeql.media.names import PictureSize, thumbnail_path
from storeql.schema.fields import answers, argument, attribute, pure
from storeql.schema.ids import Node
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.mutation import context_of
from storeql.schema.scalars import CurrencyCode, DateTime

PRODUCTS, STOCK = Permission.MANAGE_PRODUCTS, Permission.MANAGE_STOCK
WAREHOUSES = (STOCK, Permission.MANAGE_ORDERS, Permission.FULFIL_ORDERS)
"""Whoever looks after stock, or sends it to buyers."""

OPTION_VALUES = msgspec.json.Decoder(list[OptionValues])
SELECTED_OPTIONS = msgspec.json.Decoder(list[SelectedOption])


@strawberry.type(description="Where the shop sells, in one currency, with its own prices.")
@answers(records.Channel)
class Channel(Node):
    """A sales channel."""

    slug: str = attribute("The channel's name in addresses and arguments.")
    name: str = attribute("The name staff see.")
    currency: CurrencyCode = attribute("The one currency of the channel.")
    is_active: bool = attribute("Whether anything is sold there now.")
    is_default: bool = attribute("Whether it is meant when no channel is named.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A typed property that every product of a type has.")
@answers(records.Attribute)
class Attribute(Node):
    """A product type's attribute."""

    slug: str = attribute("The attribute's name in filters.")
    name: str = attribute("The name people see.")
    kind: str = attribute("TEXT, NUMBER, BOOLEAN, SELECT or DATE.")
    is_required: bool = attribute("Whether every product must have a value.")
    is_filterable: bool = attribute("Whether listings offer it as a facet.")
    choices: Sequence[str] = attribute("The values of a SELECT, in order.")
    unit: str = attribute("The unit of a NUMBER, such as mAh.")


@strawberry.type(description="The prescribed form of a kind of product.")
@answers(records.ProductType)
class ProductType(Node):
    """A product type."""

    slug: str = attribute("The type's name in filters.")
    name: str = attribute("The name people see.")
    attributes: Sequence[Attribute] = attribute("The properties its products have, in order.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A product's value for one attribute of its type.")
@answers(records.AttributeValue)
class AttributeValue:
    """A product's attribute value."""

    slug: str = attribute("The attribute's name in filters.")
    name: str = attribute("The attribute's name for people.")
    kind: str = attribute("TEXT, NUMBER, BOOLEAN, SELECT or DATE.")
    unit: str = attribute("The unit of a NUMBER.")
    value: str = attribute("The value as text: numbers with a point, true or false, ISO dates.")


@strawberry.type(description="A node of the category tree.")
@answers(records.Category)
class Category(Node):
    """A category."""

    slug: str = attribute("The category's name in addresses and filters.")
    name: str = attribute("The name people see.")
    description: str | None = attribute("What belongs here.")
    position: int = attribute("The order among siblings, ascending.")
    ancestors: "Sequence[Category]" = attribute("The way from the root down to its parent.")
    children: "Sequence[Category]" = attribute("The categories right below it, in order.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A set of products picked for a purpose.")
@answers(records.Collection)
class Collection(Node):
    """A collection."""

    slug: str = attribute("The collection's name in addresses and filters.")
    name: str = attribute("The name people see.")
    description: str | None = attribute("What the collection is about.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A label that products carry, such as 新品上市.")
@answers(records.Tag)
class Tag(Node):
    """A tag."""

    slug: str = attribute("The tag's name in filters.")
    name: str = attribute("The name people see.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


strawberry.enum(
    PictureSize,
    name="PictureSize",
    description="The most pixels of a picture's longer side. SMALL: 160. MEDIUM: 480. LARGE: 960.",
)


@strawberry.type(description="A picture of a product.")
@answers(records.Image)
class Image(Node):
    """A product image."""

    alt: str = attribute("What the picture shows, for those who cannot see it.")
    width: int = attribute("Pixels across, in full size.")
    height: int = attribute("Pixels down, in full size.")

    @pure("Where the picture is: below the shop's own address unless it begins with one.")
    def url(
        self: records.Image,
        info: Info[Any, Any],
        size: Annotated[
            PictureSize | None, argument("In this size at most; as it was added when left out.")
        ] = None,
    ) -> str:
        path = self.path if size is None else thumbnail_path(self.path, size)
        return f"{context_of(info).shop.settings.media_url}/{path}"


@strawberry.type(description="A choice that tells a product's variants apart.")
@answers(OptionValues)
class ProductOption:
    """A product's option."""

    name: str = attribute("The option, such as 颜色 Color.")
    values: Sequence[str] = attribute("Its values in order.")


@strawberry.type(description="The value a variant has for one option.")
@answers(SelectedOption)
class VariantOption:
    """A variant's option."""

    name: str = attribute("The option, such as 颜色 Color.")
    value: str = attribute("The variant's value.")


@strawberry.type(description="A place that holds stock.")
@answers(records.Warehouse)
class Warehouse(Node):
    """A warehouse."""

    slug: str = attribute("The warehouse's name in arguments.")
    name: str = attribute("The name people see.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="What one warehouse holds of a variant, in pieces.")
@answers(records.StockLevel)
class StockLevel:
    """A stock level."""

    warehouse: Warehouse = attribute("The warehouse.")
    on_hand: int = attribute("Pieces that are there.")
    reserved: int = attribute("Pieces promised to orders that are not shipped.")
    available: int = attribute("Pieces that can still be bought: on hand without reserved.")
    bin_location: str = attribute("The shelf they lie on; empty while nobody says which.")


@strawberry.type(description="A product's place in a channel.")
@answers(records.Publication)
class Publication:
    """A product's publication."""

    channel: Channel = attribute("The channel.")
    published_at: DateTime | None = attribute("On sale from then on; null while taken down.")


@strawberry.type(description="A variant's price in a channel as staff set it.")
@answers(records.ChannelPrice)
class ChannelPrice:
    """A price of a channel."""

    channel: Channel = attribute("The channel.")
    changes_at: DateTime | None = attribute(
        "When what everybody pays is next planned to change, by a schedule or a price list."
    )
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("The channel's own price, which holds unless a schedule or a list stands in for it.")
    def price(self: records.ChannelPrice) -> Money:
        return money(self.price_minor, self.channel.currency)

    @pure("The price it is compared with (划线价).")
    def compare_at_price(self: records.ChannelPrice) -> Money | None:
        return money_or_none(self.compare_at_minor, self.channel.currency)

    @pure("What one piece costs the shop.")
    def cost(self: records.ChannelPrice) -> Money | None:
        return money_or_none(self.cost_minor, self.channel.currency)

    @pure("What everybody pays for one piece now.")
    def current_price(self: records.ChannelPrice) -> Money:
        return money(self.current_minor, self.channel.currency)


@strawberry.type(description="What one piece costs from so many pieces on.")
@answers(records.QuantityPrice)
class PriceBreak:
    """A quantity break."""

    from_quantity: int = attribute("How many pieces of the variant a cart line must hold.")

    @pure("The price of each piece then.")
    def price(self: records.QuantityPrice) -> Money:
        return money(self.price_minor, self.currency)


@strawberry.type(description="One thing that can be bought: a SKU of a product.")
@answers(records.Variant)
class ProductVariant(Node):
    """A product variant."""

    sku: str = attribute("The stock keeping unit, unique in the shop.")
    name: str = attribute("What tells it apart within the product.")
    position: int = attribute("The order within the product, ascending.")
    weight_grams: int | None = attribute("What one piece weighs, packed.")
    barcode: str | None = attribute("The number under the bars, such as an EAN-13.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")
    stock_levels: Sequence[StockLevel] | None = attribute("Stock per warehouse.", *WAREHOUSES)
    product: "Product | None" = attribute("The product it belongs to, when the channel shows it.")
    images: Sequence[Image] = attribute("The pictures of its product that show it; maybe none.")
    price_breaks: Sequence[PriceBreak] = attribute(
        "What a piece costs in larger quantities, ascending; the first is for one piece."
    )
    channel_prices: Sequence[ChannelPrice] | None = attribute(
        "Its price in each channel as staff set it.", PRODUCTS
    )

    @pure("The value for each option of the product.")
    def options(self: records.Variant) -> Sequence[VariantOption]:
        return cast("Sequence[VariantOption]", SELECTED_OPTIONS.decode(self.options_json or "[]"))

    @pure(
        "The price of one piece in the channel for whoever asks: members see their price lists'."
        " Null when it is not sold there."
    )
    def price(self: records.Variant) -> Money | None:
        return money_or_none(self.price_minor, self.currency)

    @pure("The price it is compared with (划线价).")
    def compare_at_price(self: records.Variant) -> Money | None:
        return money_or_none(self.compare_at_minor, self.currency)

    @pure(
        "The lowest that everybody paid in the 30 days before the price was last reduced; of the 30"
        " days up to now where it was not, or rose since. Promotions and members' prices are left"
        " out."
    )
    def lowest_price_last_30_days(self: records.Variant) -> Money | None:
        return money_or_none(self.lowest_minor, self.currency)

    @pure("What one piece costs the shop.", PRODUCTS)
    def cost(self: records.Variant) -> Money | None:
        return money_or_none(self.cost_minor, self.currency)

    @pure("Pieces that can be bought now, all warehouses together.")
    def available_stock(self: records.Variant) -> int:
        return self.available or 0


@strawberry.type(description="A product as one channel shows it.")
@answers(records.Product)
class Product(Node):
    """A product."""

    slug: str = attribute("The product's name in addresses.")
    name: str = attribute("The name people see.")
    description: str = attribute("What people read about it.")
    created_at: DateTime = attribute("When it was added.")
    updated_at: DateTime = attribute("When it was last changed.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")
    published_at: DateTime | None = attribute("On sale in the channel from then on.")
    product_type: ProductType = attribute("The form it follows.")
    variants: Sequence[ProductVariant] = attribute("What can be bought of it, at most 100.")
    categories: Sequence[Category] = attribute("Where it stands in the category tree.")
    collections: Sequence[Collection] = attribute("The collections it is in.")
    tags: Sequence[Tag] = attribute("The labels it carries.")
    attributes: Sequence[AttributeValue] = attribute("Its values, in the order of its type.")
    images: Sequence[Image] = attribute("Its pictures, the main one first.")
    publications: Sequence[Publication] | None = attribute("Its place in each channel.", PRODUCTS)

    @pure("The choices that tell its variants apart.")
    def options(self: records.Product) -> Sequence[ProductOption]:
        return cast("Sequence[ProductOption]", OPTION_VALUES.decode(self.options_json or "[]"))

    @pure(
        "The lowest price of its variants in the channel for whoever asks; null when it is not sold"
        " there. Filters and sorts go by what everybody pays."
    )
    def price(self: records.Product) -> Money | None:
        return money_or_none(self.price_minor, self.currency)

    @pure("Whether any of its variants can be bought now.")
    def is_available(self: records.Product) -> bool:
        return bool(self.is_available)


@strawberry.type(description="How many of the found products have this value.")
@answers(records.FacetValue)
class FacetValue:
    """A facet's value."""

    key: str = attribute("The value to filter by.")
    label: str = attribute("The value for people.")
    count: int = attribute("How many of the found products have it.")


@strawberry.type(description="An attribute to narrow a listing by.")
@answers(records.Facet)
class Facet:
    """A facet."""

    key: str = attribute("The attribute's slug.")
    label: str = attribute("The attribute's name.")
    values: Sequence[FacetValue] = attribute("Its values by descending count, at most 50.")


@strawberry.type(description="Counts over everything a filter finds, whatever page is shown.")
@answers(records.Facets)
class Facets:
    """The facets of a listing."""

    total: int = attribute("How many products the filter finds.")
    available: int = attribute("How many of them can be bought now.")
    categories: Sequence[FacetValue] = attribute("By category.")
    tags: Sequence[FacetValue] = attribute("By tag.")
    attributes: Sequence[Facet] = attribute("By each attribute that is SELECT or BOOLEAN.")

    @pure("The lowest price found.")
    def price_min(self: records.Facets) -> Money | None:
        return None if self.price_min_minor is None else money(self.price_min_minor, self.currency)

    @pure("The highest price found.")
    def price_max(self: records.Facets) -> Money | None:
        return None if self.price_max_minor is None else money(self.price_max_minor, self.currency)

"""What the catalogue's writes are asked for: frozen structs, row numbers and minor units.

In an update a field left UNSET stays as it is, and a list that is given replaces the whole list.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType


class NamedInput(Struct, frozen=True, kw_only=True):
    """Something new with a name; an empty slug stands for one made from the name."""

    name: str
    slug: str = ""


class NamedUpdate(Struct, frozen=True, kw_only=True):
    """A change made upon `expected_version` (None: upon whatever is there)."""

    id: int
    expected_version: int | None = None
    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET


class ChannelInput(NamedInput, frozen=True, kw_only=True):
    """A new channel; its currency stays for good."""

    currency: str
    is_active: bool = True
    is_default: bool = False


class ChannelUpdate(NamedUpdate, frozen=True, kw_only=True):
    """A change of a channel; the default is moved by making another channel the default."""

    is_active: bool | UnsetType = UNSET
    is_default: bool | UnsetType = UNSET


class DescribedInput(NamedInput, frozen=True, kw_only=True):
    """A new collection."""

    description: str = ""


class DescribedUpdate(NamedUpdate, frozen=True, kw_only=True):
    """A change of a collection."""

    description: str | UnsetType = UNSET


class CategoryInput(DescribedInput, frozen=True, kw_only=True):
    """A new category, a root without a parent; siblings come in ascending position."""

    parent_id: int | None = None
    position: int = 0


class CategoryUpdate(DescribedUpdate, frozen=True, kw_only=True):
    """A change of a category that leaves it where it is in the tree."""

    position: int | UnsetType = UNSET


class AttributeInput(Struct, frozen=True, kw_only=True):
    """A typed attribute of a product type; the slug tells the type's attributes apart."""

    name: str
    kind: str
    slug: str = ""
    is_required: bool = False
    is_filterable: bool = True
    choices: Sequence[str] = ()
    unit: str = ""


class ProductTypeInput(NamedInput, frozen=True, kw_only=True):
    """A new product type with its attributes in order."""

    attributes: Sequence[AttributeInput] = ()


class ProductTypeUpdate(NamedUpdate, frozen=True, kw_only=True):
    """A change of a product type; attributes are matched by slug."""

    attributes: Sequence[AttributeInput] | UnsetType = UNSET


class AttributeValueInput(Struct, frozen=True, kw_only=True):
    """A product's value for the attribute with this slug; a blank value is none."""

    attribute: str
    value: str


class OptionInput(Struct, frozen=True, kw_only=True):
    """A variant's value for one of its product's options."""

    name: str
    value: str


class PriceInput(Struct, frozen=True, kw_only=True):
    """A variant's price in a channel, in minor units of the channel's currency."""

    channel_id: int
    price_minor: int
    compare_at_minor: int | None = None
    cost_minor: int | None = None


class OpeningStock(Struct, frozen=True, kw_only=True):
    """What a warehouse holds of a new variant, in pieces."""

    warehouse_id: int
    on_hand: int


class VariantInput(Struct, frozen=True, kw_only=True):
    """A new variant; without a name it is called after its options."""

    sku: str
    name: str = ""
    options: Sequence[OptionInput] = ()
    prices: Sequence[PriceInput] = ()
    stock: Sequence[OpeningStock] = ()
    weight_grams: int | None = None
    barcode: str | None = None


class VariantUpdate(Struct, frozen=True, kw_only=True):
    """A change of a variant; prices and stock have writes of their own."""

    id: int
    expected_version: int | None = None
    sku: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    options: Sequence[OptionInput] | UnsetType = UNSET
    position: int | UnsetType = UNSET
    weight_grams: int | UnsetType | None = UNSET
    barcode: str | UnsetType | None = UNSET


class ProductInput(NamedInput, frozen=True, kw_only=True):
    """A new product with all its variants; `below_floor_reason` lets prices go below floors."""

    product_type_id: int
    description: str
    attributes: Sequence[AttributeValueInput] = ()
    option_names: Sequence[str] = ()
    variants: Sequence[VariantInput] = ()
    category_ids: Sequence[int] = ()
    collection_ids: Sequence[int] = ()
    tag_ids: Sequence[int] = ()
    below_floor_reason: str = ""


class ProductUpdate(NamedUpdate, frozen=True, kw_only=True):
    """A change of a product; option names can be renamed in place, not added or removed."""

    description: str | UnsetType = UNSET
    attributes: Sequence[AttributeValueInput] | UnsetType = UNSET
    option_names: Sequence[str] | UnsetType = UNSET
    category_ids: Sequence[int] | UnsetType = UNSET
    collection_ids: Sequence[int] | UnsetType = UNSET
    tag_ids: Sequence[int] | UnsetType = UNSET


class VariantPriceInput(PriceInput, frozen=True, kw_only=True):
    """A price to set upon `expected_version`, replacing the variant's price in that channel."""

    variant_id: int
    expected_version: int | None = None


class Placement(Struct, frozen=True, kw_only=True):
    """Where a product is to stand in a collection: 0 is the first place."""

    product_id: int
    position: int


class StockChange(Struct, frozen=True, kw_only=True):
    """A change of what a warehouse has on hand of a variant, in pieces.

    Either `change` (more or less than before) or `on_hand` (what was counted) is given.
    `expected_on_hand`, when given, is what the change was made upon.
    """

    variant_id: int
    warehouse_id: int
    reason: str
    change: int | None = None
    on_hand: int | None = None
    expected_on_hand: int | None = None
    note: str = ""

"""What staff send about price lists."""

import strawberry

from storeql.catalog.prices.lists.records import EntryInput, PriceListInput, PriceListUpdate
from storeql.schema.catalog.product_inputs import ANY_VERSION, SLUG, VERSION
from storeql.schema.ids import row_of, rows_of
from storeql.schema.optional import (
    defaulting,
    kept,
    kept_or_null,
    listed,
    needed,
    optional,
    value_or_none,
)
from storeql.schema.prices.forcing import BELOW_FLOOR_REASON
from storeql.schema.scalars import DateTime, Decimal

CHANNELS = "Where it holds: 1 to 50 channels of one currency."
GROUPS = "The customer groups that it is for, at most 50; none where it is for everybody."
EVERYBODY = "Whether it is for everybody, guests too."
MAY_EXCEED = "Whether its prices may be above the channel's; otherwise the channel's holds then."
PRIORITY = "From -1000 to 1000: the list with the highest one holds; of equal ones the newest."
STARTS, ENDS = "In force from then on.", "In force until just before then."


@strawberry.input(description="A new price list; its prices are set by `priceListEntriesSet`.")
class PriceListCreateInput:
    """A price list to add."""

    name: str = needed("The name people see; it is in the price's explanation.")
    slug: str = defaulting("", SLUG)
    channel_ids: list[strawberry.ID] = needed(CHANNELS)
    customer_group_ids: list[strawberry.ID] = listed(GROUPS)
    is_for_everybody: bool = defaulting(False, EVERYBODY)
    may_exceed_channel_price: bool = defaulting(False, MAY_EXCEED)
    priority: int = defaulting(0, PRIORITY)
    is_active: bool = defaulting(True, "Whether it is switched on.")
    starts_at: DateTime | None = defaulting(None, STARTS)
    ends_at: DateTime | None = defaulting(None, ENDS)


@strawberry.input(description="What to change; fields left out stay as they are.")
class PriceListUpdateInput:
    """A price list's change."""

    id: strawberry.ID = needed("The price list's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional("The name people see.")
    slug: str | None = optional(SLUG)
    channel_ids: list[strawberry.ID] | None = optional(CHANNELS)
    customer_group_ids: list[strawberry.ID] | None = optional(GROUPS)
    is_for_everybody: bool | None = optional(EVERYBODY)
    may_exceed_channel_price: bool | None = optional(MAY_EXCEED)
    priority: int | None = optional(PRIORITY)
    is_active: bool | None = optional("Whether it is switched on.")
    starts_at: DateTime | None = optional(STARTS + " Null for always.")
    ends_at: DateTime | None = optional(ENDS + " Null for good.")


@strawberry.input(description="Which price list to delete.")
class PriceListDeleteInput:
    """A price list to delete."""

    id: strawberry.ID = needed("The price list's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="What a list says of a variant: one of these.", one_of=True)
class PriceListValueInput:
    """An entry's value."""

    price: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="The price of each piece, in the list's currency."
    )
    percent_off: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="How much comes off the channel's price, of 100; 0.01 to 99.99.",
    )


@strawberry.input(description="A price of a list; it replaces the one for the same quantity.")
class PriceListEntryInput:
    """An entry to set."""

    variant_id: strawberry.ID = needed("The variant's id.")
    from_quantity: int = defaulting(1, "Holds from so many pieces in one cart line, 1 to 9999.")
    value: PriceListValueInput = needed("The price.")


@strawberry.input(description="Prices of a list, all or none.")
class PriceListEntriesSetInput:
    """Entries to set."""

    price_list_id: strawberry.ID = needed("The price list's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)
    entries: list[PriceListEntryInput] = needed(
        "1 to 200 prices; at most 20 per variant and 20,000 in a list."
    )
    reason: str = defaulting("", "Why, for the price history; at most 500 characters.")
    below_floor_reason: str = defaulting("", BELOW_FLOOR_REASON)


@strawberry.input(description="Prices to take out of a list, all or none.")
class PriceListEntriesRemoveInput:
    """Entries to remove."""

    price_list_id: strawberry.ID = needed("The price list's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)
    ids: list[strawberry.ID] = needed("Entries of the list, at most 200.")
    reason: str = defaulting("", "Why, for the price history; at most 500 characters.")


def new_list(typed: PriceListCreateInput) -> PriceListInput:
    """A new list as the catalogue reads it."""
    return PriceListInput(
        name=typed.name,
        slug=typed.slug,
        channel_ids=rows_of("Channel", typed.channel_ids),
        group_ids=rows_of("CustomerGroup", typed.customer_group_ids),
        is_for_everybody=typed.is_for_everybody,
        may_exceed=typed.may_exceed_channel_price,
        priority=typed.priority,
        is_active=typed.is_active,
        starts_at=typed.starts_at,
        ends_at=typed.ends_at,
    )


def list_change(typed: PriceListUpdateInput) -> PriceListUpdate:
    """A change of a list as the catalogue reads it."""
    return PriceListUpdate(
        id=row_of("PriceList", typed.id),
        expected_version=typed.expected_version,
        name=kept(typed.name),
        slug=kept(typed.slug),
        channel_ids=_rows_kept("Channel", typed.channel_ids),
        group_ids=_rows_kept("CustomerGroup", typed.customer_group_ids),
        is_for_everybody=kept(typed.is_for_everybody),
        may_exceed=kept(typed.may_exceed_channel_price),
        priority=kept(typed.priority),
        is_active=kept(typed.is_active),
        starts_at=kept_or_null(typed.starts_at),
        ends_at=kept_or_null(typed.ends_at),
    )


def entry_of(typed: PriceListEntryInput) -> EntryInput:
    """A price of a list as the catalogue reads it."""
    return EntryInput(
        variant_id=row_of("ProductVariant", typed.variant_id),
        from_quantity=typed.from_quantity,
        price=value_or_none(typed.value.price),
        percent_off=value_or_none(typed.value.percent_off),
    )


def _rows_kept(type_name: str, ids: list[strawberry.ID] | None) -> tuple[int, ...]:
    rows: tuple[int, ...] = kept(ids if not ids else rows_of(type_name, ids))
    return rows

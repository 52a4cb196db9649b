"""Where a price can be scheduled: a variant in a channel, or an entry of a price list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select

from storeql.catalog.prices.schedules.records import ScheduleInput
from storeql.catalog.prices.tables import price_list_channels, price_list_entries, price_lists
from storeql.catalog.tables import variant_prices
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields

_entry, _list, _price = price_list_entries.c, price_lists.c, variant_prices.c
_OWNERS = statement(select(_entry.id, _entry.variant_id).where(any_of(_entry.id, "ids")))
_ENTRIES = statement(
    select(
        _entry.id,
        _entry.variant_id,
        _entry.price_list_id,
        _list.currency,
        price_list_channels.c.channel_id,
    )
    .join_from(price_list_entries, price_lists, _list.id == _entry.price_list_id)
    .outerjoin(price_list_channels, price_list_channels.c.price_list_id == _list.id)
    .where(any_of(_entry.id, "ids"))
)
_PRICED = statement(
    select(_price.variant_id, _price.channel_id).where(any_of(_price.variant_id, "ids"))
)


class Place(Struct, frozen=True):
    """A variant in a channel, or as an entry of a list has it."""

    variant_id: int
    channel_id: int | None
    entry_id: int | None


NO_PLACE = Place(0, None, None)
"""Stands for a place that could not be read."""


class EntryFacts(Struct, frozen=True):
    """What an entry of a list is about, and where its list holds."""

    variant_id: int
    list_id: int
    currency: str
    channel_ids: tuple[int, ...]


class Known(Struct, frozen=True, kw_only=True):
    """What inputs may name: variants with their products, prices by channel, entries of lists."""

    products: Mapping[int, int]
    priced: Collection[tuple[int, int]]
    entries: Mapping[int, EntryFacts]
    currencies: Mapping[int, str]

    def place(self, fields: Fields, given: ScheduleInput) -> Place:
        """The place that an input names; NO_PLACE, noted, where there is none."""
        if given.entry_id is not None:
            entry = self.entries.get(given.entry_id)
            if entry is None or entry.variant_id not in self.products:
                fields.missing("entry of a price list", "target", "priceListEntryId")
                return NO_PLACE
            return Place(entry.variant_id, None, given.entry_id)
        variant_id, channel_id = given.variant_id or 0, given.channel_id or 0
        at = fields.at("target", "channelPrice")
        if variant_id not in self.products:
            at.missing("variant", "variantId")
            return NO_PLACE
        if channel_id not in self.currencies:
            at.missing("channel", "channelId")
            return NO_PLACE
        if (variant_id, channel_id) not in self.priced:
            message = "This variant has no price in this channel yet."
            at.report("NOT_PRICED", message, "channelId")
            return NO_PLACE
        return Place(variant_id, channel_id, None)

    def currency(self, place: Place) -> str | None:
        """The currency of prices there; None for NO_PLACE."""
        if place.entry_id is not None:
            return self.entries[place.entry_id].currency
        return None if place.channel_id is None else self.currencies[place.channel_id]

    def channels(self, place: Place) -> Sequence[int]:
        """The channels in which a price there holds."""
        if place.entry_id is not None:
            return self.entries[place.entry_id].channel_ids
        return () if place.channel_id is None else (place.channel_id,)

    def list_of(self, place: Place) -> int | None:
        """The list whose entry it is."""
        return None if place.entry_id is None else self.entries[place.entry_id].list_id


def owners_of_entries(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """The variants of entries, by the entries' row numbers; no statement for none."""
    return dict(connection.rows(_OWNERS, ids=sorted(ids))) if ids else {}


def known_places(
    connection: Connection,
    products: Mapping[int, int],
    entry_ids: Collection[int],
    currencies: Mapping[int, str],
) -> Known:
    """What is known of variants (with their products, which are locked) and entries."""
    entries: dict[int, EntryFacts] = {}
    rows = connection.rows(_ENTRIES, ids=sorted(entry_ids)) if entry_ids else []
    for entry_id, variant_id, list_id, currency, channel_id in rows:
        before = entries.get(entry_id)
        channels = () if channel_id is None else (channel_id,)
        if before is not None:
            channels = (*before.channel_ids, *channels)
        entries[entry_id] = EntryFacts(variant_id, list_id, currency, channels)
    priced = {(row[0], row[1]) for row in connection.rows(_PRICED, ids=sorted(products))}
    return Known(products=products, priced=priced, entries=entries, currencies=currencies)

"""Writes what a shop needs before it has goods: channels, warehouses, ways of delivery."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select

from storeql.carts.tables import delivery_methods
from storeql.catalog.tables import channels, warehouses
from storeql.db import statement
from storeql.demo.content.shop import ShopSpec
from storeql.demo.save.bulk import Bulk

_CHANNELS = statement(select(channels.c.slug, channels.c.id))


class SavedShop(Struct, frozen=True):
    """Row numbers by slug; those of delivery methods by channel and slug."""

    channels: dict[str, int]
    warehouses: dict[str, int]
    deliveries: dict[tuple[str, str], int]

    @property
    def home(self) -> int:
        """The channel in yuan."""
        return self.channels["default"]

    @property
    def abroad(self) -> int:
        """The channel in dollars."""
        return self.channels["global"]


def save_shop(bulk: Bulk, spec: ShopSpec) -> SavedShop:
    """Adds the channels that are not there yet, and everything else."""
    known: dict[str, int] = dict(bulk.connection.rows(_CHANNELS))
    missing = [
        {
            "slug": channel.slug,
            "name": channel.name,
            "currency": channel.currency,
            "is_active": True,
            "is_default": channel.is_default,
        }
        for channel in spec.channels
        if channel.slug not in known
    ]
    channel_ids = known | bulk.add_named(channels, missing)
    houses = [{"slug": one.slug, "name": one.name} for one in spec.warehouses]
    return SavedShop(
        channels=channel_ids,
        warehouses=bulk.add_named(warehouses, houses),
        deliveries=_save_deliveries(bulk, spec, channels=channel_ids),
    )


def _save_deliveries(
    bulk: Bulk, spec: ShopSpec, *, channels: dict[str, int]
) -> dict[tuple[str, str], int]:
    rows = [
        {
            "channel_id": channels[one.channel],
            "slug": one.slug,
            "name": one.name,
            "description": one.description,
            "price_minor": one.price_minor,
            "is_active": True,
            "position": position,
        }
        for position, one in enumerate(spec.deliveries)
    ]
    keys = [(one.channel, one.slug) for one in spec.deliveries]
    return dict(zip(keys, bulk.add(delivery_methods, rows), strict=True))

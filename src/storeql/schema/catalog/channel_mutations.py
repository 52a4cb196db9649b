"""Mutations of channels and warehouses: where the shop sells and where it keeps its goods."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs
from storeql.catalog.save_channel import create_channel, update_channel
from storeql.catalog.stock.delete_warehouse import delete_warehouse
from storeql.catalog.stock.save_warehouse import create_warehouse, update_warehouse
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.db import Connection, Selection
from storeql.orders.delete_channel import delete_channel
from storeql.schema.catalog.product_inputs import ANY_VERSION, SLUG, VERSION
from storeql.schema.catalog.taxonomy_inputs import NAME
from storeql.schema.catalog.types import Channel, Warehouse
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import defaulting, kept, needed, optional
from storeql.schema.scalars import CurrencyCode

Info_: TypeAlias = Info[Any, Any]
SETTINGS = Permission.MANAGE_SETTINGS


@strawberry.input(description="A new channel; its currency stays for good.")
class ChannelCreateInput:
    """A channel to add."""

    name: str = needed(NAME)
    slug: str = defaulting("", SLUG)
    currency: CurrencyCode = needed("The one currency of the channel.")
    is_active: bool = defaulting(True, "Whether anything is sold there now.")
    is_default: bool = defaulting(False, "Whether it is meant when no channel is named.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class ChannelUpdateInput:
    """A channel's change."""

    id: strawberry.ID = needed("The channel's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional(NAME)
    slug: str | None = optional("The name in addresses and arguments.")
    is_active: bool | None = optional("Whether anything is sold there now.")
    is_default: bool | None = optional("True takes that from the channel that was the default.")


@strawberry.input(description="A new warehouse.")
class WarehouseCreateInput:
    """A warehouse to add."""

    name: str = needed(NAME)
    slug: str = defaulting("", SLUG)


@strawberry.input(description="What to change; fields left out stay as they are.")
class WarehouseUpdateInput:
    """A warehouse's change."""

    id: strawberry.ID = needed("The warehouse's id.")
    expected_version: int = needed(VERSION)
    name: str | None = optional(NAME)
    slug: str | None = optional("The name in arguments.")


@strawberry.input(description="Which channel to delete; its prices and ways of delivery go too.")
class ChannelDeleteInput:
    """A channel to delete."""

    id: strawberry.ID = needed("The channel's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.input(description="Which warehouse to delete; nothing may ever have been in it.")
class WarehouseDeleteInput:
    """A warehouse to delete."""

    id: strawberry.ID = needed("The warehouse's id.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


@strawberry.type(description="A channel after a change.")
class ChannelPayload:
    """What a change of a channel answers."""

    channel: Channel | None = attribute("The channel after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A warehouse after a change.")
class WarehousePayload:
    """What a change of a warehouse answers."""

    warehouse: Warehouse | None = attribute("The warehouse after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A channel that is no more.")
class ChannelDeletePayload:
    """What a deletion answers."""

    deleted_id: strawberry.ID | None = attribute("The id it had.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A warehouse that is no more.")
class WarehouseDeletePayload:
    """What a deletion answers."""

    deleted_id: strawberry.ID | None = attribute("The id it had.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ChannelMutation:
    """Mutations of channels and warehouses."""

    @mutation("Adds a channel; the shop's first one becomes the default.", SETTINGS)
    def channel_create(
        self, info: Info_, input: Annotated[ChannelCreateInput, argument("The channel.")]
    ) -> ChannelPayload | None:
        given = inputs.ChannelInput(
            name=input.name,
            slug=input.slug,
            currency=input.currency,
            is_active=input.is_active,
            is_default=input.is_default,
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _channel(connection, create_channel(connection, given))

        return run(info, ChannelPayload, work)

    @mutation("Changes a channel.", SETTINGS)
    def channel_update(
        self, info: Info_, input: Annotated[ChannelUpdateInput, argument("The change.")]
    ) -> ChannelPayload | None:
        change = inputs.ChannelUpdate(
            id=row_of("Channel", input.id),
            expected_version=input.expected_version,
            name=kept(input.name),
            slug=kept(input.slug),
            is_active=kept(input.is_active),
            is_default=kept(input.is_default),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_channel(connection, change)
            return _channel(connection, change.id)

        return run(info, ChannelPayload, work)

    @mutation("Deletes a channel in which nothing was ordered; never the default one.", SETTINGS)
    def channel_delete(
        self, info: Info_, input: Annotated[ChannelDeleteInput, argument("Which one.")]
    ) -> ChannelDeletePayload | None:
        channel_id, now = row_of("Channel", input.id), context_of(info).now

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_channel(connection, channel_id, now=now, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, ChannelDeletePayload, work)

    @mutation("Adds a warehouse.", SETTINGS)
    def warehouse_create(
        self, info: Info_, input: Annotated[WarehouseCreateInput, argument("The warehouse.")]
    ) -> WarehousePayload | None:
        given = inputs.NamedInput(name=input.name, slug=input.slug)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _warehouse(connection, create_warehouse(connection, given))

        return run(info, WarehousePayload, work)

    @mutation("Renames a warehouse.", SETTINGS)
    def warehouse_update(
        self, info: Info_, input: Annotated[WarehouseUpdateInput, argument("The change.")]
    ) -> WarehousePayload | None:
        change = inputs.NamedUpdate(
            id=row_of("Warehouse", input.id),
            expected_version=input.expected_version,
            name=kept(input.name),
            slug=kept(input.slug),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_warehouse(connection, change)
            return _warehouse(connection, change.id)

        return run(info, WarehousePayload, work)

    @mutation("Deletes a warehouse that the ledger does not name.", SETTINGS)
    def warehouse_delete(
        self, info: Info_, input: Annotated[WarehouseDeleteInput, argument("Which one.")]
    ) -> WarehouseDeletePayload | None:
        warehouse_id = row_of("Warehouse", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_warehouse(connection, warehouse_id, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, WarehouseDeletePayload, work)


def _channel(connection: Connection, channel_id: int) -> dict[str, Any]:
    return {"channel": taxonomy.channel(connection, id=channel_id)}


def _warehouse(connection: Connection, warehouse_id: int) -> dict[str, Any]:
    return {"warehouse": taxonomy.warehouse(connection, id=warehouse_id)}

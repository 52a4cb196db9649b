"""The shop's terms of fulfilment: read and change."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection, Selection
from storeql.orders.fulfilment import settings
from storeql.orders.fulfilment.settings import ChannelHours, current_settings
from storeql.orders.fulfilment.update_settings import SettingsChange, update_fulfilment_settings
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import kept, needed, optional
from storeql.schema.orders.words import ShortPick
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
SETTINGS, ORDERS = Permission.MANAGE_SETTINGS, Permission.MANAGE_ORDERS


@strawberry.type(description="How fast one channel's orders have to leave.")
@answers(settings.ChannelHours)
class ChannelHandlingTime:
    """A channel's own handling time."""

    hours: int = attribute("From payment to leaving the house.")

    @pure("The channel's id.")
    def channel_id(self: settings.ChannelHours) -> strawberry.ID:
        return opaque_id("Channel", self.channel_id)


@strawberry.type(description="The shop's terms of fulfilment.")
@answers(settings.FulfilmentSettings)
class FulfilmentSettings:
    """The terms."""

    handling_hours: int = attribute(
        "How many hours an order has from its payment to leaving the house."
    )
    completion_days: int = attribute(
        "How many days after its delivery an order is completed by itself."
    )
    short_pick: ShortPick = attribute("What becomes of pieces that are not on their shelf.")
    channels: Sequence[ChannelHandlingTime] = attribute("Channels with another handling time.")
    updated_at: DateTime | None = attribute("When they last changed; null: never.")
    version: int = attribute("Raised by every change; 0 before the first.")


@strawberry.input(description="The handling time of one channel.")
class ChannelHandlingTimeInput:
    """A channel's own handling time."""

    channel_id: strawberry.ID = needed("The channel.")
    hours: int = needed("1 to 2,160.")


@strawberry.input(description="What to change; what is left out stays as it is.")
class FulfilmentSettingsUpdateInput:
    """A change of the terms."""

    expected_version: int = needed("The version that was read.")
    handling_hours: int | None = optional("1 to 2,160; orders placed from now on follow it.")
    completion_days: int | None = optional("0 to 365.")
    short_pick: ShortPick | None = optional("What becomes of pieces that are not there.")
    channels: list[ChannelHandlingTimeInput] | None = optional("Replaces the list, at most 100.")


@strawberry.type(description="The terms of fulfilment after a change.")
class FulfilmentSettingsPayload:
    """What a change of the terms answers."""

    fulfilment_settings: FulfilmentSettings | None = attribute("The terms after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FulfilmentSettingsQuery:
    """The root field that reads the terms."""

    @field("The shop's terms of fulfilment.", SETTINGS, ORDERS)
    def fulfilment_settings(self, info: Info_) -> FulfilmentSettings | None:
        with_channels = selection_of(info).wants("channels")
        return current_settings(  # type: ignore[return-value]
            context_of(info).connection, with_channels=with_channels
        )


@strawberry.type
class FulfilmentSettingsMutation:
    """The root field that changes the terms."""

    @mutation("Changes the shop's terms of fulfilment.", SETTINGS)
    def fulfilment_settings_update(
        self,
        info: Info_,
        input: Annotated[FulfilmentSettingsUpdateInput, argument("The change.")],
    ) -> FulfilmentSettingsPayload | None:
        now, listed = context_of(info).now, kept(input.channels)
        change = SettingsChange(
            expected_version=input.expected_version,
            handling_hours=kept(input.handling_hours),
            completion_days=kept(input.completion_days),
            short_pick=kept(input.short_pick),
            channels=(
                msgspec.UNSET
                if listed is msgspec.UNSET
                else [ChannelHours(row_of("Channel", one.channel_id), one.hours) for one in listed]
            ),
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            changed = update_fulfilment_settings(connection, change, now=now)
            return {"fulfilment_settings": changed}

        return run(info, FulfilmentSettingsPayload, work)

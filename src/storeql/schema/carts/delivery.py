"""Mutations of the ways of delivery: what a channel offers, and for how much."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.carts.delivery_methods import delivery_method, every_delivery_method
from storeql.carts.save_delivery_method import (
    DeliveryMethodUpdate,
    NewDeliveryMethod,
    create_delivery_method,
    update_delivery_method,
)
from storeql.catalog.prices.current import channel_currencies
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.errors import BadInput, Rejected, refuse
from storeql.schema.carts.types import DeliveryMethod
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, attribute, field
from storeql.schema.ids import row_of
from storeql.schema.money import minor_units
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import defaulting, kept, needed, optional
from storeql.schema.scalars import Decimal
from storeql.schema.selection import selection_of

SETTINGS = Permission.MANAGE_SETTINGS
Info_: TypeAlias = Info[Any, Any]


@strawberry.input(description="A way of delivery to offer.")
class DeliveryMethodCreateInput:
    """A delivery method to add."""

    channel_id: strawberry.ID = needed("The channel that offers it.")
    name: str = needed("The name people see, at most 200 characters.")
    price: Decimal = needed("What a shipment costs, in the channel's currency.")
    slug: str | None = optional("Its name in conditions; made from the name when left out.")
    description: str = defaulting("", "What to expect of it, at most 500 characters.")
    position: int = defaulting(0, "The order among the channel's methods, ascending.")


@strawberry.input(description="A change of a way of delivery; what is left out stays as it is.")
class DeliveryMethodUpdateInput:
    """A delivery method's change."""

    id: strawberry.ID = needed("The delivery method's id.")
    expected_version: int = needed("The version that was read.")
    name: str | None = optional("The name people see, at most 200 characters.")
    price: Decimal | None = optional("What a shipment costs, in the channel's currency.")
    description: str | None = optional("What to expect of it, at most 500 characters.")
    position: int | None = optional("The order among the channel's methods, ascending.")
    is_active: bool | None = optional("Whether carts can choose it.")


@strawberry.type(description="A delivery method after a change.")
class DeliveryMethodPayload:
    """What a change of a delivery method answers."""

    delivery_method: DeliveryMethod | None = attribute("The method as it is now.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class DeliveryQuery:
    """The staff's view of the ways of delivery."""

    @field("The delivery methods of all channels, offered or not, channel by channel.", SETTINGS)
    def all_delivery_methods(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[DeliveryMethod] | None:
        return every_delivery_method(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )


@strawberry.type
class DeliveryMutation:
    """Mutations of delivery methods."""

    @mutation("Offers a way of delivery in a channel.", SETTINGS)
    def delivery_method_create(
        self, info: Info_, input: Annotated[DeliveryMethodCreateInput, argument("The method.")]
    ) -> DeliveryMethodPayload | None:
        channel_id = row_of("Channel", input.channel_id)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            given = NewDeliveryMethod(
                channel_id=channel_id,
                name=input.name,
                price_minor=_minor(connection, input.price, channel_id),
                slug=None if input.slug is strawberry.UNSET else input.slug,
                description=input.description,
                position=input.position,
            )
            return _method(connection, create_delivery_method(connection, given))

        return run(info, DeliveryMethodPayload, work)

    @mutation("Changes a way of delivery; placed orders keep what they paid.", SETTINGS)
    def delivery_method_update(
        self, info: Info_, input: Annotated[DeliveryMethodUpdateInput, argument("The change.")]
    ) -> DeliveryMethodPayload | None:
        row_id = row_of("DeliveryMethod", input.id)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            price = kept(input.price)
            before = delivery_method(connection, row_id)
            if isinstance(price, str) and before is not None:
                price = _minor(connection, price, before.channel_id)
            change = DeliveryMethodUpdate(
                id=row_id,
                expected_version=input.expected_version,
                name=kept(input.name),
                description=kept(input.description),
                price_minor=price,
                position=kept(input.position),
                is_active=kept(input.is_active),
            )
            update_delivery_method(connection, change)
            return _method(connection, row_id)

        return run(info, DeliveryMethodPayload, work)


def _minor(connection: DbConnection, amount: str, channel_id: int) -> int:
    """The price in minor units; 0 for a channel that is not there, which the domain refuses."""
    currency = channel_currencies(connection).get(channel_id)
    try:
        return 0 if currency is None else minor_units(amount, currency)
    except BadInput as error:
        raise _too_precise(error) from error


def _too_precise(error: BadInput) -> Rejected:
    return refuse("TOO_MANY_DECIMALS", error.message, "price")


def _method(connection: DbConnection, row_id: int) -> dict[str, Any]:
    return {"delivery_method": delivery_method(connection, row_id)}

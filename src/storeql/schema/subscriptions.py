"""What front ends can watch: a variant's stock and an order's state, as they change.

The generators run on the event loop and only wait; the state is read in a thread, and an event is
sent when what is watched differs from what was sent last.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Annotated, Any

import strawberry
from msgspec import Struct
from strawberry.types import Info

from storeql.catalog import resolvers
from storeql.catalog.resolvers import View
from storeql.catalog.stock.changes import variant_state, variant_topic
from storeql.db import Connection, Selection
from storeql.errors import BadInput
from storeql.orders import resolvers as orders
from storeql.schema.catalog.types import ProductVariant
from storeql.schema.fields import argument, field, subscription
from storeql.schema.ids import row_of
from storeql.schema.mutation import context_of
from storeql.schema.orders.inputs import CART_TOKEN
from storeql.schema.orders.types import Order
from storeql.schema.selection import selection_of
from storeql.shop import Shop


class VariantWatched(Struct, frozen=True):
    """The event behind VariantStockUpdate."""

    variant_id: int


@strawberry.type(description="A variant's stock has changed.")
class VariantStockUpdate:
    """One event of `variantStockChanged`."""

    @field("The variant as it is now; null when the channel no longer shows it.")
    def variant(self: VariantWatched, info: Info[Any, Any]) -> ProductVariant | None:
        context = context_of(info)
        return resolvers.variant(  # type: ignore[return-value]
            context.connection,
            self.variant_id,
            selection_of(info),
            view=View(now=context.now),
        )


@strawberry.type
class CatalogSubscription:
    """Subscriptions of the catalogue."""

    @subscription("The stock of a variant: at once, and again whenever it changes.")
    async def variant_stock_changed(
        self,
        info: Info[Any, Any],
        id: Annotated[strawberry.ID, argument("The variant's id.")],
    ) -> AsyncGenerator[VariantStockUpdate, None]:
        row = row_of("ProductVariant", id)
        shop: Shop = context_of(info).shop
        watched = follow(shop, variant_topic(row), lambda c: variant_state(c, row))
        async for _ in watched:
            yield VariantWatched(row)  # type: ignore[misc]


class OrderWatched(Struct, frozen=True):
    """The event behind OrderUpdate: what the subscriber named it by."""

    order_id: int
    cart_token: str


@strawberry.type(description="An order has changed.")
class OrderUpdate:
    """One event of `orderChanged`."""

    @field("The order as it is now; null when you may no longer see it.")
    def order(self: OrderWatched, info: Info[Any, Any]) -> Order | None:
        context = context_of(info)
        return orders.order_by(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            key="id",
            value=self.order_id,
            actor=context.actor,
            cart_token=self.cart_token,
            now=context.now,
        )


@strawberry.type
class OrderSubscription:
    """Subscriptions of orders."""

    @subscription("An order that you may see: at once, and again whenever it changes.")
    async def order_changed(
        self,
        info: Info[Any, Any],
        id: Annotated[strawberry.ID, argument("The order's id.")],
        cart_token: Annotated[str, argument(CART_TOKEN)] = "",
    ) -> AsyncGenerator[OrderUpdate, None]:
        row, actor = row_of("Order", id), context_of(info).actor
        shop: Shop = context_of(info).shop

        def version(connection: Connection) -> int | None:
            found = orders.order_by(
                connection,
                VERSION,
                key="id",
                value=row,
                actor=actor,
                cart_token=cart_token,
                now=shop.clock(),
            )
            return None if found is None else found.version

        async for _ in follow(shop, f"order:{row}", version):
            yield OrderWatched(row, cart_token)  # type: ignore[misc]


VERSION = Selection.of_names("version")


async def follow(
    shop: Shop, topic: str, read: Callable[[Connection], object]
) -> AsyncGenerator[None, None]:
    """Yields at once and whenever what `read` answers differs from the last time.

    Raises BadInput when `read` answers None at the start: there is nothing to watch.
    """

    def state() -> object:
        with shop.database.reading() as connection:
            return read(connection)

    sent: object = None
    async for _ in shop.notices.follow(topic):
        now = await asyncio.to_thread(state)
        if sent is None and now is None:
            raise BadInput("There is nothing with this id to watch.")
        if now != sent:
            sent = now
            yield

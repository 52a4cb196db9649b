"""Root fields about carts: one by its token, and what a cart can choose from."""

from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry
from strawberry.types import Info

from storeql.carts import records
from storeql.carts.delivery_methods import delivery_methods_page
from storeql.carts.resolvers import cart_by_token
from storeql.db import Selection
from storeql.db.paging import page_of_list
from storeql.orders.resolvers import order_by
from storeql.schema.carts.types import Cart, DeliveryMethod, PaymentMethod
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.mutation import context_of
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
GATEWAYS = "payment_methods"


@strawberry.type
class CartQuery:
    """Root fields of carts."""

    @field("A cart by its token; null when there is none, or it is somebody else's.")
    def cart(
        self, info: Info_, token: Annotated[str, argument("The cart's token.")]
    ) -> Cart | None:
        context, selection = context_of(info), selection_of(info)
        cart = cart_by_token(
            context.connection,
            token,
            selection=selection,
            desk=context.shop.price_desk,
            actor=context.actor,
            now=context.now,
        )
        if cart is None or not selection.wants("order"):
            return cart  # type: ignore[return-value]
        return _with_order(info, cart, selection.of("order"))  # type: ignore[return-value]

    @field("How a channel delivers, in the shop's order.")
    def delivery_methods(
        self,
        info: Info_,
        channel: Annotated[
            str | None, argument("The channel's slug; the shop's default one when left out.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[DeliveryMethod]:
        return delivery_methods_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            channel=channel,
            page=page_request(first, after, last, before),
        )

    @field("How the shop can be paid.")
    def payment_methods(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PaymentMethod]:
        return page_of_list(  # type: ignore[return-value]
            list(context_of(info).shop.hooks.gateways.values()),
            page_request(first, after, last, before),
            selection_of(info),
            sort=GATEWAYS,
        )


def _with_order(info: Info_, cart: records.Cart, wanted: Selection) -> records.Cart:
    context = context_of(info)
    order = order_by(
        context.connection,
        wanted,
        key="cart_id",
        value=cart.id,
        actor=context.actor,
        cart_token=cart.token,
        now=context.now,
    )
    return msgspec.structs.replace(cart, order=order)

"""Mutations of the warehouse: pack, unpack, ship, deliver."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.orders.fulfilment.deliver import deliver_fulfilment
from storeql.orders.fulfilment.label import LabelWish, label_fulfilment
from storeql.orders.fulfilment.pack import pack_fulfilment
from storeql.orders.fulfilment.reads import fulfilments_by
from storeql.orders.fulfilment.ship import ship_fulfilment
from storeql.orders.fulfilment.unpack import unpack_fulfilment
from storeql.orders.fulfilment.waybills import ShipWish
from storeql.orders.resolvers import placed_order
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, user_errors
from storeql.schema.orders.fulfilment_inputs import (
    FulfilmentInput,
    FulfilmentLabelInput,
    FulfilmentPackInput,
    FulfilmentShipInput,
    pack_wish,
    waybills,
)
from storeql.schema.orders.fulfilments import WORK, Fulfilment
from storeql.schema.orders.types import ORDERS, Order
from storeql.schema.people.context import attempted
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]


@strawberry.type(description="A fulfilment after a change.")
class FulfilmentPayload:
    """What every change of a fulfilment answers."""

    fulfilment: Fulfilment | None = attribute("The fulfilment as it is now.")
    order: Order | None = attribute("Its order as it is now.", ORDERS)
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FulfilmentMutation:
    """Mutations of fulfilments."""

    @mutation("Packs a fulfilment: every piece into a package, and nothing else.", *WORK)
    def fulfilment_pack(
        self, info: Info_, input: Annotated[FulfilmentPackInput, argument("What goes where.")]
    ) -> FulfilmentPayload | None:
        wish = pack_wish(input)
        return changed_fulfilment(info, pack_fulfilment, wish)

    @mutation("Takes the packages of a fulfilment apart again, before it is shipped.", *WORK)
    def fulfilment_unpack(
        self, info: Info_, input: Annotated[FulfilmentInput, argument("Which one.")]
    ) -> FulfilmentPayload | None:
        row = row_of("Fulfilment", input.fulfilment_id)
        return changed_fulfilment(info, unpack_fulfilment, row)

    @mutation("Gives packages their carrier and number, so that labels can be printed.", *WORK)
    def fulfilment_label(
        self, info: Info_, input: Annotated[FulfilmentLabelInput, argument("Who carries what.")]
    ) -> FulfilmentPayload | None:
        wish = LabelWish(
            fulfilment_id=row_of("Fulfilment", input.fulfilment_id),
            waybills=waybills(input.packages),
        )
        return changed_fulfilment(info, label_fulfilment, wish)

    @mutation(
        "Notes that a packed fulfilment has left the house: its pieces leave the stock.", *WORK
    )
    def fulfilment_ship(
        self, info: Info_, input: Annotated[FulfilmentShipInput, argument("What leaves.")]
    ) -> FulfilmentPayload | None:
        wish = ShipWish(
            fulfilment_id=row_of("Fulfilment", input.fulfilment_id),
            waybills=waybills(input.packages),
            package_ids=rows_of("Package", input.package_ids),
            idempotency_key=input.idempotency_key,
        )
        return changed_fulfilment(info, ship_fulfilment, wish)

    @mutation("Notes that all packages of a fulfilment have reached the buyer.", *WORK)
    def fulfilment_deliver(
        self, info: Info_, input: Annotated[FulfilmentInput, argument("Which one.")]
    ) -> FulfilmentPayload | None:
        row = row_of("Fulfilment", input.fulfilment_id)
        return changed_fulfilment(info, deliver_fulfilment, row)


def changed_fulfilment(info: Info_, change: Callable[..., int], wish: object) -> FulfilmentPayload:
    """The payload of a change that answers the fulfilment's row number."""
    context, selection = context_of(info), selection_of(info)

    def work() -> dict[str, Any]:
        fulfilment_id = change(
            context.write, wish, actor=context.actor, hooks=context.shop.hooks, now=context.now
        )
        [found] = fulfilments_by(
            context.connection,
            selection.of("fulfilment"),
            key="id",
            keys=[fulfilment_id],
            now=context.now,
        )
        order = None
        if selection.wants("order") and ORDERS.value in context.granted:
            wanted = selection.of("order")
            order = placed_order(context.connection, wanted, found.order_id, now=context.now)
        return {"fulfilment": found, "order": order}

    return attempted(FulfilmentPayload, work)

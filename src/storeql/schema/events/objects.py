"""What events are about: their types in the schema, and one planned read for all of a page."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from storeql.access import Permission
from storeql.catalog import resolvers as catalog
from storeql.context import RequestContext
from storeql.customers import resolvers as customers
from storeql.db import Selection
from storeql.events.records import Event
from storeql.orders import resolvers as orders
from storeql.promotions import resolvers as promotions
from storeql.promotions.types import PromotionTypes
from storeql.schema.catalog.types import Product, ProductVariant
from storeql.schema.orders.types import Order
from storeql.schema.people.context import reader_of
from storeql.schema.people.customers import Customer
from storeql.schema.promotions.types import Promotion

Load = Callable[[RequestContext, Sequence[int], Selection], dict[int, Any]]


class Subject(Struct, frozen=True):
    """How an event shows what it is about: the field's name, its type, and its read."""

    field: str
    graphql_type: type
    load: Load


def _orders(context: RequestContext, rows: Sequence[int], wanted: Selection) -> dict[int, Any]:
    found = orders.orders_by(
        context.connection, wanted, key="id", values=rows, actor=context.actor, now=context.now
    )
    return {order.id: order for order in found}


def _view(context: RequestContext) -> catalog.View:
    return catalog.View(now=context.now, drafts=Permission.MANAGE_PRODUCTS in context.granted)


def _products(context: RequestContext, rows: Sequence[int], wanted: Selection) -> dict[int, Any]:
    return catalog.products_by_id(context.connection, rows, wanted, view=_view(context))


def _variants(context: RequestContext, rows: Sequence[int], wanted: Selection) -> dict[int, Any]:
    return catalog.shown_variants(context.connection, rows, wanted, view=_view(context))


def _customers(context: RequestContext, rows: Sequence[int], wanted: Selection) -> dict[int, Any]:
    reader = reader_of(context)
    return customers.customers_by_id(context.connection, rows, wanted, reader=reader)


def _promotions(context: RequestContext, rows: Sequence[int], wanted: Selection) -> dict[int, Any]:
    types = PromotionTypes(context.shop.hooks.promotion_types)
    view = promotions.View(types, context.now)
    return promotions.promotions_by_id(context.connection, rows, wanted, view=view)


# Whoever may hear of an event's kind may see what it is about: no read here asks again.
SUBJECTS: dict[str, Subject] = {
    "Order": Subject("order", Order, _orders),
    "Product": Subject("product", Product, _products),
    "ProductVariant": Subject("variant", ProductVariant, _variants),
    "Customer": Subject("customer", Customer, _customers),
    "Promotion": Subject("promotion", Promotion, _promotions),
}


def with_objects(
    context: RequestContext, events: Sequence[Event], selection: Selection
) -> list[Event]:
    """The events with what they are about, where the selection asks for it: one read a type."""
    found: dict[tuple[str, int], Any] = {}
    for name, subject in SUBJECTS.items():
        rows = sorted({event.object_id for event in events if event.subject == name})
        if rows and selection.wants(subject.field):
            loaded = subject.load(context, rows, selection.of(subject.field))
            found.update({(name, row): record for row, record in loaded.items()})
    if not found:
        return list(events)
    return [_about(event, found.get((event.subject, event.object_id))) for event in events]


def _about(event: Event, record: Any) -> Event:
    return event if record is None else Event(**{**_plain(event), "object": record})


def _plain(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Event.__struct_fields__}

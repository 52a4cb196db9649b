"""What warehouses send of orders, as clients see it: pieces, packages, holds."""

from collections.abc import Sequence

import strawberry

from storeql.access import Permission
from storeql.orders.fulfilment import records
from storeql.orders.tracking import records as tracking
from storeql.schema.catalog.types import Warehouse
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.orders.words import (
    FulfilmentState,
    HoldReason,
    OrderState,
    PackageState,
    TrackingKind,
)
from storeql.schema.people.address import Address
from storeql.schema.scalars import DateTime

WORK = (Permission.FULFIL_ORDERS, Permission.MANAGE_ORDERS)


@strawberry.type(description="So many pieces of an order's line.")
@answers(records.PackedPiece)
class FulfilmentPiece:
    """Pieces of one order line."""

    sku: str = attribute("The stock keeping unit.")
    product_name: str = attribute("The product's name when it was ordered.")
    variant_name: str = attribute("What told the variant apart.")
    is_gift: bool = attribute("Whether a promotion added it.")
    quantity: int = attribute("How many pieces.")
    packed: int = attribute("How many of them are in packages.")

    @pure("The order line's id.")
    def line_id(self: records.PackedPiece) -> strawberry.ID:
        return opaque_id("OrderLine", self.line_id)

    @pure("The variant's id; it may be gone by now.")
    def variant_id(self: records.PackedPiece) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)


@strawberry.type(description="Something that happened to a package on its way.")
@answers(tracking.TrackingEvent)
class TrackingEvent:
    """A tracking event."""

    at: DateTime = attribute("When it happened.")
    place: str = attribute("Where it happened; empty where the carrier does not say.")
    message: str = attribute("What the carrier says of it.")

    @pure("What happened.")
    def kind(self: tracking.TrackingEvent) -> TrackingKind:
        return TrackingKind(self.kind)


@strawberry.type(description="Where a package is, as its carrier tells.")
@answers(tracking.Tracking)
class Tracking:
    """Tracking of a package."""

    events: Sequence[TrackingEvent] = attribute("What happened, the newest first.")

    @pure("Where it is; null before its first event.")
    def status(self: tracking.Tracking) -> TrackingKind | None:
        return None if self.status is None else TrackingKind(self.status)

    @pure("When the carrier expects to deliver it; null where it does not say.")
    def estimated_delivery_at(self: tracking.Tracking) -> DateTime | None:
        return self.estimated_at  # type: ignore[return-value]


@strawberry.type(description="One box of what a warehouse sends of an order.")
@answers(records.Package)
class Package:
    """A package."""

    number: str = attribute("Its name: the fulfilment's number, and its place among the boxes.")
    pieces: Sequence[FulfilmentPiece] = attribute("What is in it.")
    weight_grams: int | None = attribute("Its weight in grams, if somebody weighed it.")
    expected_grams: int | None = attribute(
        "What its pieces weigh in grams, without the box; null when one's weight is not known.",
        *WORK,
    )
    length_mm: int | None = attribute("Its length in millimetres.")
    width_mm: int | None = attribute("Its width in millimetres.")
    height_mm: int | None = attribute("Its height in millimetres.")
    carrier: str = attribute("Who carries it; empty while that is not known.")
    tracking_number: str = attribute("The number it is followed by; empty without one.")
    tracking: Tracking | None = attribute("Where it is, as its carrier tells.")
    packed_by: str | None = attribute("Who packed it, such as staff:3.", *WORK)
    created_at: DateTime = attribute("When it was begun.")
    shipped_at: DateTime | None = attribute("When it left the house.")
    delivered_at: DateTime | None = attribute("When it reached the buyer.")
    version: int = attribute("Raised by every change.")

    @pure("The opaque id.")
    def id(self: records.Package) -> strawberry.ID:
        return opaque_id("Package", self.id)

    @pure("Where it is.")
    def state(self: records.Package) -> PackageState:
        return PackageState(self.state)

    @pure("Its waybill to print, as PDF; null until it has a tracking number.", *WORK)
    def label_url(self: records.Package) -> str | None:
        known = bool(self.tracking_number)
        return f"/papers/waybills.pdf?id={opaque_id('Package', self.id)}" if known else None


@strawberry.type(description="What one warehouse sends of an order.")
@answers(records.Fulfilment)
class Fulfilment(Node):
    """A fulfilment."""

    number: str = attribute("Its name: the order's number, and its place in the order.")
    warehouse: Warehouse | None = attribute("Which warehouse sends it.", *WORK)
    pieces: Sequence[FulfilmentPiece] = attribute("What it is to send.")
    packages: Sequence[Package] = attribute("Its boxes.")
    order_number: str = attribute("The order's number.")
    name: str = attribute("The recipient's name.")
    phone: str = attribute("How the carrier reaches the recipient.")
    address: Address = attribute("Where it goes.")
    delivery_name: str = attribute("The name of the delivery method.")
    placed_at: DateTime = attribute("When the order was placed.")
    is_late: bool | None = attribute("Whether it is in the house after `shipBy`.", *WORK)
    created_at: DateTime = attribute("When it came to be.")
    updated_at: DateTime = attribute("When it last changed.")
    shipped_at: DateTime | None = attribute("When it left the house.")
    delivered_at: DateTime | None = attribute("When the last of its packages came.")
    version: int = attribute("Raised by every change.")

    @pure("Where it is.")
    def state(self: records.Fulfilment) -> FulfilmentState:
        return FulfilmentState(self.state)

    @pure("Its packing slip to print, as PDF; several ids in one address make one stack.", *WORK)
    def packing_slip_url(self: records.Fulfilment) -> str | None:
        return f"/papers/packing-slips.pdf?id={opaque_id('Fulfilment', self.id)}"

    @pure("The order's id.")
    def order_id(self: records.Fulfilment) -> strawberry.ID:
        return opaque_id("Order", self.order_id)

    @pure("Where its order is; nothing is done about one that is on hold.")
    def order_state(self: records.Fulfilment) -> OrderState:
        return OrderState(self.order_state)

    @pure("When it has to leave the house; null for orders older than this promise.")
    def ship_by(self: records.Fulfilment) -> DateTime | None:
        return self.ship_by_at  # type: ignore[return-value]


@strawberry.type(description="Why an order waits, or waited.")
@answers(records.OrderHold)
class OrderHold:
    """A hold."""

    note: str = attribute("Why in words.")
    placed_by: str = attribute("Who put it there, such as staff:3.")
    placed_at: DateTime = attribute("Since when.")
    released_by: str = attribute("Who ended it; empty while it is open.")
    release_note: str = attribute("Why it ended, in words.")
    released_at: DateTime | None = attribute("Until when; null while it is open.")

    @pure("The opaque id.")
    def id(self: records.OrderHold) -> strawberry.ID:
        return opaque_id("OrderHold", self.id)

    @pure("What it waits for.")
    def reason(self: records.OrderHold) -> HoldReason:
        return HoldReason(self.reason)

"""Pick lists as the warehouse sees them."""

from collections.abc import Sequence

import strawberry

from storeql.orders.fulfilment.listing import FulfilmentSort
from storeql.orders.fulfilment.picking import pickers, records
from storeql.orders.fulfilment.picking.states import PickListState, ShortReason
from storeql.schema.catalog.types import Warehouse
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.scalars import DateTime

strawberry.enum(PickListState, name="PickListState", description="Where a pick list is.")
strawberry.enum(
    ShortReason,
    name="ShortReason",
    description=(
        "Why a piece is missing; the ledger of stock notes it as LOST, DAMAGED or CORRECTED."
    ),
)
strawberry.enum(
    FulfilmentSort,
    name="FulfilmentSort",
    description=(
        "What a list of fulfilments is sorted by. SHIP_BY: what has to leave first first; the list"
        " then holds what is still in the house."
    ),
)


@strawberry.type(description="Pieces of one order's line to take off one shelf.")
@answers(records.PickListLine)
class PickListLine:
    """A line of a pick list."""

    fulfilment_number: str = attribute("What they are for: where the picker puts them.")
    sku: str = attribute("The stock keeping unit.")
    barcode: str | None = attribute("The barcode, if the variant has one.")
    product_name: str = attribute("The product's name when it was ordered.")
    variant_name: str = attribute("What told the variant apart.")
    bin_location: str = attribute("The shelf; empty when nobody said which.")
    quantity: int = attribute("How many pieces are wanted.")
    picked: int = attribute("How many were taken.")
    missing: int = attribute("How many were not there.")
    note: str = attribute("What was said of those that were not there.")
    to_be_picked: bool = attribute(
        "False while the order is on hold, and when this was given up or is packed."
    )

    @pure("The opaque id.")
    def id(self: records.PickListLine) -> strawberry.ID:
        return opaque_id("PickListLine", self.id)

    @pure("The fulfilment's id.")
    def fulfilment_id(self: records.PickListLine) -> strawberry.ID:
        return opaque_id("Fulfilment", self.fulfilment_id)

    @pure("The variant's id; it may be gone by now.")
    def variant_id(self: records.PickListLine) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("Why pieces were not there; null when none are missing.")
    def reason(self: records.PickListLine) -> ShortReason | None:
        return ShortReason(self.reason) if self.reason else None


@strawberry.type(description="What somebody takes off which shelves, for one order or many.")
@answers(records.PickList)
class PickList(Node):
    """A pick list."""

    warehouse: Warehouse = attribute("The warehouse.")
    lines: Sequence[PickListLine] = attribute("Its lines on their way through the warehouse.")
    assignee_name: str = attribute("Who picks; empty while it is anybody's.")
    created_by: str = attribute("Who made it, such as staff:3.")
    created_at: DateTime = attribute("When it was made.")
    updated_at: DateTime = attribute("When it last changed.")
    finished_at: DateTime | None = attribute("When it was finished or cancelled.")
    quantity: int = attribute("How many pieces are wanted, all lines together.")
    picked: int = attribute("How many were taken.")
    missing: int = attribute("How many were not there.")
    version: int = attribute("Raised by every change.")

    @pure("Where it is.")
    def state(self: records.PickList) -> PickListState:
        return PickListState(self.state)

    @pure("The staff member who picks; null while it is anybody's.")
    def assignee_id(self: records.PickList) -> strawberry.ID | None:
        return None if self.staff_id is None else opaque_id("StaffMember", self.staff_id)


@strawberry.type(description="A staff member who can be given a pick list.")
@answers(pickers.Picker)
class Picker:
    """Somebody who picks."""

    name: str = attribute("What people call them, or their e-mail address.")

    @pure("The staff member's id.")
    def id(self: pickers.Picker) -> strawberry.ID:
        return opaque_id("StaffMember", self.id)


__all__ = ["FulfilmentSort", "PickList", "PickListLine", "PickListState", "Picker", "ShortReason"]

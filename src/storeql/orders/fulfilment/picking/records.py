"""What reads of pick lists return."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.catalog.records import Warehouse


class PickListLine(Struct, frozen=True, kw_only=True):
    """Pieces to take off a shelf; `to_be_picked` is False when their order waits or is gone."""

    id: int
    pick_list_id: int
    fulfilment_id: int
    fulfilment_number: str
    order_line_id: int
    variant_id: int
    sku: str
    barcode: str | None
    product_name: str
    variant_name: str
    bin_location: str
    quantity: int
    picked: int
    missing: int
    reason: str
    note: str
    to_be_picked: bool


class PickList(Struct, frozen=True, kw_only=True):
    """A list of what somebody takes off which shelves; counts are pieces of all its lines."""

    id: int
    state: str
    warehouse: Warehouse
    staff_id: int | None
    assignee_name: str
    created_by: str
    created_at: int
    updated_at: int
    finished_at: int | None
    version: int
    quantity: int
    picked: int
    missing: int
    lines: Sequence[PickListLine] = ()

"""What reads of fulfilment return: flat frozen structs with row numbers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.catalog.records import Warehouse
from storeql.customers.address import Address
from storeql.orders.tracking.records import Tracking


class PackedPiece(Struct, frozen=True, kw_only=True):
    """So many pieces of an order's line; `packed` of them are in packages."""

    line_id: int
    variant_id: int
    sku: str
    product_name: str
    variant_name: str
    is_gift: bool
    quantity: int
    packed: int = 0


class Package(Struct, frozen=True, kw_only=True):
    """One box; weight in grams, size in millimetres, None where nobody measured.

    `expected_grams` is what its pieces weigh, None when the weight of one of them is not known.
    """

    id: int
    fulfilment_id: int
    number: str
    state: str
    pieces: Sequence[PackedPiece]
    weight_grams: int | None
    expected_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    carrier: str
    tracking_number: str
    packed_by: str
    created_at: int
    shipped_at: int | None
    delivered_at: int | None
    version: int
    tracking: Tracking | None = None


class Fulfilment(Struct, frozen=True, kw_only=True):
    """What one warehouse sends of an order; `is_late`: in the house after `ship_by_at`."""

    id: int
    order_id: int
    number: str
    state: str
    warehouse: Warehouse
    pieces: Sequence[PackedPiece]
    packages: Sequence[Package]
    order_number: str
    order_state: str
    customer_id: int | None
    name: str
    phone: str
    address: Address
    delivery_name: str
    placed_at: int
    ship_by_at: int | None
    is_late: bool
    created_at: int
    updated_at: int
    shipped_at: int | None
    delivered_at: int | None
    version: int


class OrderHold(Struct, frozen=True, kw_only=True):
    """Why an order waits, or waited."""

    id: int
    order_id: int
    reason: str
    note: str
    placed_by: str
    placed_at: int
    released_by: str
    release_note: str
    released_at: int | None

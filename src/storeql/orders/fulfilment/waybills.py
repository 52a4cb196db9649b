"""Who carries which package: what staff say of it, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from storeql.inputs import Fields
from storeql.orders.fulfilment.package_rows import PackageRow

LONGEST_CARRIER = 64
LONGEST_TRACKING = 128
MOST_WAYBILLS = 50


class Waybill(Struct, frozen=True, kw_only=True):
    """Who carries a package, and the number it is followed by."""

    package_id: int
    carrier: str = ""
    tracking_number: str = ""


class ShipWish(Struct, frozen=True, kw_only=True):
    """A packed fulfilment that leaves; `waybills` for the packages whose carrier is known.

    With `package_ids` only these leave, and the others wait as a fulfilment of their own.
    """

    fulfilment_id: int
    idempotency_key: str
    waybills: Sequence[Waybill] = ()
    package_ids: Sequence[int] = ()


class OrderShipment(Struct, frozen=True, kw_only=True):
    """An order of which everything leaves that is packed; numbers for its packages in order."""

    order_id: int
    idempotency_key: str
    carrier: str = ""
    tracking_numbers: tuple[str, ...] = ()


def by_package(
    waybills: Sequence[Waybill], packed: Sequence[PackageRow], package_ids: Sequence[int] = ()
) -> Mapping[int, Waybill]:
    """The waybills by package; raises Rejected for packages that the fulfilment does not have."""
    fields, known = Fields(), {one.id for one in packed}
    seen: set[int] = set()
    for at, waybill in zip(fields.each("packages", len(waybills)), waybills, strict=True):
        if waybill.package_id not in known:
            at.missing("package", "packageId")
        elif waybill.package_id in seen:
            at.report("DUPLICATE", "This package comes twice.", "packageId")
        seen.add(waybill.package_id)
    for place, package_id in enumerate(package_ids):
        if package_id not in known:
            fields.missing("package", "packageIds", str(place))
    fields.refuse_problems()
    return {one.package_id: one for one in waybills}


def checked_waybills(fields: Fields, waybills: Sequence[Waybill]) -> Sequence[Waybill]:
    """The waybills with clean texts; what is wrong with them is noted in `fields`."""
    entries = zip(fields.each("packages", len(waybills)), waybills, strict=True)
    return [
        Waybill(
            package_id=one.package_id,
            carrier=_carrier(at, one.carrier),
            tracking_number=_number(at, "trackingNumber", one.tracking_number),
        )
        for at, one in entries
    ]


def checked_wish(wish: ShipWish) -> ShipWish:
    """The wish with clean texts; raises Rejected with everything wrong with it."""
    fields = Fields()
    fields.count("packages", wish.waybills, most=MOST_WAYBILLS)
    fields.count("packageIds", wish.package_ids, most=MOST_WAYBILLS)
    waybills = checked_waybills(fields, wish.waybills)
    fields.refuse_problems()
    return msgspec.structs.replace(wish, waybills=waybills)


def checked_shipment(wish: OrderShipment) -> OrderShipment:
    """The same for a whole order."""
    fields = Fields()
    fields.count("trackingNumbers", wish.tracking_numbers, most=MOST_WAYBILLS)
    carrier = _carrier(fields, wish.carrier)
    numbers = tuple(
        _number(fields.at("trackingNumbers"), str(place), one)
        for place, one in enumerate(wish.tracking_numbers)
    )
    fields.refuse_problems()
    return msgspec.structs.replace(wish, carrier=carrier, tracking_numbers=numbers)


def _carrier(fields: Fields, typed: str) -> str:
    return fields.line("carrier", typed, most=LONGEST_CARRIER, required=False)


def _number(fields: Fields, name: str, typed: str) -> str:
    number = fields.line(name, typed, most=LONGEST_TRACKING, required=False)
    if not number.isascii():
        message = "A tracking number has Latin letters, digits and signs: a barcode holds no other."
        fields.report("INVALID_CHARACTER", message, name)
    return number

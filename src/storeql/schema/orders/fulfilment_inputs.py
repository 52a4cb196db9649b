"""What the warehouse's mutations take."""

import strawberry

from storeql.orders.fulfilment.pack import Packed, PackWish
from storeql.orders.fulfilment.package_rows import Box
from storeql.orders.fulfilment.scan import Scanned
from storeql.orders.fulfilment.waybills import Waybill
from storeql.schema.ids import row_of
from storeql.schema.optional import defaulting, listed, needed
from storeql.schema.orders.inputs import KEY

GRAMS = "Its weight in grams, if it was weighed."


@strawberry.input(description="Pieces under a code.")
class PieceInput:
    """Pieces that were scanned or counted."""

    code: str = needed("A SKU or a barcode.")
    quantity: int = defaulting(1, "How many pieces.")


@strawberry.input(description="A package and what goes into it.")
class PackageInput:
    """A package to fill and close."""

    pieces: list[PieceInput] = needed("What goes in, at most 1,000 entries.")
    weight_grams: int | None = defaulting(None, GRAMS)
    length_mm: int | None = defaulting(None, "Its length in millimetres.")
    width_mm: int | None = defaulting(None, "Its width in millimetres.")
    height_mm: int | None = defaulting(None, "Its height in millimetres.")


@strawberry.input(description="A fulfilment to pack, every piece checked.")
class FulfilmentPackInput:
    """What goes into which box."""

    fulfilment_id: strawberry.ID = needed("The fulfilment.")
    packages: list[PackageInput] = listed(
        "The packages, at most 50; everything goes into one, unchecked, when they are left out."
    )


@strawberry.input(description="One fulfilment.")
class FulfilmentInput:
    """Which one."""

    fulfilment_id: strawberry.ID = needed("The fulfilment.")


@strawberry.input(description="Who carries a package.")
class WaybillInput:
    """Carrier and tracking number of one package."""

    package_id: strawberry.ID = needed("The package.")
    carrier: str = defaulting("", "Who carries it, at most 64 characters.")
    tracking_number: str = defaulting("", "The number it is followed by, at most 128 characters.")


@strawberry.input(description="Who carries packages that are still in the house.")
class FulfilmentLabelInput:
    """Waybills for packages."""

    fulfilment_id: strawberry.ID = needed("The fulfilment.")
    packages: list[WaybillInput] = needed("1 to 50 of its packages; the others stay as they are.")


@strawberry.input(description="A packed fulfilment that leaves the house.")
class FulfilmentShipInput:
    """What leaves, and with whom."""

    fulfilment_id: strawberry.ID = needed("The fulfilment.")
    packages: list[WaybillInput] = listed("Its packages whose carrier is known.")
    package_ids: list[strawberry.ID] = listed(
        "Only these packages leave, and the others wait as a fulfilment of their own; all leave"
        " when they are left out."
    )
    idempotency_key: str = needed(KEY)


def pack_wish(typed: FulfilmentPackInput) -> PackWish:
    """The wish of an input."""
    return PackWish(
        fulfilment_id=row_of("Fulfilment", typed.fulfilment_id),
        packages=[
            Packed(
                scans=[Scanned(piece.code, piece.quantity) for piece in one.pieces],
                box=Box(
                    weight_grams=one.weight_grams,
                    length_mm=one.length_mm,
                    width_mm=one.width_mm,
                    height_mm=one.height_mm,
                ),
            )
            for one in typed.packages
        ],
    )


def waybills(typed: list[WaybillInput]) -> list[Waybill]:
    """The waybills of an input."""
    return [
        Waybill(
            package_id=row_of("Package", one.package_id),
            carrier=one.carrier,
            tracking_number=one.tracking_number,
        )
        for one in typed
    ]

"""Mutations of a packing station, and of who sends what: packages by scan, split, merge, move."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.orders.fulfilment.package_rows import Box
from storeql.orders.fulfilment.packing import (
    PackageClose,
    PackageScan,
    begin_package,
    close_package,
    finish_packing,
    remove_package,
    scan_package,
)
from storeql.orders.fulfilment.scan import Scanned
from storeql.orders.fulfilment.split import (
    MergeWish,
    MoveWish,
    SplitWish,
    merge_fulfilments,
    move_fulfilment,
    split_fulfilment,
)
from storeql.schema.fields import argument
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import mutation
from storeql.schema.optional import defaulting, needed
from storeql.schema.orders.fulfilment_inputs import GRAMS, FulfilmentInput, PieceInput
from storeql.schema.orders.fulfilment_mutations import FulfilmentPayload, changed_fulfilment
from storeql.schema.orders.fulfilments import WORK

Info_: TypeAlias = Info[Any, Any]
VERSION = "The fulfilment's version that was read."


@strawberry.input(description="Pieces that go into an open package, or come out of it.")
class PackageScanInput:
    """A scan at a packing station."""

    package_id: strawberry.ID = needed("The package.")
    code: str = needed("A SKU or a barcode.")
    quantity: int = defaulting(1, "How many pieces.")
    is_out: bool = defaulting(False, "True: they come out again.")


@strawberry.input(description="A package that is full.")
class PackageCloseInput:
    """A package to close."""

    package_id: strawberry.ID = needed("The package.")
    weight_grams: int | None = defaulting(None, GRAMS)
    length_mm: int | None = defaulting(None, "Its length in millimetres.")
    width_mm: int | None = defaulting(None, "Its width in millimetres.")
    height_mm: int | None = defaulting(None, "Its height in millimetres.")


@strawberry.input(description="One package.")
class PackageIdInput:
    """Which one."""

    package_id: strawberry.ID = needed("The package.")


@strawberry.input(description="Pieces that are to leave a fulfilment for one of their own.")
class FulfilmentSplitInput:
    """A split."""

    fulfilment_id: strawberry.ID = needed("The fulfilment.")
    pieces: list[PieceInput] = needed("What leaves it; something must stay.")
    expected_version: int = needed(VERSION)


@strawberry.input(description="Fulfilments of one order and warehouse that become one.")
class FulfilmentsMergeInput:
    """A merge."""

    fulfilment_ids: list[strawberry.ID] = needed("2 to 50; the first one stays.")


@strawberry.input(description="A fulfilment that another warehouse is to send.")
class FulfilmentMoveInput:
    """A move."""

    fulfilment_id: strawberry.ID = needed("The fulfilment.")
    warehouse_id: strawberry.ID = needed("The warehouse that is to send it.")
    expected_version: int = needed(VERSION)


@strawberry.type
class PackingMutation:
    """Mutations of packages and of how orders are split."""

    @mutation("Begins one more package of a fulfilment.", *WORK)
    def package_begin(
        self, info: Info_, input: Annotated[FulfilmentInput, argument("Of which one.")]
    ) -> FulfilmentPayload | None:
        row = row_of("Fulfilment", input.fulfilment_id)
        return changed_fulfilment(info, begin_package, row)

    @mutation("Puts pieces into an open package, each checked, or takes them out.", *WORK)
    def package_scan(
        self, info: Info_, input: Annotated[PackageScanInput, argument("What was scanned.")]
    ) -> FulfilmentPayload | None:
        wish = PackageScan(
            package_id=row_of("Package", input.package_id),
            scanned=Scanned(input.code, input.quantity),
            is_out=input.is_out,
        )
        return changed_fulfilment(info, scan_package, wish)

    @mutation("Closes a package; over the last piece, the fulfilment is packed.", *WORK)
    def package_close(
        self, info: Info_, input: Annotated[PackageCloseInput, argument("Which one.")]
    ) -> FulfilmentPayload | None:
        box = Box(
            weight_grams=input.weight_grams,
            length_mm=input.length_mm,
            width_mm=input.width_mm,
            height_mm=input.height_mm,
        )
        wish = PackageClose(package_id=row_of("Package", input.package_id), box=box)
        return changed_fulfilment(info, close_package, wish)

    @mutation("Takes an open package away; its pieces are not packed any more.", *WORK)
    def package_remove(
        self, info: Info_, input: Annotated[PackageIdInput, argument("Which one.")]
    ) -> FulfilmentPayload | None:
        return changed_fulfilment(info, remove_package, row_of("Package", input.package_id))

    @mutation("Finishes packing: closes what is open; refused while a piece is missing.", *WORK)
    def fulfilment_pack_finish(
        self, info: Info_, input: Annotated[FulfilmentInput, argument("Which one.")]
    ) -> FulfilmentPayload | None:
        row = row_of("Fulfilment", input.fulfilment_id)
        return changed_fulfilment(info, finish_packing, row)

    @mutation("Splits a fulfilment that nobody has begun.", *WORK)
    def fulfilment_split(
        self, info: Info_, input: Annotated[FulfilmentSplitInput, argument("What leaves it.")]
    ) -> FulfilmentPayload | None:
        wish = SplitWish(
            fulfilment_id=row_of("Fulfilment", input.fulfilment_id),
            scans=[Scanned(one.code, one.quantity) for one in input.pieces],
            expected_version=input.expected_version,
        )
        return changed_fulfilment(info, split_fulfilment, wish)

    @mutation("Joins fulfilments of one order and warehouse that nobody has begun.", *WORK)
    def fulfilments_merge(
        self, info: Info_, input: Annotated[FulfilmentsMergeInput, argument("Which ones.")]
    ) -> FulfilmentPayload | None:
        wish = MergeWish(fulfilment_ids=rows_of("Fulfilment", input.fulfilment_ids))
        return changed_fulfilment(info, merge_fulfilments, wish)

    @mutation("Leaves a fulfilment that nobody has begun to another warehouse.", *WORK)
    def fulfilment_move(
        self, info: Info_, input: Annotated[FulfilmentMoveInput, argument("To which one.")]
    ) -> FulfilmentPayload | None:
        wish = MoveWish(
            fulfilment_id=row_of("Fulfilment", input.fulfilment_id),
            warehouse_id=row_of("Warehouse", input.warehouse_id),
            expected_version=input.expected_version,
        )
        return changed_fulfilment(info, move_fulfilment, wish)

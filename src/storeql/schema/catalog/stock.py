"""Stock for staff: the ledger of movements, and changes of what is on hand."""

from typing import Annotated, Any, TypeAlias

import strawberry
from msgspec import Struct
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import inputs
from storeql.catalog.stock import ledger as stock_ledger
from storeql.catalog.stock.adjust import StockReason, adjust_stock
from storeql.catalog.stock.set_bins import BinChange, set_bins
from storeql.db import Connection as DatabaseConnection
from storeql.db import Selection
from storeql.orders.idempotency import key_of
from storeql.schema.catalog.types import Warehouse
from storeql.schema.catalog.variant_mutations import ProductVariantsPayload, variants_payload
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.mutation import context_of, mutation, run
from storeql.schema.once import first_time
from storeql.schema.optional import defaulting, needed, optional, row_or_none, value_or_none
from storeql.schema.orders.inputs import KEY
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
STOCK, FULFIL = Permission.MANAGE_STOCK, Permission.FULFIL_ORDERS

strawberry.enum(StockReason, name="StockReason", description="Why staff change what is on hand.")


@strawberry.type(description="One change of a stock level; all of them sum to the level.")
@answers(stock_ledger.StockMovement)
class StockMovement:
    """An entry of the stock ledger."""

    warehouse: Warehouse = attribute("The warehouse.")
    on_hand_change: int = attribute("Pieces that came, or went when negative.")
    reserved_change: int = attribute("Pieces promised to orders, or given back when negative.")
    reason: str = attribute("Why: a StockReason, RESERVED, RELEASED and the like.")
    note: str = attribute("What staff noted.")
    reference: str = attribute("What it was for, such as order:12; empty for staff's changes.")
    actor: str = attribute("Who did it, such as staff:3.")
    at: DateTime = attribute("When it happened.")

    @pure("The variant.")
    def variant_id(self: stock_ledger.StockMovement) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)


@strawberry.input(
    description="How many pieces: what comes and goes, or what was counted.", one_of=True
)
class StockQuantityInput:
    """Pieces, in one of two ways."""

    change: int | None = optional("Pieces that come, or go when negative.")
    on_hand: int | None = optional("Pieces that were counted.")


@strawberry.input(description="A change of what a warehouse has on hand.")
class StockChangeInput:
    """A change of stock."""

    variant_id: strawberry.ID = needed("The variant's id.")
    warehouse_id: strawberry.ID = needed("The warehouse's id.")
    reason: StockReason = needed("Why.")
    quantity: StockQuantityInput = needed("How many pieces.")
    expected_on_hand: int | None = defaulting(
        None, "What was on hand when it was read; any when left out."
    )
    note: str = defaulting("", "What to remember about it, at most 500 characters.")


@strawberry.input(description="Changes of stock, all or none.")
class StockAdjustInput:
    """Stock to adjust."""

    changes: list[StockChangeInput] = needed("1 to 100, one for each variant and warehouse.")
    idempotency_key: str = needed(KEY)


@strawberry.input(description="The shelf of a variant in a warehouse.")
class StockBinInput:
    """A shelf."""

    variant_id: strawberry.ID = needed("The variant's id.")
    warehouse_id: strawberry.ID = needed("The warehouse's id.")
    bin_location: str = needed("The shelf, at most 64 characters; empty for none.")


@strawberry.input(description="Where variants lie, all or none.")
class StockBinsSetInput:
    """Shelves to note."""

    bins: list[StockBinInput] = needed("1 to 100 shelves.")


class StockAdjustment(Struct, frozen=True):
    """What an idempotency key stands for."""

    changes: tuple[inputs.StockChange, ...]


@strawberry.type
class StockQuery:
    """Reads of stock."""

    @field("The movements of a variant's stock, newest first.", STOCK)
    def stock_movements(
        self,
        info: Info_,
        variant_id: Annotated[strawberry.ID, argument("The variant's id.")],
        warehouse_id: Annotated[strawberry.ID | None, argument("Only in this warehouse.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StockMovement] | None:
        return stock_ledger.stock_movements_of(  # type: ignore[return-value]
            context_of(info).connection,
            row_of("ProductVariant", variant_id),
            selection_of(info),
            page=page_request(first, after, last, before),
            warehouse_id=row_or_none("Warehouse", warehouse_id),
        )


@strawberry.type
class StockMutation:
    """Mutations of stock."""

    @mutation("Changes what is on hand, never below what orders were promised.", STOCK)
    def stock_adjust(
        self, info: Info_, input: Annotated[StockAdjustInput, argument("The changes.")]
    ) -> ProductVariantsPayload | None:
        context = context_of(info)
        changes = tuple(_change(one) for one in input.changes)

        def work(connection: DatabaseConnection, selection: Selection) -> dict[str, Any]:
            key = key_of(
                context.actor, "stockAdjust", input.idempotency_key, StockAdjustment(changes)
            )
            ids = [one.variant_id for one in changes]
            if first_time(connection, key, object_id=ids[0] if ids else 0, now=context.now):
                adjust_stock(connection, changes, now=context.now, actor=context.actor.key)
            return variants_payload(connection, selection, ids, now=context.now)

        return run(info, ProductVariantsPayload, work)

    @mutation("Says on which shelves variants lie; pick lists lead along them.", STOCK, FULFIL)
    def stock_bins_set(
        self, info: Info_, input: Annotated[StockBinsSetInput, argument("The shelves.")]
    ) -> ProductVariantsPayload | None:
        context = context_of(info)
        changes = [
            BinChange(
                variant_id=row_of("ProductVariant", one.variant_id),
                warehouse_id=row_of("Warehouse", one.warehouse_id),
                bin_location=one.bin_location,
            )
            for one in input.bins
        ]

        def work(connection: DatabaseConnection, selection: Selection) -> dict[str, Any]:
            set_bins(connection, changes)
            ids = [one.variant_id for one in changes]
            return variants_payload(connection, selection, ids, now=context.now)

        return run(info, ProductVariantsPayload, work)


def _change(typed: StockChangeInput) -> inputs.StockChange:
    return inputs.StockChange(
        variant_id=row_of("ProductVariant", typed.variant_id),
        warehouse_id=row_of("Warehouse", typed.warehouse_id),
        reason=typed.reason.value,
        change=value_or_none(typed.quantity.change),
        on_hand=value_or_none(typed.quantity.on_hand),
        expected_on_hand=typed.expected_on_hand,
        note=typed.note,
    )

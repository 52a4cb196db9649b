"""Imports of products, prices and stock from tables: asked for, followed, looked through."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

import storeql.schema.catalog.stock  # noqa: F401 - where StockReason becomes an enum
from storeql.access import Permission, require
from storeql.catalog.stock.adjust import StockReason
from storeql.catalog.transfer import records, resolvers
from storeql.catalog.transfer.columns import TransferKind
from storeql.catalog.transfer.records import EmptyCells, ErrorPolicy, ImportOptions
from storeql.catalog.transfer.start_import import (
    PERMISSIONS,
    ImportWish,
    check_import,
    start_import,
)
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.errors import Rejected
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, opaque_id, row_of
from storeql.schema.jobs.types import Job
from storeql.schema.mutation import (
    UserError,
    context_of,
    mutation,
    refused,
    run,
    user_errors,
)
from storeql.schema.node import refetches
from storeql.schema.optional import defaulting, needed
from storeql.schema.orders.inputs import KEY
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
MUTATION = "catalogImportStart"
TRANSFERS = (Permission.MANAGE_PRODUCTS, Permission.MANAGE_STOCK)

strawberry.enum(
    TransferKind,
    name="CatalogTableKind",
    description="PRODUCTS: whole products. PRICES, STOCK: only those of variants that are there.",
)
strawberry.enum(
    ErrorPolicy,
    name="ImportErrorPolicy",
    description="SKIP_BAD_ROWS: the others are imported. STOP_AT_FIRST: the rows above it are."
    " ALL_OR_NOTHING: none is imported unless all can be, and then all at one instant.",
)
strawberry.enum(
    EmptyCells,
    name="ImportEmptyCells",
    description="KEEP: an empty cell leaves a value as it is. CLEAR: it says that there is none.",
)


@strawberry.type(description="A table that is brought into the catalogue by a background job.")
@answers(records.CatalogImport)
class CatalogImport(Node):
    """An import."""

    kind: TransferKind = attribute("What the table is about.")
    file_name: str = attribute("The file's name as it was uploaded.")
    total: int = attribute("How many rows there are below the heading; 0 until they are read.")
    created: int = attribute("Rows whose variant was added.")
    updated: int = attribute("Rows that changed something.")
    unchanged: int = attribute("Rows that said what was there already.")
    bad: int = attribute("Rows that could not be imported: see `catalogImportProblems`.")
    left_out: int = attribute("Good rows that were not imported, by the error policy.")
    products_created: int = attribute("Products that were added.")
    products_updated: int = attribute("Products that changed, their stock apart.")
    stopped_row: int | None = attribute("The bad row it stopped at, by its number in the file.")
    created_by: str = attribute("Who asked for it.")
    created_at: DateTime = attribute("When it was asked for.")
    job: Job | None = attribute("The job that does it; null once it is forgotten.")

    @pure("Whether nothing is written: the counts tell what would have been.")
    def is_dry_run(self: records.CatalogImport) -> bool:
        return self.options.dry_run

    @pure("What is done about bad rows.")
    def error_policy(self: records.CatalogImport) -> ErrorPolicy:
        return self.options.policy

    @pure("What an empty cell means.")
    def empty_cells(self: records.CatalogImport) -> EmptyCells:
        return self.options.empty_cells

    @pure("Where all rows can be fetched with what became of each; `.xlsx` for `.csv` too.")
    def result_path(self: records.CatalogImport) -> str:
        return f"/exports/catalog-imports/{opaque_id('CatalogImport', self.id)}.csv"

    @pure("Where the bad rows can be fetched with what is wrong, to be mended and imported again.")
    def problems_path(self: records.CatalogImport) -> str:
        return f"/exports/catalog-imports/{opaque_id('CatalogImport', self.id)}/problems.csv"


@strawberry.type(description="One thing that is wrong with a row of an import.")
@answers(records.ImportProblem)
class ImportProblem:
    """A row's problem."""

    row: int = attribute("The row's number in the file, where the heading is row 1.")
    code: str = attribute("A stable code in SCREAMING_CASE.")
    message: str = attribute("What is wrong, for a person.")
    field: str | None = attribute("The column it is about; null for the row as a whole.")


@strawberry.type
class ImportQuery:
    """Reads of imports."""

    @field("Imports that your permissions are for, newest first; kept for 30 days.", *TRANSFERS)
    def catalog_imports(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CatalogImport] | None:
        context = context_of(info)
        return resolvers.imports_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            granted=context.granted,
        )

    @field("One import; null when there is none that you may see.", *TRANSFERS)
    def catalog_import(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The import's id.")]
    ) -> CatalogImport | None:
        row = row_of("CatalogImport", id)
        return _imports(info, [row]).get(row)

    @field("What is wrong with the rows of an import, in their order.", *TRANSFERS)
    def catalog_import_problems(
        self,
        info: Info_,
        id: Annotated[strawberry.ID, argument("The import's id.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ImportProblem] | None:
        context, row = context_of(info), row_of("CatalogImport", id)
        seen = resolvers.imports_by_id(
            context.connection, [row], Selection.of_names(), granted=context.granted
        )
        return resolvers.problems_page(  # type: ignore[return-value]
            context.connection,
            row if row in seen else 0,
            selection_of(info),
            page=page_request(first, after, last, before),
        )


@strawberry.input(description="A table to import, and how.")
class CatalogImportStartInput:
    """An import to be."""

    upload_id: strawberry.ID = needed("The id that uploading the file answered; good for a day.")
    kind: TransferKind = needed("What the table is about.")
    dry_run: bool = defaulting(False, "Only find out what would become of each row.")
    error_policy: ErrorPolicy = defaulting(
        ErrorPolicy.SKIP_BAD_ROWS, "What to do about rows that cannot be imported."
    )
    empty_cells: EmptyCells = defaulting(EmptyCells.KEEP, "What an empty cell means.")
    ignore_unknown_columns: bool = defaulting(
        False, "Pass over columns of other names instead of refusing the file."
    )
    stock_reason: StockReason = defaulting(
        StockReason.CORRECTED,
        "Why stock changes, for the ledger; a new variant's first stock is RECEIVED.",
    )
    idempotency_key: str = needed(KEY)


@strawberry.type(description="An import that was asked for.")
class CatalogImportPayload:
    """What asking for an import answers."""

    catalog_import: CatalogImport | None = attribute("The import; its job tells how far it is.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ImportMutation:
    """Writes of imports."""

    @mutation(
        "Imports products, prices or stock from an uploaded CSV or XLSX table, in the background;"
        " what is wrong with its heading is said at once.",
        *TRANSFERS,
    )
    def catalog_import_start(
        self, info: Info_, input: Annotated[CatalogImportStartInput, argument("The table.")]
    ) -> CatalogImportPayload | None:
        context, wish = context_of(info), _wish(input)
        require(context.actor, PERMISSIONS[wish.kind])
        actor, now = context.actor.key, context.now
        try:
            # Read before the transaction: a large workbook takes longer than writers should wait.
            checked = check_import(
                context.connection, wish, actor=actor, granted=context.granted, now=now
            )
        except Rejected as rejected:
            return refused(CatalogImportPayload, rejected)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            key = key_of(context.actor, MUTATION, input.idempotency_key, wish)
            row = object_of(connection, key)
            if row is None:
                row = start_import(connection, wish, checked, actor=actor, now=now)
                keep_key(connection, key, object_id=row, now=now)
            wanted = selection.of("catalog_import")
            found = resolvers.imports_by_id(connection, [row], wanted, granted=context.granted)
            return {"catalog_import": found.get(row)}

        return run(info, CatalogImportPayload, work)


def _wish(input: CatalogImportStartInput) -> ImportWish:
    return ImportWish(
        kind=input.kind,
        file_id=row_of("Upload", input.upload_id),
        options=ImportOptions(
            policy=input.error_policy,
            empty_cells=input.empty_cells,
            ignore_unknown_columns=input.ignore_unknown_columns,
            dry_run=input.dry_run,
            reason=input.stock_reason.value,
        ),
    )


@refetches("CatalogImport")
def _imports(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Imports, for those whose permissions they are for."""
    context = context_of(info)
    return resolvers.imports_by_id(
        context.connection, rows, selection_of(info), granted=context.granted
    )

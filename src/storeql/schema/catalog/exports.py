"""Exports of products, prices and stock as tables: asked for, followed, fetched."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.catalog.transfer import exports, records
from storeql.catalog.transfer.columns import TransferKind
from storeql.catalog.transfer.records import TableForm
from storeql.catalog.transfer.start_export import ExportWish, start_export
from storeql.catalog.transfer.start_import import PERMISSIONS
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.errors import refuse
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.schema.catalog.filters import ProductFilterInput, product_filter
from storeql.schema.catalog.imports import TRANSFERS
from storeql.schema.catalog.queries import view_of
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, opaque_id, row_of
from storeql.schema.jobs.types import Job
from storeql.schema.mutation import UserError, context_of, mutation, refused, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import defaulting, needed
from storeql.schema.orders.inputs import KEY
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
MUTATION = "catalogExportStart"

strawberry.enum(TableForm, name="TableForm", description="What kind of file a table is.")


@strawberry.type(description="A table of the catalogue that a background job writes.")
@answers(records.CatalogExport)
class CatalogExport(Node):
    """An export."""

    kind: TransferKind = attribute("What the table is about.")
    form: TableForm = attribute("What kind of file it is.")
    products: int = attribute("Products that are written.")
    rows: int = attribute("Rows that are written, one for each variant.")
    size: int | None = attribute("The file's bytes; null until it is whole.")
    created_by: str = attribute("Who asked for it.")
    created_at: DateTime = attribute("When it was asked for.")
    expires_at: DateTime = attribute("From when it can no longer be fetched.")
    job: Job | None = attribute("The job that writes it; null once it is forgotten.")

    @pure("Where the file can be fetched, signed in or with a token as here; null until it is.")
    def path(self: records.CatalogExport) -> str | None:
        if self.size is None:
            return None
        return f"/exports/catalog/{opaque_id('CatalogExport', self.id)}.{self.form.lower()}"


@strawberry.type
class ExportQuery:
    """Reads of exports."""

    @field("Exports that your permissions are for, newest first; kept for 7 days.", *TRANSFERS)
    def catalog_exports(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CatalogExport] | None:
        context = context_of(info)
        return exports.exports_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            granted=context.granted,
        )

    @field("One export; null when there is none that you may see.", *TRANSFERS)
    def catalog_export(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The export's id.")]
    ) -> CatalogExport | None:
        row = row_of("CatalogExport", id)
        return _exports(info, [row]).get(row)


@strawberry.input(description="A table to write.")
class CatalogExportStartInput:
    """An export to be."""

    kind: TransferKind = needed("What the table is about; its columns are those of an import.")
    form: TableForm = defaulting(TableForm.CSV, "What kind of file.")
    filter: ProductFilterInput | None = defaulting(None, "Which products; all when left out.")
    channel: str | None = defaulting(
        None, "The channel whose prices the filter is about; the default one when left out."
    )
    idempotency_key: str = needed(KEY)


@strawberry.type(description="An export that was asked for.")
class CatalogExportPayload:
    """What asking for an export answers."""

    catalog_export: CatalogExport | None = attribute("The export; its job tells how far it is.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class ExportMutation:
    """Writes of exports."""

    @mutation(
        "Writes products, prices or stock as a table, in the background; imported again it changes"
        " nothing.",
        *TRANSFERS,
    )
    def catalog_export_start(
        self, info: Info_, input: Annotated[CatalogExportStartInput, argument("The table.")]
    ) -> CatalogExportPayload | None:
        context = context_of(info)
        if PERMISSIONS[input.kind] not in context.granted:
            message = "Your role does not allow tables of this kind."
            return refused(CatalogExportPayload, refuse("KIND_NOT_ALLOWED", message, "kind"))
        wish = _wish(info, input)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            key = key_of(context.actor, MUTATION, input.idempotency_key, wish)
            row = object_of(connection, key)
            if row is None:
                actor, now = context.actor.key, context.now
                row = start_export(connection, wish, actor=actor, granted=context.granted, now=now)
                keep_key(connection, key, object_id=row, now=now)
            wanted = selection.of("catalog_export")
            found = exports.exports_by_id(connection, [row], wanted, granted=context.granted)
            return {"catalog_export": found.get(row)}

        return run(info, CatalogExportPayload, work)


def _wish(info: Info_, input: CatalogExportStartInput) -> ExportWish:
    view = view_of(info, input.channel)
    found = product_filter(context_of(info).connection, input.filter, view)
    what = exports.WhatToExport(filter=found, channel=input.channel)
    return ExportWish(kind=input.kind, form=input.form, what=what)


@refetches("CatalogExport")
def _exports(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Exports, for those whose permissions they are for."""
    context = context_of(info)
    return exports.exports_by_id(
        context.connection, rows, selection_of(info), granted=context.granted
    )

"""Tables of the catalogue that staff fetch: exports, and what became of an import's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from storeql.access import Permission, require
from storeql.catalog.transfer.exports import ExportRow, fetchable_export
from storeql.catalog.transfer.records import TableForm
from storeql.catalog.transfer.report import Report, open_report, report_lines
from storeql.catalog.transfer.written import csv_pieces, xlsx_file
from storeql.door import HEADERS, STATUS, actor_of, token_of
from storeql.errors import BadInput, StoreError
from storeql.files.read import parts_of
from storeql.schema.ids import row_of
from storeql.shop import Shop

EXPORTS = "/exports/catalog"
IMPORTS = "/exports/catalog-imports"
TRANSFERS = (Permission.MANAGE_PRODUCTS, Permission.MANAGE_STOCK)
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def catalog_routes(shop: Shop, cookie_name: str) -> Sequence[BaseRoute]:
    """The routes of tables; a token, or the cookie of a session, says who asks."""

    def route(path: str, *, only_bad: bool) -> Route:
        answer = partial(_report, shop, cookie_name, only_bad)
        return Route(f"{IMPORTS}/{{found}}{path}.{{form:str}}", answer, methods=["GET"])

    whole = partial(_export, shop, cookie_name)
    return [
        route("/problems", only_bad=True),
        route("", only_bad=False),
        Route(f"{EXPORTS}/{{found}}.{{form:str}}", whole, methods=["GET"]),
    ]


async def _report(shop: Shop, cookie_name: str, only_bad: bool, request: Request) -> Response:
    token, opaque = token_of(request, cookie_name), request.path_params["found"]
    find = partial(_found, shop, token, opaque, only_bad)
    try:
        report = await run_in_threadpool(find)
    except StoreError as refusal:
        status = STATUS.get(type(refusal), 404)
        return PlainTextResponse(refusal.message, status, headers=HEADERS)
    name = f"import-{report.row.id}{'-problems' if only_bad else ''}"
    return await table_response(
        lambda: report_lines(shop.database, report), name, request.path_params["form"]
    )


async def _export(shop: Shop, cookie_name: str, request: Request) -> Response:
    token, parameters = token_of(request, cookie_name), request.path_params
    find = partial(_found_export, shop, token, parameters["found"], parameters["form"])
    try:
        export = await run_in_threadpool(find)
    except StoreError as refusal:
        status = STATUS.get(type(refusal), 404)
        return PlainTextResponse(refusal.message, status, headers=HEADERS)
    name = f"{export.kind.lower()}-{export.id}.{export.form.lower()}"
    return StreamingResponse(
        parts_of(shop.database, export.file_id or 0),
        media_type=CSV if export.form is TableForm.CSV else XLSX,
        headers={**HEADERS, "content-disposition": f'attachment; filename="{name}"'},
    )


async def table_response(
    lines: Callable[[], Iterable[Sequence[str]]], name: str, form: str
) -> Response:
    """A table as `csv` or `xlsx`, to be kept under this name; 404 for another form."""
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        return StreamingResponse(csv_pieces(lines()), media_type=CSV, headers=headers)
    if form == "xlsx":
        content = await run_in_threadpool(lambda: xlsx_file(lines()))
        return Response(content, media_type=XLSX, headers=headers)
    return PlainTextResponse("Ask for .csv or .xlsx.", 404, headers=HEADERS)


def _found(shop: Shop, token: str, opaque: str, only_bad: bool) -> Report:
    """The report; raises NotSignedIn or Forbidden before anything is looked up."""
    actor = actor_of(shop, token)
    require(actor, *TRANSFERS)
    import_id = row_of("CatalogImport", opaque)
    with shop.database.reading() as connection:
        report = open_report(connection, import_id, granted=actor.permissions, only_bad=only_bad)
    if report is None:
        raise BadInput("There is no such import.")
    return report


def _found_export(shop: Shop, token: str, opaque: str, form: str) -> ExportRow:
    """The export; raises NotSignedIn or Forbidden before anything is looked up."""
    actor = actor_of(shop, token)
    require(actor, *TRANSFERS)
    export_id, now = row_of("CatalogExport", opaque), shop.clock()
    with shop.database.reading() as connection:
        export = fetchable_export(connection, export_id, granted=actor.permissions, now=now)
    if export is None or export.form.lower() != form:
        raise BadInput("There is no such export, or it has expired.")
    return export

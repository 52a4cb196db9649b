"""Takes a table that was handed in: looks at its heading at once, leaves its rows to a job."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, insert, update

from storeql.access import Permission
from storeql.catalog.transfer.columns import TransferKind, read_heading
from storeql.catalog.transfer.import_job import CATALOG_IMPORT, ImportWork
from storeql.catalog.transfer.load import known_columns
from storeql.catalog.transfer.records import ErrorPolicy, ImportOptions
from storeql.catalog.transfer.sheets import read_sheet
from storeql.catalog.transfer.tables import catalog_imports
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.files.read import StoredFile, content_of, owned_file
from storeql.jobs import start_job

MOST_ROWS_AT_ONCE = 20_000

PERMISSIONS = {
    TransferKind.PRODUCTS: Permission.MANAGE_PRODUCTS,
    TransferKind.PRICES: Permission.MANAGE_PRODUCTS,
    TransferKind.STOCK: Permission.MANAGE_STOCK,
}

_import = catalog_imports.c
_ADD = statement(
    insert(catalog_imports).returning(_import.id),
    "kind",
    "file_name",
    "file_id",
    "options",
    "heading",
    "created_by",
    "created_at",
)
_SET_JOB = statement(update(catalog_imports).where(_import.id == bindparam("b_id")), "job_id")


class ImportWish(Struct, frozen=True, kw_only=True):
    """A file to import, and how."""

    kind: TransferKind
    file_id: int
    options: ImportOptions


class Checked(Struct, frozen=True, kw_only=True):
    """A file whose heading is right."""

    file: StoredFile
    heading: list[str]
    rows: int


def check_import(
    connection: Connection, wish: ImportWish, *, actor: str, granted: frozenset[str], now: int
) -> Checked:
    """The file of a wish; raises Rejected for one that is no table, or whose heading is wrong.

    `granted` are the actor's permissions: whoever may not change stock has no such columns.
    """
    file = owned_file(connection, wish.file_id, actor=actor, now=now)
    if file is None:
        raise refuse("NOT_FOUND", "There is no such upload, or it has expired.", "uploadId")
    sheet = read_sheet(content_of(connection, file.id))
    columns = read_heading(
        sheet.heading,
        wish.kind,
        known_columns(connection),
        ignore_unknown=wish.options.ignore_unknown_columns,
    )
    if Permission.MANAGE_STOCK not in granted and any(one.key == "stock." for one in columns):
        raise refuse("STOCK_NOT_ALLOWED", "Your role does not change stock.", "uploadId")
    if not sheet.rows:
        raise refuse("EMPTY", "There is no row below the heading.", "uploadId")
    if wish.options.policy is ErrorPolicy.ALL_OR_NOTHING and len(sheet.rows) > MOST_ROWS_AT_ONCE:
        message = f"At most {MOST_ROWS_AT_ONCE} rows can be imported all or nothing."
        raise refuse("TOO_MANY_ROWS", message, "policy")
    return Checked(file=file, heading=sheet.heading, rows=len(sheet.rows))


def start_import(
    connection: Connection, wish: ImportWish, checked: Checked, *, actor: str, now: int
) -> int:
    """The row number of the import; its job begins when this is committed."""
    import_id: int = connection.scalar(
        _ADD,
        kind=wish.kind.value,
        file_name=checked.file.name,
        file_id=checked.file.id,
        options=msgspec.json.encode(wish.options).decode(),
        heading=msgspec.json.encode(checked.heading).decode(),
        created_by=actor,
        created_at=now,
    )
    job_id = start_job(
        connection,
        CATALOG_IMPORT,
        ImportWork(import_id=import_id),
        permission=PERMISSIONS[wish.kind],
        total=checked.rows,
        actor=actor,
        now=now,
    )
    connection.run(_SET_JOB, b_id=import_id, job_id=job_id)
    return import_id

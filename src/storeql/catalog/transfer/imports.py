"""The row of an import as its job holds it: what was asked for, and the counts so far."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, select, update

from storeql.catalog.transfer.columns import Column, Known, TransferKind, read_heading
from storeql.catalog.transfer.records import ErrorPolicy, ImportOptions
from storeql.catalog.transfer.tables import catalog_imports
from storeql.db import Connection, statement

KEPT_MS = 30 * 24 * 60 * 60 * 1000
COUNTS = ("created", "updated", "unchanged", "bad", "products_created", "products_updated")


class ImportRow(Struct, frozen=True, kw_only=True):
    """An import; counts are of rows, those of products apart."""

    id: int
    kind: TransferKind
    file_name: str
    file_id: int | None
    options: ImportOptions
    heading: list[str]
    total: int
    created: int
    updated: int
    unchanged: int
    bad: int
    left_out: int
    products_created: int
    products_updated: int
    stopped_row: int | None
    created_by: str

    def columns(self, known: Known) -> list[Column]:
        """The columns of the file, as the shop knows them now."""
        return read_heading(
            self.heading,
            self.kind,
            known,
            ignore_unknown=self.options.ignore_unknown_columns,
        )


_import = catalog_imports.c
_ROW = statement(
    select(*(_import[name] for name in ImportRow.__struct_fields__)).where(
        _import.id == bindparam("id")
    )
)
_ADD_COUNTS = statement(
    update(catalog_imports)
    .where(_import.id == bindparam("b_id"))
    .values(
        stopped_row=bindparam("new_stopped_row"),
        **{name: _import[name] + bindparam(f"more_{name}") for name in COUNTS},
    )
)
_SETTLE = statement(
    update(catalog_imports).where(_import.id == bindparam("b_id")), *COUNTS, "left_out"
)
_FORGET = statement(delete(catalog_imports).where(_import.created_at < bindparam("before")))


def import_row(connection: Connection, import_id: int) -> ImportRow | None:
    """The import; None when there is none."""
    row = connection.one(_ROW, id=import_id)
    if row is None:
        return None
    given = dict(zip(ImportRow.__struct_fields__, row, strict=True))
    given["options"] = msgspec.json.decode(given["options"], type=ImportOptions)
    given["heading"] = msgspec.json.decode(given["heading"])
    return ImportRow(**{**given, "kind": TransferKind(given["kind"])})


def add_counts(
    connection: Connection, import_id: int, *, stopped_row: int | None, **counts: int
) -> None:
    """Adds the rows and products of one more block."""
    more = {f"more_{name}": counts[name] for name in COUNTS}
    connection.run(_ADD_COUNTS, b_id=import_id, new_stopped_row=stopped_row, **more)


def settle(row: ImportRow) -> ImportRow:
    """The import at its end: rows that it did not come to, or gave up for others, are left out."""
    if row.options.policy is ErrorPolicy.ALL_OR_NOTHING and row.bad:
        nothing = dict.fromkeys(COUNTS, 0) | {"bad": row.bad}
        return msgspec.structs.replace(row, **nothing, left_out=row.total - row.bad)
    told = row.created + row.updated + row.unchanged + row.bad
    return msgspec.structs.replace(row, left_out=row.total - told)


def leave_out(connection: Connection, *, settled: ImportRow) -> None:
    """Keeps the counts of an import that has ended."""
    counts = {name: getattr(settled, name) for name in (*COUNTS, "left_out")}
    connection.run(_SETTLE, b_id=settled.id, **counts)


def forget_old_imports(connection: Connection, *, now: int) -> int:
    """How many imports went that were asked for 30 days ago or more."""
    return connection.run(_FORGET, before=now - KEPT_MS)

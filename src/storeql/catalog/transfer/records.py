"""What reads of imports return."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from storeql.catalog.transfer.columns import TransferKind
from storeql.jobs import Job


class ErrorPolicy(StrEnum):
    """What an import does about rows that cannot be imported."""

    SKIP_BAD_ROWS = "SKIP_BAD_ROWS"
    STOP_AT_FIRST = "STOP_AT_FIRST"
    ALL_OR_NOTHING = "ALL_OR_NOTHING"


class EmptyCells(StrEnum):
    """What an empty cell means: that a value stays as it is, or that there is to be none."""

    KEEP = "KEEP"
    CLEAR = "CLEAR"


class RowResult(StrEnum):
    """What became of a row: LEFT_OUT ones were good, and not imported by the policy."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"
    BAD = "BAD"
    LEFT_OUT = "LEFT_OUT"


class ImportOptions(Struct, frozen=True, kw_only=True):
    """How an import is to be done; `reason` is written into the ledger of stock."""

    policy: ErrorPolicy = ErrorPolicy.SKIP_BAD_ROWS
    empty_cells: EmptyCells = EmptyCells.KEEP
    ignore_unknown_columns: bool = False
    dry_run: bool = False
    reason: str = "CORRECTED"


class CatalogImport(Struct, frozen=True, kw_only=True):
    """An import and how far it is; the counts are of rows, those of products apart.

    A dry run counts what would have come of it. `job` is None once it is forgotten.
    """

    id: int
    kind: TransferKind
    file_name: str
    options: ImportOptions
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
    created_at: int
    job: Job | None = None


class TableForm(StrEnum):
    """What kind of file a table is written as."""

    CSV = "CSV"
    XLSX = "XLSX"


class CatalogExport(Struct, frozen=True, kw_only=True):
    """An export and how far it is; `size` is None until its file is whole, or once it is gone."""

    id: int
    kind: TransferKind
    form: TableForm
    products: int
    rows: int
    size: int | None
    created_by: str
    created_at: int
    expires_at: int
    job: Job | None = None


class ImportProblem(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a row; `field` is the heading of its column."""

    row: int
    code: str
    message: str
    field: str | None

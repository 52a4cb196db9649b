"""A batch's codes as CSV, read page by page so that memory does not grow with the batch."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from storeql.db import Database, statement
from storeql.promotions.tables import voucher_batches, voucher_codes

HEADINGS = ("code", "usage_limit", "usage_count", "starts_at", "ends_at", "claimed_at")
ROWS_A_PAGE = 1_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")

_code = voucher_codes.c
_EXISTS = statement(select(voucher_batches.c.id).where(voucher_batches.c.id == bindparam("id")))
_PAGE = statement(
    select(
        _code.id,
        _code.code,
        _code.usage_limit,
        _code.usage_count,
        _code.starts_at,
        _code.ends_at,
        _code.claimed_at,
    )
    .where(_code.batch_id == bindparam("batch_id"), _code.id > bindparam("after"))
    .order_by(_code.id)
    .limit(bindparam("most"))
)


def batch_exists(database: Database, batch_id: int) -> bool:
    """Whether there is such a batch."""
    with database.reading() as connection:
        return connection.one(_EXISTS, id=batch_id) is not None


def batch_csv(database: Database, batch_id: int) -> Iterator[str]:
    """CSV text with a heading, in the order the codes were made; a transaction a page."""
    yield csv_text([HEADINGS])
    after = 0
    while True:
        with database.reading() as connection:
            rows = connection.rows(_PAGE, batch_id=batch_id, after=after, most=ROWS_A_PAGE)
        if not rows:
            return
        yield csv_text([_cells(row) for row in rows])
        after = rows[-1][0]


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as RFC 4180 has them; a text that a spreadsheet would take for a formula is quoted."""
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(row: Sequence[Any]) -> list[Any]:
    _, code, usage_limit, usage_count, *instants = row
    return [code, usage_limit, usage_count, *map(_instant, instants)]


def _instant(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell

"""Staff who bring tables into the catalogue: uploaded, imported by a worker, looked through."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import xlsxwriter

from storeql.db import Database
from storeql.jobs.worker import Worker
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import Door, open_door

COUNTS = "total created updated unchanged bad leftOut productsCreated productsUpdated stoppedRow"
IMPORT = f"""
  catalogImport {{ id kind fileName isDryRun errorPolicy emptyCells {COUNTS}
    resultPath problemsPath job {{ id state done total result error }} }}
  userErrors {{ code message field }}"""
START = f"""
mutation ($input: CatalogImportStartInput!) {{
  catalogImportStart(input: $input) {{ {IMPORT} }}
}}"""
READ = f"query ($id: ID!) {{ catalogImport(id: $id) {{ {COUNTS} job {{ state error result }} }} }}"
PROBLEMS = """
query ($id: ID!, $first: Int) {
  catalogImportProblems(id: $id, first: $first) { nodes { row code field message } totalCount }
}"""
STOCK_OF = """
query ($id: ID!) { stockMovements(variantId: $id) {
  nodes { onHandChange reason note reference actor } } }"""

Rows = Sequence[Sequence[str]]


@contextmanager
def open_tables(
    database_url: str, media_dir: str, database: Database, **settings: Any
) -> Iterator[TableClerk]:
    """A shop with channels, a warehouse and a type for cups, and its owner with tables."""
    with open_door(database_url, media_dir, **settings) as door:
        hired(database, OWNER, "owner")
        yield TableClerk(door)


class TableClerk(Clerk):
    """A member of staff with tables to import."""

    def __init__(self, door: Door, email: str = OWNER) -> None:
        super().__init__(door, email)
        self._keys = 0

    def build(self) -> Built:
        """The shop that the tables are about."""
        return Built(self)

    def upload(self, content: bytes, name: str = "table.csv", token: str | None = None) -> Any:
        """What uploading answers."""
        given = self.token if token is None else token
        headers = {"authorization": f"Bearer {given}"} if given else {}
        return self.door.http.post(
            "/uploads", params={"name": name}, content=content, headers=headers
        )

    def started(self, content: bytes | Rows, kind: str = "PRODUCTS", **more: Any) -> Any:
        """The payload of asking for an import of a table."""
        raw = content if isinstance(content, bytes) else csv_of(content)
        uploaded = self.upload(raw)
        assert uploaded.status_code == 201, uploaded.text
        self._keys += 1
        wish = {"uploadId": uploaded.json()["id"], "kind": kind, "idempotencyKey": str(self._keys)}
        return self.ask(START, input={**wish, **more})

    def imported(self, content: bytes | Rows, kind: str = "PRODUCTS", **more: Any) -> Any:
        """An import that a worker has done."""
        payload = self.started(content, kind, **more)
        assert payload["userErrors"] == []
        self.work()
        done = self.ask(READ, id=payload["catalogImport"]["id"])
        assert done["job"]["state"] == "SUCCEEDED", done
        return payload["catalogImport"] | done

    def refused(self, content: bytes | Rows, kind: str = "PRODUCTS", **more: Any) -> list[str]:
        """The codes of what is wrong with a file that was not taken."""
        payload = self.started(content, kind, **more)
        assert payload["catalogImport"] is None
        return [error["code"] for error in payload["userErrors"]]

    def problems(self, done: Any) -> list[tuple[int, str, str | None]]:
        """Row, code and column of all that was wrong."""
        found = self.ask(PROBLEMS, id=done["id"], first=100)
        return [(one["row"], one["code"], one["field"]) for one in found["nodes"]]

    def fetched(self, path: str) -> list[list[str]]:
        """A table that is fetched as CSV."""
        answer = self.door.http.get(path, headers={"authorization": f"Bearer {self.token}"})
        assert answer.status_code == 200, answer.text
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))

    def work(self) -> None:
        """A worker's visit."""
        shop = self.door.http.app.state.shop  # type: ignore[attr-defined]
        at_work = Worker(shop.database, shop.job_kinds, shop.clock)
        while at_work.run_slice():
            pass


def csv_of(rows: Rows, delimiter: str = ",") -> bytes:
    """A table as CSV in UTF-8."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(rows: Sequence[Sequence[Any]]) -> bytes:
    """A table as an XLSX workbook, numbers as numbers."""
    kept = io.BytesIO()
    workbook = xlsxwriter.Workbook(kept)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    workbook.close()
    return kept.getvalue()


def counts(done: Any) -> dict[str, Any]:
    """The counts of an import that are not 0 or null."""
    return {name: done[name] for name in COUNTS.split() if done[name]}

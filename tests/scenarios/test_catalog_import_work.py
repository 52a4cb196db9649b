"""The work of an import: cut short, cancelled, beside staff who change the same, seen by roles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.transfer import import_job
from storeql.db import Connection, Database
from storeql.jobs.worker import Worker
from tests.catalog.ledger import levels
from tests.customers.people import hired
from tests.scenarios.tables_door import (
    READ,
    START,
    TableClerk,
    counts,
    csv_of,
    open_tables,
)
from tests.scenarios.test_catalog_imports import CUP, HEADING, SECOND, bent, product, thousand
from tests.webhooks.office import subscribe

LEASE_MS = 31_000
TOLD = (
    "PRODUCT_CREATED",
    "PRODUCT_UPDATED",
    "PRODUCT_PUBLISHED",
    "PRICE_CHANGED",
    "VARIANT_STOCK_CHANGED",
)
LIST = """
{ catalogImports(first: 50) {
  nodes { id kind fileName created isDryRun errorPolicy resultPath job { state done } } totalCount
} }"""
CANCEL = "mutation ($id: ID!) { jobCancel(input: { id: $id }) { job { state } } }"


class Killed(BaseException):
    """A process that ends without another word."""


@pytest.fixture
def clerk(database: Database, database_url: str, tmp_path: Path) -> Iterator[TableClerk]:
    with open_tables(database_url, str(tmp_path), database) as opened:
        opened.build()
        opened.make("categoryCreate", name="Cups")
        opened.make("tagCreate", name="New")
        yield opened


@pytest.mark.parametrize("policy", ["SKIP_BAD_ROWS", "ALL_OR_NOTHING"])
def test_a_worker_that_is_killed_in_the_middle_neither_loses_nor_doubles_a_row(
    clerk: TableClerk, database: Database, monkeypatch: pytest.MonkeyPatch, policy: str
) -> None:
    write, written = import_job.write_changes, 0

    def dying(connection: Connection, *given: Any, **more: Any) -> None:
        nonlocal written
        written += 1
        write(connection, *given, **more)
        if written == 2:
            raise Killed

    monkeypatch.setattr(import_job, "write_changes", dying)
    started = clerk.started(thousand(), errorPolicy=policy)["catalogImport"]
    with pytest.raises(Killed):
        clerk.work()
    found = clerk.ask("{ products(includeUnpublished: true) { totalCount } }")["totalCount"]
    assert found == (125 if policy == "SKIP_BAD_ROWS" else 0)
    clerk.door.clock.now += LEASE_MS
    clerk.work()
    done = clerk.ask(READ, id=started["id"])
    assert counts(done) == {"total": 1000, "created": 1000, "productsCreated": 250}
    stock = levels(database)
    assert len(stock) == 1000 and set(stock.values()) == {(5, 0)}


def test_two_workers_with_the_same_new_products_add_them_once(
    clerk: TableClerk, database: Database
) -> None:
    table = thousand()
    started = [clerk.started(table)["catalogImport"]["id"] for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        for finished in [pool.submit(clerk.work) for _ in started]:
            finished.result()
    done = [clerk.ask(READ, id=one) for one in started]
    assert [one["job"]["state"] for one in done] == ["SUCCEEDED"] * 2
    assert sum(one["created"] for one in done) == 1000
    assert sum(one["unchanged"] for one in done) == 1000
    assert set(levels(database).values()) == {(5, 0)} and len(levels(database)) == 1000


def test_an_import_is_cancelled_between_two_blocks(
    clerk: TableClerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = clerk.started(thousand())["catalogImport"]
    write = import_job.write_changes

    def cancelled(connection: Connection, *given: Any, **more: Any) -> None:
        write(connection, *given, **more)
        monkeypatch.setattr(import_job, "write_changes", write)
        shop.errands.submit(clerk.ask, CANCEL, id=started["job"]["id"])

    shop = clerk.door.http.app.state.shop  # type: ignore[attr-defined]
    monkeypatch.setattr(import_job, "write_changes", cancelled)
    at_work = Worker(shop.database, shop.job_kinds, shop.clock)
    monkeypatch.setattr("storeql.jobs.worker.SLICE_SECONDS", 0.0)
    at_work.run_slice()
    at_work.run_slice()
    clerk.door.errands_done()
    clerk.work()
    done = clerk.ask(READ, id=started["id"])
    assert (done["job"]["state"], done["created"]) == ("CANCELLED", 500)


def test_what_staff_change_while_a_block_is_worked_out_is_not_lost(
    clerk: TableClerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk.imported([HEADING, CUP])
    prepare = import_job._prepared

    def overtaken(*given: Any) -> Any:
        made = prepare(*given)
        monkeypatch.setattr(import_job, "_prepared", prepare)
        shop.errands.submit(rename).result()
        return made

    def rename() -> None:
        found = product(clerk)
        change = """mutation ($input: ProductUpdateInput!) {
          productUpdate(input: $input) { userErrors { code } } }"""
        read = '{ product(slug: "tea-cup", includeUnpublished: true) { id } }'
        given = {"id": clerk.ask(read)["id"], "expectedVersion": found["version"]}
        clerk.ask(change, input={**given, "description": "By hand.", "name": "By hand"})

    shop = clerk.door.http.app.state.shop  # type: ignore[attr-defined]
    monkeypatch.setattr(import_job, "_prepared", overtaken)
    done = clerk.imported([["sku", "name", "price.cn"], ["CUP-1", "Cup", "17"]])
    assert counts(done) == {"total": 1, "updated": 1, "productsUpdated": 1}
    after = product(clerk)
    assert (after["name"], after["description"], after["version"]) == ("Cup", "By hand.", 3)
    assert after["variants"][0]["price"] == {"amount": "17.00"}


def test_stock_is_never_counted_below_what_orders_were_promised(
    clerk: TableClerk, database: Database
) -> None:
    clerk.imported([HEADING, CUP])
    database.write(lambda c: c.text("UPDATE stock_levels SET reserved = 4"))
    done = clerk.imported([["sku", "stock.north"], ["CUP-1", "3"]], "STOCK")
    assert clerk.problems(done) == [(2, "STOCK_RESERVED", "stock.north")]
    assert counts(clerk.imported([["sku", "stock.north"], ["CUP-1", "4"]], "STOCK")) == {
        "total": 1,
        "updated": 1,
    }


def test_a_block_takes_the_same_statements_however_many_rows(
    clerk: TableClerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements(table: list[list[str]]) -> int:
        seen: list[str] = []
        clerk.started(table)
        shop = clerk.door.http.app.state.shop  # type: ignore[attr-defined]
        shop.database.recorder = seen.append
        clerk.work()
        shop.database.recorder = None
        return len(seen)

    few = statements(thousand()[:5])
    assert statements([HEADING, *thousand()[401:897]]) <= few
    assert few < 110


def test_programs_outside_are_told_what_an_import_changed_and_who_asked_for_it(
    clerk: TableClerk,
) -> None:
    subscribe(clerk.door, clerk.token, "http://127.0.0.1:9/", *TOLD)

    def told() -> list[tuple[str, str]]:
        events = clerk.ask("{ events(first: 50) { nodes { kind actor } } }")["nodes"]
        return sorted((event["kind"], event["actor"]) for event in events)

    clerk.imported([HEADING, CUP])
    new = [
        ("PRICE_CHANGED", "staff:1"),
        ("PRICE_CHANGED", "staff:1"),
        ("PRODUCT_CREATED", "staff:1"),
        ("PRODUCT_PUBLISHED", "staff:1"),
        ("VARIANT_STOCK_CHANGED", "staff:1"),
    ]
    assert told() == new
    clerk.imported([HEADING, CUP])
    assert told() == new
    clerk.imported([["sku", "name"], ["CUP-1", "Cup"]])
    assert told() == sorted([*new, ("PRODUCT_UPDATED", "staff:1")])


def test_each_role_sees_what_its_permissions_are_for(clerk: TableClerk, database: Database) -> None:
    done = clerk.imported([HEADING, CUP])
    stock = clerk.imported([["sku", "stock.north"], ["CUP-1", "4"]], "STOCK")
    assert [one["id"] for one in clerk.ask(LIST)["nodes"]] == [stock["id"], done["id"]]
    hired(database, "orders@example.cn", "orders")  # with MANAGE_STOCK
    keeper = TableClerk(clerk.door, "orders@example.cn")
    assert [one["kind"] for one in keeper.ask(LIST)["nodes"]] == ["STOCK"]
    assert keeper.ask(LIST)["nodes"][0]["job"]["state"] == "SUCCEEDED"
    assert keeper.ask(READ, id=done["id"]) is None
    assert keeper.problems(done) == []
    assert keeper.ask("query ($id: ID!) { node(id: $id) { id } }", id=done["id"]) is None
    upload = keeper.upload(csv_of([HEADING, CUP])).json()["id"]
    wish = {"uploadId": upload, "kind": "PRODUCTS", "idempotencyKey": "1"}
    assert keeper.door.refusal(START, keeper.token, input=wish) == "FORBIDDEN"

    def status(path: str, token: str) -> int:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return int(clerk.door.http.get(path, headers=headers).status_code)

    customer = clerk.door.customer("buyer@example.cn")
    path = done["resultPath"]
    assert [status(path, token) for token in ("", customer, keeper.token)] == [401, 403, 404]
    assert status(path.replace(".csv", ".xlsx"), clerk.token) == 200
    assert status(path.replace(".csv", ".pdf"), clerk.token) == 404
    assert status("/exports/catalog-imports/x.csv", clerk.token) == 404


def test_a_role_that_manages_products_alone_has_no_columns_of_stock(
    clerk: TableClerk, database: Database
) -> None:
    role = """mutation { roleCreate(
      input: { slug: "texts", name: "Texts", permissions: [MANAGE_PRODUCTS] }
    ) { userErrors { code } } }"""
    assert clerk.ask(role)["userErrors"] == []
    hired(database, "texts@example.cn", "texts")
    writer = TableClerk(clerk.door, "texts@example.cn")
    assert writer.refused([HEADING, CUP]) == ["STOCK_NOT_ALLOWED"]


def test_an_import_asked_for_again_under_its_key_is_the_same(clerk: TableClerk) -> None:
    upload = clerk.upload(csv_of([HEADING, CUP, SECOND])).json()["id"]
    wish = {"uploadId": upload, "kind": "PRODUCTS", "idempotencyKey": "once"}
    first = clerk.ask(START, input=wish)["catalogImport"]["id"]
    assert clerk.ask(START, input=wish)["catalogImport"]["id"] == first
    other = clerk.ask(START, input=wish | {"dryRun": True})
    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]


def test_the_report_of_a_workbook_is_read_back_as_it_was(clerk: TableClerk) -> None:
    done = clerk.imported([HEADING, bent(name="'=cmd|calc"), SECOND])
    headers = {"authorization": f"Bearer {clerk.token}"}
    path = done["resultPath"].replace(".csv", ".xlsx")
    content = clerk.door.http.get(path, headers=headers).content
    assert counts(clerk.imported(content)) == {"total": 2, "unchanged": 2}
    cells = clerk.fetched(done["resultPath"])[1]
    assert cells[1] == "'=cmd|calc"


def test_a_workbook_that_unpacks_to_more_than_it_says_is_refused(clerk: TableClerk) -> None:
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    far = b'<worksheet><sheetData><c r="XFD1048576"><v>1</v></c></sheetData></worksheet>'

    def workbook(content: bytes, more: int = 0) -> bytes:
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"<workbook/>")
            archive.writestr("xl/worksheets/sheet1.xml", content + b" " * more)
        return kept.getvalue()

    assert clerk.refused(workbook(far), "PRICES") == ["NOT_A_TABLE"]
    assert clerk.refused(workbook(sheet, more=401_000_000), "PRICES") == ["NOT_A_TABLE"]
    assert clerk.refused(workbook(sheet), "PRICES") == ["NOT_A_TABLE"]  # no workbook in it

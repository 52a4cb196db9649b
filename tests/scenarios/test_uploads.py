"""Staff hand files in over HTTP: whole or not at all, within bounds, for themselves alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from storeql.db import Database
from storeql.files.keep import PART_BYTES, forget_expired_files
from storeql.files.read import content_of, parts_of
from tests.customers.people import hired
from tests.scenarios.tables_door import TableClerk, open_tables

DAY = 86_400_000
MOST = 3 * PART_BYTES
START = """
mutation ($id: ID!) {
  catalogImportStart(input: { uploadId: $id, kind: PRICES, idempotencyKey: "a" }) {
    userErrors { code field }
  }
}"""
VALUES = "('x', 'staff:1', 0, "
TABLE = b"sku,price.cn\nA,1\n"


@pytest.fixture
def clerk(database: Database, database_url: str, tmp_path: Path) -> Iterator[TableClerk]:
    with open_tables(database_url, str(tmp_path), database, max_upload=MOST) as opened:
        yield opened


def kept(database: Database) -> list[int]:
    with database.reading() as connection:
        return [row[0] for row in connection.text("SELECT id FROM files ORDER BY id").fetchall()]


def test_a_file_is_kept_as_it_was_sent(clerk: TableClerk, database: Database) -> None:
    content = bytes(range(256)) * 5000
    answer = clerk.upload(content, "..\\folder/茶杯.csv")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["name"], told["size"]) == ("茶杯.csv", len(content))
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert told["expiresAt"] == "2025-11-25T16:00:00.000Z"
    [row] = kept(database)
    with database.reading() as connection:
        assert content_of(connection, row) == content
    parts = list(parts_of(database, row))
    assert b"".join(parts) == content and {len(part) for part in parts[:-1]} == {PART_BYTES}


def test_a_file_is_kept_for_a_day(clerk: TableClerk, database: Database) -> None:
    clerk.build()
    upload = clerk.upload(TABLE).json()["id"]
    now = clerk.door.clock.now
    assert database.write(lambda c: forget_expired_files(c, now=now + DAY - 1)) == 0
    clerk.door.clock.now += DAY
    assert clerk.ask(START, id=upload)["userErrors"] == [
        {"code": "NOT_FOUND", "field": ["uploadId"]}
    ]
    assert database.write(lambda c: forget_expired_files(c, now=now + DAY)) == 1
    assert kept(database) == []


def test_a_file_that_is_too_large_is_refused_and_forgotten(
    clerk: TableClerk, database: Database
) -> None:
    for headers in ({}, {"transfer-encoding": "chunked"}):
        parts = iter([b"x" * PART_BYTES] * 4) if headers else None
        answer = clerk.door.http.post(
            "/uploads",
            content=parts or b"x" * (MOST + 1),
            headers={"authorization": f"Bearer {clerk.token}"},
        )
        assert answer.status_code == 413
        [error] = answer.json()["errors"]
        assert error["extensions"] == {"code": "PAYLOAD_TOO_LARGE", "limit": MOST}
    assert clerk.upload(b"").status_code == 422
    assert kept(database) == []


def test_files_are_for_staff_with_something_to_do(clerk: TableClerk, database: Database) -> None:
    customer = clerk.door.customer("buyer@example.cn")
    codes = [clerk.upload(TABLE, token=token).status_code for token in ("", "nonsense", customer)]
    assert codes == [401, 401, 403]
    hired(database, "service@example.cn", "service")
    assert clerk.upload(TABLE, token=clerk.door.staff("service@example.cn")).status_code == 201


def test_a_page_of_another_site_cannot_hand_in_a_file(clerk: TableClerk) -> None:
    cookies = {"cookie": f"storeql_session={clerk.token}"}

    def status(**headers: str) -> int:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = clerk.door.http.post("/uploads", content=TABLE, headers=cookies | sent)
        return int(answer.status_code)

    assert status(sec_fetch_site="cross-site") == 403
    assert status(origin="https://elsewhere.example") == 403
    assert status(sec_fetch_site="same-origin") == 201


def test_a_form_is_no_file(clerk: TableClerk) -> None:
    headers = {"authorization": f"Bearer {clerk.token}"}
    answer = clerk.door.http.post("/uploads", files={"file": TABLE}, headers=headers)
    assert answer.status_code == 415


def test_an_upload_is_of_use_to_whoever_made_it_alone(
    clerk: TableClerk, database: Database
) -> None:
    clerk.build()
    upload = clerk.upload(TABLE).json()["id"]
    hired(database, "other@example.cn", "catalogue")
    other = clerk.door.staff("other@example.cn")
    refused = clerk.door.ask(START, other, id=upload)["userErrors"]
    assert refused == [{"code": "NOT_FOUND", "field": ["uploadId"]}]


def test_nobody_keeps_files_without_end(clerk: TableClerk, database: Database) -> None:
    at = clerk.door.clock.now + 1
    row = f"INSERT INTO files (name, created_by, created_at, expires_at) VALUES {VALUES}{at})"
    database.write(lambda c: [c.text(row) for _ in range(200)])
    answer = clerk.upload(TABLE)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["extensions"] == {"code": "TOO_MANY_FILES"}
    clerk.door.clock.now += 1
    assert clerk.upload(TABLE).status_code == 201
    database.write(lambda c: c.text("UPDATE files SET size = 2000000000 WHERE is_whole"))
    assert clerk.upload(TABLE).status_code == 422

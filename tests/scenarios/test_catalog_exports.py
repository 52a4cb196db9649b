"""The catalogue leaves as a table, and the same table changes nothing when it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.transfer import export_job
from storeql.db import Connection, Database
from storeql.jobs.worker import Worker
from tests.customers.people import hired
from tests.demo_door import open_demo, owner_token
from tests.scenarios.people_door import Door
from tests.scenarios.tables_door import TableClerk, counts, open_tables
from tests.scenarios.test_catalog_imports import CUP, HEADING, SECOND, bent, product, thousand

DAY = 86_400_000
EXPORT = "id kind form products rows size path expiresAt job { state error done total result }"
START = f"""
mutation ($input: CatalogExportStartInput!) {{
  catalogExportStart(input: $input) {{
    catalogExport {{ {EXPORT} }} userErrors {{ code field }}
  }}
}}"""
READ = f"query ($id: ID!) {{ catalogExport(id: $id) {{ {EXPORT} }} }}"
LIST = "{ catalogExports(first: 5) { nodes { id kind } totalCount } }"
VERSIONS = "SELECT id, version, updated_at FROM {} ORDER BY id"


class Exporter(TableClerk):
    """A member of staff who takes tables out."""

    def asked(self, kind: str = "PRODUCTS", key: str = "a", **more: Any) -> Any:
        """The export that was asked for."""
        wish = {"kind": kind, "idempotencyKey": key, **more}
        payload = self.ask(START, input=wish)
        assert payload["userErrors"] == []
        return payload["catalogExport"]

    def exported(self, kind: str = "PRODUCTS", key: str = "a", **more: Any) -> Any:
        """An export that a worker has written."""
        asked = self.asked(kind, key, **more)
        self.work()
        done = self.ask(READ, id=asked["id"])
        assert done["job"]["state"] == "SUCCEEDED", done
        return done

    def content(self, done: Any, token: str | None = None) -> Any:
        """The answer to fetching the file."""
        headers = {"authorization": f"Bearer {self.token if token is None else token}"}
        return self.door.http.get(done["path"], headers=headers)


@pytest.fixture
def clerk(database: Database, database_url: str, tmp_path: Path) -> Iterator[Exporter]:
    with open_tables(database_url, str(tmp_path), database) as opened:
        opened.__class__ = Exporter
        assert isinstance(opened, Exporter)
        opened.build()
        opened.make("categoryCreate", name="Cups")
        opened.make("tagCreate", name="New")
        yield opened


def test_products_leave_as_the_table_they_came_from(clerk: Exporter) -> None:
    hostile = bent(slug="plain", name="'=1+1", sku="'-5", options="a\\;b=c\\=d", barcode="'@x")
    clerk.imported([HEADING, CUP, SECOND, hostile])
    done = clerk.exported()
    assert (done["products"], done["rows"], done["kind"], done["form"]) == (2, 3, "PRODUCTS", "CSV")
    answer = clerk.content(done)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="products-1.csv"'
    assert len(answer.content) == done["size"]
    heading, first, second, plain = clerk.fetched(done["path"])
    assert heading == [
        "slug", "name", "description", "product_type", "categories", "collections", "tags",
        "attributes.material", "attributes.volume",
        "published.cn", "published.jp", "published.kw",
        "sku", "variant_name", "options", "weight", "barcode",
        "price.cn", "price.jp", "price.kw", "compare_at.cn", "compare_at.jp", "compare_at.kw",
        "cost.cn", "cost.jp", "cost.kw", "stock.north",
    ]  # fmt: skip
    assert dict(zip(heading, first, strict=True)) | {"published.cn": ""} == {
        **dict.fromkeys(heading, ""),
        "slug": "tea-cup",
        "name": "Tea cup",
        "description": "For tea.",
        "product_type": "cup",
        "categories": "cups",
        "tags": "new",
        "attributes.material": "clay",
        "attributes.volume": "250",
        "published.kw": "no",
        "sku": "CUP-1",
        "variant_name": "白 / S",
        "options": "颜色=白; 尺码=S",
        "weight": "300",
        "barcode": "0012345",
        "price.cn": "19.90",
        "price.kw": "1.250",
        "compare_at.cn": "25.00",
        "cost.cn": "8.00",
        "stock.north": "5",
    }
    assert second[:3] == ["tea-cup", "", ""]
    told = dict(zip(heading, plain, strict=True))
    assert (told["name"], told["sku"], told["barcode"]) == ("'=1+1", "'-5", "'@x")
    assert told["options"] == "a\\;b=c\\=d"
    before = product(clerk)
    again = clerk.imported(answer.content)
    assert counts(again) == {"total": 3, "unchanged": 3}
    assert counts(clerk.imported(answer.content, emptyCells="CLEAR")) == {
        "total": 3,
        "unchanged": 3,
    }
    assert product(clerk) == before


@pytest.mark.parametrize("form", ["CSV", "XLSX"])
def test_a_whole_shop_goes_out_and_comes_back_without_a_change(
    migrated_file: Path, tmp_path: Path, form: str
) -> None:
    with open_demo(migrated_file, tmp_path, products=60) as door:
        clerk = owner(door)
        shop = door.http.app.state.shop  # type: ignore[attr-defined]
        before = _versions(shop.database)
        done = clerk.exported(form=form)
        assert done["products"] == 60 and done["rows"] > 60
        content = clerk.content(done).content
        again = clerk.imported(content, emptyCells="CLEAR")
        assert clerk.problems(again) == []
        assert counts(again) == {"total": done["rows"], "unchanged": done["rows"]}
        assert _versions(shop.database) == before


def owner(door: Door) -> Exporter:
    clerk = Exporter.__new__(Exporter)
    clerk.door, clerk._keys = door, 0
    clerk.token = owner_token(door)
    return clerk


def _versions(database: Database) -> Any:
    def counted(connection: Connection) -> Any:
        moved = connection.text("SELECT count(*), max(id) FROM stock_movements").fetchall()
        texts = "SELECT product_id, term, weight FROM product_terms ORDER BY 1, 2"
        return (
            connection.text(VERSIONS.format("products")).fetchall(),
            connection.text("SELECT id, version FROM variants ORDER BY id").fetchall(),
            connection.text("SELECT * FROM publications ORDER BY 1, 2").fetchall(),
            connection.text(texts).fetchall(),
            moved,
        )

    with database.reading() as connection:
        return counted(connection)


def test_prices_and_stock_leave_as_tables_of_their_own(clerk: Exporter) -> None:
    clerk.imported([HEADING, CUP, SECOND])
    prices = clerk.exported("PRICES")
    rows = clerk.fetched(prices["path"])
    assert rows[0][:2] == ["sku", "price.cn"] and [row[:2] for row in rows[1:]] == [
        ["CUP-1", "19.90"],
        ["CUP-2", "21.90"],
    ]
    stock = clerk.exported("STOCK", "b")
    assert clerk.fetched(stock["path"]) == [["sku", "stock.north"], ["CUP-1", "5"], ["CUP-2", "0"]]
    for done, kind in ((prices, "PRICES"), (stock, "STOCK")):
        back = clerk.imported(clerk.content(done).content, kind)
        assert counts(back) == {"total": 2, "unchanged": 2}


def test_an_export_is_of_the_products_that_a_filter_finds(clerk: Exporter) -> None:
    other = bent(slug="glass", name="Glass", sku="GLASS-1", options="", published__cn="no")
    dear = bent(slug="dear", sku="DEAR", options="", price__cn="900", compare_at__cn="")
    clerk.imported([HEADING, CUP, other, dear])

    def skus(key: str, **filter: Any) -> list[str]:
        done = clerk.exported("PRICES", key, filter=filter, channel="cn")
        return [row[0] for row in clerk.fetched(done["path"])[1:]]

    assert skus("1") == ["CUP-1", "GLASS-1", "DEAR"]
    assert skus("2", search="glass") == ["GLASS-1"]
    assert skus("3", priceFrom="100") == ["DEAR"]
    assert skus("4", category="none") == []
    assert skus("5", search="。") == []
    wrong = {"kind": "PRICES", "idempotencyKey": "6", "channel": "nowhere"}
    assert clerk.door.refusal(START, clerk.token, input=wrong) == "BAD_USER_INPUT"


def test_a_worker_that_is_killed_in_the_middle_neither_loses_nor_doubles_a_line(
    clerk: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    clerk.imported(thousand())
    add, added = export_job.add_part, 0

    def dying(connection: Connection, *given: Any) -> None:
        nonlocal added
        added += 1
        add(connection, *given)
        if added == 2:
            raise Killed

    monkeypatch.setattr(export_job, "PRODUCTS_A_STEP", 40)
    monkeypatch.setattr(export_job, "add_part", dying)
    asked = clerk.asked("STOCK")
    shop = clerk.door.http.app.state.shop  # type: ignore[attr-defined]
    with pytest.raises(Killed):
        Worker(shop.database, shop.job_kinds, shop.clock).run_slice()
    assert clerk.ask(READ, id=asked["id"])["path"] is None
    clerk.door.clock.now += 31_000
    clerk.work()
    done = clerk.ask(READ, id=asked["id"])
    assert (done["products"], done["rows"]) == (250, 1000)
    assert done["job"]["done"] == done["job"]["total"] == 250
    skus = [row[0] for row in clerk.fetched(done["path"])[1:]]
    assert sorted(skus) == sorted(f"SKU-{number}" for number in range(2, 1002))


def test_a_step_takes_the_same_statements_however_many_products(clerk: Exporter) -> None:
    def statements(key: str) -> int:
        seen: list[str] = []
        shop = clerk.door.http.app.state.shop  # type: ignore[attr-defined]
        clerk.asked(key=key)
        shop.database.recorder = seen.append
        clerk.work()
        shop.database.recorder = None
        return len(seen)

    clerk.imported([HEADING, CUP])
    few = statements("1")
    clerk.imported(thousand()[:401])
    assert statements("2") == few


def test_an_export_too_large_for_a_workbook_says_so(
    clerk: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_job, "MOST_ROWS_OF_A_WORKBOOK", 1)
    clerk.imported([HEADING, CUP, SECOND])
    asked = clerk.asked(form="XLSX")
    clerk.work()
    job = clerk.ask(READ, id=asked["id"])["job"]
    assert job["state"] == "FAILED" and "narrow the filter" in job["error"]


def test_an_export_is_for_those_it_is_for_and_for_a_week(
    clerk: Exporter, database: Database
) -> None:
    clerk.imported([HEADING, CUP])
    done = clerk.exported()
    assert clerk.asked()["id"] == done["id"]  # asked again under its key
    hired(database, "orders@example.cn", "orders")  # with MANAGE_STOCK
    keeper = Exporter(clerk.door, "orders@example.cn")
    wish = {"kind": "PRODUCTS", "idempotencyKey": "1"}
    refused = keeper.door.ask(START, keeper.token, input=wish)
    assert [error["code"] for error in refused["userErrors"]] == ["KIND_NOT_ALLOWED"]
    assert keeper.ask(READ, id=done["id"]) is None
    stock = keeper.exported("STOCK")
    assert [one["kind"] for one in keeper.ask(LIST)["nodes"]] == ["STOCK"]
    assert clerk.ask(LIST)["totalCount"] == 2
    customer = clerk.door.customer("buyer@example.cn")
    codes = [
        clerk.content(one, token).status_code
        for one, token in (
            (done, ""),
            (done, customer),
            (done, keeper.token),
            (stock, keeper.token),
            (stock, clerk.token),
            ({"path": done["path"].replace(".csv", ".xlsx")}, clerk.token),
            ({"path": "/exports/catalog/x.csv"}, clerk.token),
        )
    ]
    assert codes == [401, 403, 404, 200, 200, 404, 404]
    clerk.door.clock.now += 7 * DAY
    assert clerk.content(done).status_code == 404


def test_whoever_may_not_see_stock_exports_none(clerk: Exporter, database: Database) -> None:
    clerk.imported([HEADING, CUP])
    role = """mutation { roleCreate(
      input: { slug: "texts", name: "Texts", permissions: [MANAGE_PRODUCTS] }
    ) { userErrors { code } } }"""
    assert clerk.ask(role)["userErrors"] == []
    hired(database, "texts@example.cn", "texts")
    writer = Exporter(clerk.door, "texts@example.cn")
    heading = writer.fetched(writer.exported()["path"])[0]
    assert "sku" in heading and "stock.north" not in heading

"""`python -m benchmarks.tables`: how long a table of 10,000 variants takes into the shop and out.

The whole job is measured, from the bytes of the file to the saved result, in seconds of CPU of the
worker and of the database server: new products, the same file again, one price changed in each row,
and an export of it all.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
from msgspec import Struct
from rich.console import Console

from storeql.catalog import inputs
from storeql.catalog.finding.filters import ProductFilter
from storeql.catalog.products.save_product_type import create_product_type
from storeql.catalog.save_channel import create_channel
from storeql.catalog.stock.save_warehouse import create_warehouse
from storeql.catalog.taxonomy.save_tag import create_tag
from storeql.catalog.transfer.columns import TransferKind
from storeql.catalog.transfer.exports import WhatToExport
from storeql.catalog.transfer.records import ImportOptions, TableForm
from storeql.catalog.transfer.start_export import ExportWish, start_export
from storeql.catalog.transfer.start_import import ImportWish, check_import, start_import
from storeql.db import Connection
from storeql.db.migrate import migrate
from storeql.files.keep import PART_BYTES, add_part, make_whole, open_file
from storeql.jobs.worker import Worker
from storeql.settings import Settings
from storeql.shop import Shop, open_shop

VARIANTS = 10_000
VARIANTS_A_PRODUCT = 4
NOW = 1_764_000_000_000
LATER = NOW + 86_400_000
STAFF = "staff:1"
GRANTED = frozenset(("MANAGE_PRODUCTS", "MANAGE_STOCK"))
AIMS = {"sqlite": 20.0, "postgresql": 10.0}
HEADING = (
    "slug", "name", "description", "product_type", "tags", "attributes.material",
    "attributes.volume", "published.cn", "options", "sku", "price.cn", "compare_at.cn", "cost.cn",
    "price.us", "stock.north", "stock.south", "weight", "barcode",
)  # fmt: skip
DESCRIPTION = (
    "轻薄防摔，手感细腻，适合日常使用。A slim case {} that survives the drop from a table. "
)


class Spent(Struct, frozen=True):
    """Seconds of a job: of CPU, the database server's included, and of the clock on the wall."""

    cpu: float
    wall: float


def measure_tables(
    console: Console, engine: str, url: str, count: int = VARIANTS
) -> dict[str, Any]:
    """Seconds a table of so many variants takes, printed; the database must be new."""
    migrate(url)
    shop = open_shop(Settings(database_url=url), clock=lambda: NOW)
    try:
        shop.database.write(_build)
        figures = {
            "new": _imported(shop, _table(count)),
            "unchanged": _imported(shop, _table(count)),
            "repriced": _imported(shop, _table(count, dearer=1)),
            "exported": _done(shop, _export),
        }
    finally:
        shop.database.close()
    aim, took = AIMS[engine], figures["new"].cpu
    reached = "reached" if took < aim else "missed"
    told = ", ".join(f"{name} {spent.cpu:.1f} s" for name, spent in figures.items())
    console.print(
        f"Tables of {count:,} variants on {engine}, CPU with the server's: {told} "
        f"(new under {aim:.0f} s, {reached}; {figures['new'].wall:.1f} s on the wall).",
        highlight=False,
    )
    return {name: {"cpu": spent.cpu, "wall": spent.wall} for name, spent in figures.items()}


def _build(connection: Connection) -> None:
    for slug, currency in (("cn", "CNY"), ("us", "USD")):
        create_channel(connection, inputs.ChannelInput(name=slug, slug=slug, currency=currency))
    for slug in ("north", "south"):
        create_warehouse(connection, inputs.NamedInput(name=slug, slug=slug))
    for slug in ("new", "hot"):
        create_tag(connection, inputs.NamedInput(name=slug, slug=slug))
    attributes = [
        inputs.AttributeInput(name="Material", kind="TEXT", slug="material"),
        inputs.AttributeInput(name="Volume", kind="NUMBER", slug="volume"),
    ]
    create_product_type(
        connection, inputs.ProductTypeInput(name="Case", slug="case", attributes=attributes)
    )


def _table(count: int, *, dearer: int = 0) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADING, *(_row(number, dearer) for number in range(count))])
    return text.getvalue().encode()


def _row(number: int, dearer: int) -> list[str]:
    product, place = divmod(number, VARIANTS_A_PRODUCT)
    itself = [
        f"case-{product}",
        f"手机壳 {product} 号 Phone case model {product}",
        DESCRIPTION.format(product) * 2,
        "case",
        "new; hot" if product % 2 else "new",
        f"material {product % 9}",
        str(product % 300),
        "2025-01-01T00:00:00Z",
    ]
    return [
        *(itself if place == 0 else [""] * len(itself)),
        f"颜色=色{place}",
        f"CASE-{number}",
        f"{20 + number % 50 + dearer}.90",
        f"{120 + number % 50}.00",
        f"{8 + number % 5}.50",
        f"{5 + number % 9}.99",
        str(number % 40),
        str(number % 7),
        str(100 + number % 50),
        f"69{number:011d}",
    ]


def _imported(shop: Shop, content: bytes) -> Spent:
    def start(connection: Connection) -> None:
        file_id = open_file(connection, "cases.csv", actor=STAFF, now=NOW, expires_at=LATER)
        for position, part in enumerate(_parts(content)):
            add_part(connection, file_id, position, part)
        digest = hashlib.sha256(content).hexdigest()
        make_whole(connection, file_id, size=len(content), sha256=digest, expires_at=LATER)
        options = ImportOptions()
        wish = ImportWish(kind=TransferKind.PRODUCTS, file_id=file_id, options=options)
        checked = check_import(connection, wish, actor=STAFF, granted=GRANTED, now=NOW)
        start_import(connection, wish, checked, actor=STAFF, now=NOW)

    return _done(shop, start)


def _export(connection: Connection) -> None:
    what = WhatToExport(filter=ProductFilter())
    wish = ExportWish(kind=TransferKind.PRODUCTS, form=TableForm.CSV, what=what)
    start_export(connection, wish, actor=STAFF, granted=GRANTED, now=NOW)


def _parts(content: bytes) -> Iterator[bytes]:
    return (content[at : at + PART_BYTES] for at in range(0, len(content), PART_BYTES))


def _done(shop: Shop, start: Callable[[Connection], None]) -> Spent:
    """What starting a job, and a worker's doing it, takes; raises when it failed."""
    began, served, clock = time.process_time(), _served(shop), time.perf_counter()
    shop.database.write(start)
    worker = Worker(shop.database, shop.job_kinds, shop.clock)
    while worker.run_slice():
        pass
    cpu = time.process_time() - began + _served(shop) - served
    wall = time.perf_counter() - clock
    with shop.database.reading() as connection:
        last = "SELECT state, error FROM jobs ORDER BY id DESC LIMIT 1"
        state, error = connection.text(last).fetchone()
    if state != "SUCCEEDED":
        raise RuntimeError(error)
    return Spent(round(cpu, 2), round(wall, 2))


def _served(shop: Shop) -> float:
    """Seconds of CPU that the database server has spent on this shop's connections so far."""
    if shop.database.is_sqlite:
        return 0.0
    with shop.database.reading() as connection:
        pids = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        found = [row[0] for row in connection.text(pids).fetchall()]
    times = [psutil.Process(pid).cpu_times() for pid in found if psutil.pid_exists(pid)]
    return sum(one.user + one.system for one in times)


def main() -> None:
    """Measures on SQLite and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__)
    parser.add_argument("--variants", type=int, default=VARIANTS)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'tables.sqlite'}"
        measure_tables(Console(width=140), "sqlite", url, parser.parse_args().variants)


if __name__ == "__main__":
    main()

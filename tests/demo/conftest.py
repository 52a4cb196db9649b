"""A small demo shop to look at, made once per engine, and a way to make another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storeql.db import Database
from storeql.demo.seed import seed_demo
from storeql.demo.summary import DemoShop
from tests.conftest import postgres_url, temporary_database

NOW = 1_795_000_000_000
SEED = 7


def seed_small(database: Database, media_dir: Path, *, seed: int = SEED) -> DemoShop:
    """60 products, 12 customers, 30 orders and no pictures."""
    return seed_demo(
        database,
        media_dir=media_dir,
        products=60,
        customers=12,
        orders=30,
        seed=seed,
        now=NOW,
        images=False,
    )


@pytest.fixture
def demo(engine_name: str, request: pytest.FixtureRequest) -> Database:
    """A database with the small shop in it, shared: only to be read."""
    shared: Database = request.getfixturevalue(f"demo_on_{engine_name}")
    return shared


@pytest.fixture(scope="session")
def demo_on_sqlite(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The small shop on SQLite."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(migrated_file, folder / "shop.sqlite")
    yield from _seeded(f"sqlite:///{folder}/shop.sqlite", folder)


@pytest.fixture(scope="session")
def demo_on_postgresql(
    postgres: Engine, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The small shop on PostgreSQL."""
    with temporary_database(postgres, migrated_template) as name:
        yield from _seeded(postgres_url(name), tmp_path_factory.mktemp("demo"))


def _seeded(url: str, folder: Path) -> Iterator[Database]:
    database = Database(url)
    seed_small(database, folder)
    yield database
    database.close()

"""The `storeql` command: what it does, and how it says that it cannot."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from storeql.cli import main
from storeql.db import Database, statement
from storeql.db.revisions import newest_revision
from storeql.hooks import load_hooks
from storeql.jobs.tables import jobs
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.create_batch import BatchWish, create_batch

Command = Callable[..., subprocess.CompletedProcess[str]]

PASSWORD = "correct horse battery"


@pytest.fixture
def storeql(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command on a database of its own, in this process: a new one takes longer."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "STOREQL_DATABASE_URL": f"sqlite:///{tmp_path}/shop.sqlite",
            "STOREQL_MEDIA_DIR": str(tmp_path / "media"),
            **variables,
        }
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
            for name in os.environ.keys() - environment.keys():
                patch.delenv(name)
            for name, text in environment.items():
                patch.setenv(name, text)
            patch.setattr(sys, "argv", ["storeql", *arguments])
            main()
        told = capsys.readouterr()
        status = int(ended.value.code or 0)
        return subprocess.CompletedProcess(arguments, status, told.out, told.err)

    return run


def test_help_of_the_command_itself_names_every_command() -> None:
    command = Path(sys.executable).with_name("storeql")
    helped = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    commands = ("serve", "worker", "demo", "migrate", "check", "schema", "staff", "token", "plugin")
    for command in commands:
        assert command in helped


def test_a_shop_is_migrated_staffed_and_given_a_token(storeql: Command) -> None:
    assert f"schema {newest_revision()}" in storeql("migrate").stdout
    added = storeql("staff", "add", "owner@example.com", "--password", PASSWORD)
    assert added.returncode == 0, added.stderr
    again = storeql("staff", "add", "owner@example.com", "--password", PASSWORD)
    assert again.returncode == 2
    made = storeql("token", "feed", "--permission", "MANAGE_PRODUCTS", "--days", "30")
    assert made.stdout.startswith("sqa_")
    refused = storeql("token", "feed", "--permission", "FLY")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "cannot be granted" in refused.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"STOREQL_PORT": "many"}, "STOREQL_PORT must be a whole number"),
        ({}, "run `storeql migrate` first"),
        ({"STOREQL_ENVIRONMENT": "production"}, "STOREQL_SECRET"),
    ],
)
def test_serve_says_in_one_sentence_why_it_does_not(
    storeql: Command, variables: dict[str, str], words: str
) -> None:
    answered = storeql("serve", **variables)
    assert answered.returncode == 2
    assert words in " ".join(answered.stderr.split())
    assert "Traceback" not in answered.stderr


def test_a_shop_that_the_demos_passwords_open_is_not_served_in_production(storeql: Command) -> None:
    seeded = storeql("demo", "--no-serve", "--products", "4")
    assert seeded.returncode == 0, seeded.stderr
    production = {"STOREQL_ENVIRONMENT": "production", "STOREQL_SECRET": "k" * 40}
    answered = storeql("serve", **production)
    assert answered.returncode == 2
    assert "demo's staff password" in " ".join(answered.stderr.split())
    assert storeql("demo", "--no-serve", **production).returncode == 2


def test_every_plugin_is_listed_with_what_it_brings(storeql: Command) -> None:
    listed = storeql("plugin", "list", STOREQL_PLUGINS_DISABLED="percentage").stdout
    assert "spend-threshold" in listed
    line = next(line for line in listed.splitlines() if " percentage " in line)
    assert "DISABLED" in line


def test_the_schema_is_printed_as_sdl(storeql: Command) -> None:
    printed = storeql("schema", "export", "--no-with-plugins").stdout
    assert "type Query {" in printed
    assert "HAPPY_HOUR" not in printed


def test_a_server_keeps_a_worker_beside_it_that_never_outlives_it(
    storeql: Command, tmp_path: Path
) -> None:
    assert storeql("demo", "--no-serve", "--products", "4").returncode == 0
    database = Database(f"sqlite:///{tmp_path}/shop.sqlite")
    asked = BatchWish(promotion_id=1, codes=10)
    types = PromotionTypes(load_hooks().promotion_types)
    database.write(lambda c: create_batch(c, asked, types=types, actor="staff:1", now=0))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "storeql.cli", "serve", "--with-worker", "--port", port]
    environment = {**os.environ, "STOREQL_DATABASE_URL": database.url}
    environment["STOREQL_MEDIA_DIR"] = str(tmp_path / "media")
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            until(lambda: states(database) == ["SUCCEEDED"])
            [worker] = psutil.Process(server.pid).children()
        finally:
            server.kill()
    assert psutil.wait_procs([worker], timeout=30)[1] == []
    database.close()


def states(database: Database) -> list[str]:
    """The states of the shop's jobs."""
    with database.reading() as connection:
        return [state for (state,) in connection.rows(statement(select(jobs.c.state)))]


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until it holds."""
    ends_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends_at, "it did not hold in time"
        time.sleep(0.02)


def test_the_books_of_the_demo_shop_add_up_until_somebody_tampers(
    storeql: Command, tmp_path: Path
) -> None:
    assert storeql("demo", "--products", "20", "--no-serve").returncode == 0

    well = storeql("check")
    assert (well.returncode, well.stdout.splitlines()[-1]) == (0, "Everything adds up.")

    database = Database(f"sqlite:///{tmp_path}/shop.sqlite")
    database.write(lambda connection: connection.text("UPDATE stock_levels SET on_hand = 1000000"))
    database.close()
    ill = storeql("check")
    assert ill.returncode == 1
    assert "20+  a stock level is not the sum of its ledger" in ill.stdout
    assert ill.stdout.splitlines()[-1] == "1 rules are broken."

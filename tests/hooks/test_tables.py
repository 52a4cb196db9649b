"""Tables of plugins: named after their plugin, with migrations in order, or the plugin is out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table

from storeql.db import new_metadata
from storeql.hooks import PluginInfo, PluginStatus, PluginTables, load_hooks
from tests.hooks.plugins import answering

FILES = ("0001_first.py", "0002_second.py")


def tables(folder: Path, *names: str, files: tuple[str, ...] = FILES) -> PluginTables:
    metadata = new_metadata()
    for name in names:
        Table(name, metadata, Column("id", Integer, primary_key=True))
    for file in files:
        (folder / file).write_text("", encoding="utf-8")
    return PluginTables(metadata=metadata, migrations=folder)


def info(answer: object) -> PluginInfo:
    plugin = answering("storeql_migrations", lambda self: answer)
    [found] = [
        one
        for one in load_hooks(extra_plugins=[plugin], installed=False).plugins()
        if one.source == "given"
    ]
    return found


def test_plugin_with_tables_of_its_name_takes_part(tmp_path: Path) -> None:
    assert info(tables(tmp_path, "Stranger_days")).status is PluginStatus.ACTIVE
    assert info(None).status is PluginStatus.ACTIVE


@pytest.mark.parametrize(
    ("names", "files", "reason"),
    [
        (("orders",), FILES, "The table orders must be called Stranger_…"),
        (("Strangers",), FILES, "The table Strangers must be called Stranger_…"),
        (("Stranger_" + "x" * 60,), FILES, "in at most 63 letters"),
        ((), FILES, "storeql_migrations brings no table."),
        (("Stranger_days",), (), "are not 0001_….py, 0002_….py and so on"),
        (("Stranger_days",), ("0002_second.py",), "are not 0001_….py, 0002_….py and so on"),
        (
            ("Stranger_days",),
            ("0001_a.py", "0001_b.py"),
            "are not 0001_….py, 0002_….py and so on",
        ),
    ],
)
def test_tables_that_no_shop_takes_leave_their_plugin_out(
    names: tuple[str, ...], files: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    found = info(tables(tmp_path, *names, files=files))
    assert found.status is PluginStatus.BROKEN
    assert reason in found.reason


def test_anything_else_is_no_table() -> None:
    assert "which is no PluginTables" in info("tables").reason

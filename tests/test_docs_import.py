"""docs/import.md is held to the product: its tables are imported and its examples run.

A ```csv block is uploaded under its name; `<upload>` in variables stands for the last upload and
`<import>` for the last import, which a worker has done by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.jobs.worker import Worker
from tests.demo_door import open_demo, owner_token
from tests.scenarios.people_door import Door
from tests.test_docs_examples import Example, blocks, check

PAGE = "docs/import.md"


@pytest.fixture
def door(migrated_file: Path, tmp_path: Path) -> Iterator[Door]:
    with open_demo(migrated_file, tmp_path) as opened:
        yield opened


def test_the_tables_of_the_page_are_imported_as_it_says(door: Door) -> None:
    token, names = owner_token(door), {"upload": "", "import": ""}
    found = list(blocks(PAGE))
    ran = 0
    for place, (label, text, line) in enumerate(found):
        if label.startswith("csv "):
            names["upload"] = uploaded(door, token, label.removeprefix("csv "), text)
        elif label == "graphql owner":
            variables, answer = after(found[place + 1 :], names)
            example = Example(f"{PAGE}:{line}", text, "owner", variables, answer)
            answered = door.answer(text, token, **variables)
            check(example, answered)
            started = answered["data"].get("catalogImportStart")
            if started is not None:
                names["import"] = started["catalogImport"]["id"]
                work(door)
            ran += 1
    assert ran == 4


def uploaded(door: Door, token: str, name: str, text: str) -> str:
    headers = {"authorization": f"Bearer {token}"}
    answer = door.http.post("/uploads", params={"name": name}, content=text, headers=headers)
    return str(answer.json()["id"])


def after(
    following: list[tuple[str, str, int]], names: dict[str, str]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The variables of an example, with the ids that they stand for, and its answer."""
    told: dict[str, Any] = {}
    for label, text, _ in following:
        if label not in ("json variables", "json answer"):
            break
        for name, value in names.items():
            text = text.replace(f"<{name}>", value)
        told[label] = json.loads(text)
    return told.get("json variables", {}), told.get("json answer")


def work(door: Door) -> None:
    shop = door.http.app.state.shop  # type: ignore[attr-defined]
    at_work = Worker(shop.database, shop.job_kinds, shop.clock)
    while at_work.run_slice():
        pass

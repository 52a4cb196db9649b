"""The pages about files are held to the product: what they upload is used as they say.

A ```csv block is uploaded under its name; `<upload>` in variables stands for the last upload (at
first a picture), `<import>` and `<export>` for the last of these, which a worker has done by then,
and `<product>` for a product of the demo shop.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.jobs.worker import Worker
from tests.demo_door import open_demo, owner_token
from tests.media.samples import a_picture
from tests.scenarios.people_door import Door
from tests.test_docs_examples import Example, blocks, check

EXAMPLES = {"docs/import.md": 6, "docs/pictures.md": 1}


@pytest.fixture
def door(migrated_file: Path, tmp_path: Path) -> Iterator[Door]:
    with open_demo(migrated_file, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("page", EXAMPLES)
def test_the_files_of_the_page_are_of_use_as_it_says(door: Door, page: str) -> None:
    token, found = owner_token(door), list(blocks(page))
    product = door.ask("{ products(first: 1) { nodes { id } } }")["nodes"][0]["id"]
    picture = uploaded(door, token, "cup.jpg", a_picture())
    names = {"upload": picture, "import": "", "export": "", "product": product}
    ran = 0
    for place, (label, text, line) in enumerate(found):
        if label.startswith("csv "):
            names["upload"] = uploaded(door, token, label.removeprefix("csv "), text)
        elif label == "graphql owner":
            variables, answer = after(found[place + 1 :], names)
            example = Example(f"{page}:{line}", text, "owner", variables, answer)
            answered = door.answer(text, token, **variables)
            check(example, answered)
            for what in ("import", "export"):
                started = answered["data"].get(f"catalog{what.title()}Start")
                if started is not None:
                    names[what] = started[f"catalog{what.title()}"]["id"]
                    work(door)
            ran += 1
    assert ran == EXAMPLES[page]


def uploaded(door: Door, token: str, name: str, content: str | bytes) -> str:
    headers = {"authorization": f"Bearer {token}"}
    answer = door.http.post("/uploads", params={"name": name}, content=content, headers=headers)
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

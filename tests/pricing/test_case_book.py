"""Every case of the book comes to the price it says, line by line, and explains its offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from storeql.hooks import load_hooks
from storeql.pricing import Outcome
from storeql.testing.book import BookCase, read_book

BOOKS = [read_book(path) for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))]
CASES = [(f"{book.path.stem}: {case.name}", case) for book in BOOKS for case in book.cases]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_a_case_comes_to_what_the_book_says(case: BookCase) -> None:
    assert case.found() == case.expected


def test_the_book_is_about_every_kind_and_every_outcome() -> None:
    kinds = {kind.key for kind in load_hooks(installed=False).promotion_types}
    told = {told.split()[0] for _, case in CASES for told in case.expected.trace.values()}

    assert {book.kind for book in BOOKS} - {None} == kinds
    assert told == {outcome.value for outcome in Outcome} - {"FAILED"}
    assert len(CASES) >= 150


def test_no_two_cases_of_a_book_share_a_name() -> None:
    names = [name for name, _ in CASES]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('name = "x"\nbasket.a = "one"\ntotal = "1"', "not written like"),
        ('name = "x"\nbasket.a = "1 × 1"\ntotal = "1"\nprice = "1"', "unknown: price"),
        ('name = "x"\nbasket.a = "1 × 1"\ntotal = "1"\noffers.o.percentage.off = "5"', "no field"),
        (
            'name = "x"\nbasket.a = "1 × 1"\ntotal = "1"\noffers.o.percentage.percentOff = "500"',
            "at most 100",
        ),
        ('name = "x"\nbasket.a = "1 × 1"\ntotal = "1"\noffers = ["o"]', "'o'"),
    ],
)
def test_a_case_that_cannot_be_read_says_why(tmp_path: Path, text: str, reason: str) -> None:
    book = tmp_path / "book.toml"
    book.write_text(f"[[case]]\n{text}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=f"x: .*{reason}"):
        read_book(book)

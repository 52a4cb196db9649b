"""Writes the tables of docs/payments.md: what each answer of a gateway makes of what is asked.

`make docs` runs it; a test holds the page to what it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from storeql.hooks import PaymentStatus
from storeql.orders.payments.states import ANSWERS, GIVEN_UP, MOVEMENT_ANSWERS

PAGE = Path(__file__).parent.parent / "docs/payments.md"
MARK = "<!-- {name}: written by `make docs` -->\n\n"
END = "\n<!-- end -->\n"


def main() -> None:
    """Writes the tables into the page."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def filled(page: str) -> str:
    """The page with each marked table as the code has it."""
    for name, table in tables().items():
        mark = MARK.format(name=name)
        before, _, rest = page.partition(mark)
        if not rest:
            raise ValueError(f"the page has no place for {name}")
        page = before + mark + table + END + rest.partition(END)[2]
    return page


def tables() -> Mapping[str, str]:
    """Every table by the name of its place."""
    heads = [status.value for status in PaymentStatus]
    attempts = [
        (f"`{state.value}`", *(_cell(after.get(status)) for status in PaymentStatus))
        for state, after in ANSWERS.items()
    ]
    given_up = [(f"`{state.value}`", f"`{after.value}`") for state, after in GIVEN_UP.items()]
    movements = [
        (f"`{kind.value}`", *(_cell(after.get(status)) for status in PaymentStatus))
        for kind, after in MOVEMENT_ANSWERS.items()
    ]
    return {
        "attempts": _table(["an attempt that is …", *heads], attempts),
        "given up": _table(["an attempt that is …", "becomes"], given_up),
        "movements": _table(["a pending …", *heads], movements),
    }


def _cell(after: Enum | None) -> str:
    return "" if after is None else f"`{after.value}`"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(_lines([heads, ["---"] * len(heads), *rows]))


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


if __name__ == "__main__":
    main()

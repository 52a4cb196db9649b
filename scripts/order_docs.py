"""Draws the states of orders and fulfilments into docs/orders.md, from the tables in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from storeql.orders.fulfilment.states import FULFILMENT_STEPS, HoldReason
from storeql.orders.states import CANCELLED_BY_CUSTOMER, TRANSITIONS

PAGE = Path(__file__).parents[1] / "docs/orders.md"
PART = re.compile(r"(<!-- (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> None:
    """Writes the page again."""
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def drawn(page: str) -> str:
    """The page with each marked part as the code has it."""
    return PART.sub(lambda part: f"{part[1]}{PARTS[part['name']]()}{part[3]}", page)


def diagram(steps: Mapping[StrEnum, frozenset[StrEnum]], first: StrEnum) -> str:
    """A state diagram in Mermaid, states in the order of their table."""
    order = {state: place for place, state in enumerate(steps)}
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first}"]
    for state, following in steps.items():
        lines += [f"    {state} --> {one}" for one in sorted(following, key=order.__getitem__)]
        if not following:
            lines.append(f"    {state} --> [*]")
    return "\n".join([*lines, "```", ""])


def cancelling() -> str:
    """Who may cancel from which state."""
    return "\n".join(["| State | Cancelled by |", "|---|---|", *_cancelling(), ""])


def _cancelling() -> Iterator[str]:
    for state, following in TRANSITIONS.items():
        may = any(one.value == "CANCELLED" for one in following)
        who = "the customer, or staff" if state in CANCELLED_BY_CUSTOMER else "staff"
        yield f"| `{state}` | {who if may else 'nobody'} |"


def holds() -> str:
    """The reasons of holds."""
    return ", ".join(f"`{one}`" for one in HoldReason) + "\n"


PARTS = {
    "order-states": lambda: diagram(TRANSITIONS, next(iter(TRANSITIONS))),
    "fulfilment-states": lambda: diagram(FULFILMENT_STEPS, next(iter(FULFILMENT_STEPS))),
    "cancelling": cancelling,
    "holds": holds,
}


if __name__ == "__main__":
    main()

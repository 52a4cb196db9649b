"""Reads what the servers of a proof logged: faults that clients may not have seen, and the end."""

from __future__ import annotations

import re
from pathlib import Path

LAST_LINES = 15
LONGEST_LINE = 300
FAULTS = {
    "an error": re.compile(r"\[(error|critical)\s*\]"),
    "a traceback": re.compile(r"\s*Traceback "),
    "an answer of 5xx": re.compile(r".*\bstatus=5\d\d\b"),
}
COLOUR = re.compile("\x1b\\[[0-9;]*m")
ORDINARY = re.compile(r"\[info\s*\]\s*request\b.*\bstatus=200\b")


def faults_in(log: Path) -> list[str]:
    """A complaint for each kind of fault in the log, with its first line."""
    complaints = []
    lines = _lines(log)
    for fault, pattern in FAULTS.items():
        found = [line for line in lines if pattern.search(line)]
        if found:
            complaints.append(f"the log has {fault} ({len(found)}×): {found[0][:LONGEST_LINE]}")
    return complaints


def last_lines(log: Path) -> list[str]:
    """The end of the log without the requests that went well, to be shown."""
    odd = [line for line in _lines(log) if not ORDINARY.search(line)]
    return [f"       | {line[:LONGEST_LINE]}" for line in odd[-LAST_LINES:]]


def _lines(log: Path) -> list[str]:
    text = log.read_text(errors="replace") if log.exists() else ""
    return COLOUR.sub("", text).splitlines()

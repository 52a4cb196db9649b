"""What stands in a cell, written and read: the same texts both ways.

A spreadsheet takes a text that begins with = + - or @ for a formula, and runs it. Such texts leave
with an apostrophe before them, which is taken off again on the way in; one that begins with
apostrophes before such a sign gets one more, so that every text comes back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FORMULA = re.compile(r"'*[=+\-@\t\r]")
QUOTED = re.compile(r"'+[=+\-@\t\r]")
BETWEEN_SLUGS = re.compile(r"[\s,;|，；、]+")
PARTS = re.compile(r"(?:[^\\;；=]|\\.)+|[;；=]", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
TO_ESCAPE = re.compile(r"([\\;；=])")
DAY_AND_TIME = re.compile(
    r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)
YES = frozenset(("true", "yes", "y", "1", "是"))
NO = frozenset(("false", "no", "n", "0", "否"))
LATEST_AT = 253_402_300_799_999
"""The last millisecond of the year 9999."""


def harmless(text: str) -> str:
    """The text as it may stand in a spreadsheet's cell."""
    return f"'{text}" if FORMULA.match(text) else text


def bare(cell: str) -> str:
    """The text that `harmless` was given."""
    return cell[1:] if QUOTED.match(cell) else cell


def slugs_text(slugs: Iterable[str]) -> str:
    """Slugs in one cell."""
    return "; ".join(slugs)


def read_slugs(text: str) -> tuple[str, ...]:
    """The slugs in a cell, each once; commas and the like stand between them."""
    return tuple(dict.fromkeys(one for one in BETWEEN_SLUGS.split(text) if one))


def options_text(options: Mapping[str, str]) -> str:
    """A variant's options in one cell: `颜色=红; 尺码=M`."""
    return "; ".join(f"{_escaped(name)}={_escaped(value)}" for name, value in options.items())


def read_options(text: str) -> tuple[tuple[str, str], ...] | None:
    """Names and values in order; None when an entry has no `=`, or two."""
    entries: list[list[str]] = [[]]
    for part in PARTS.findall(text):
        if part in (";", "；"):
            entries.append([])
        else:
            entries[-1].append(part)
    read = [_entry(parts) for parts in entries if "".join(parts).strip()]
    return None if None in read else tuple(one for one in read if one is not None)


def instant_text(milliseconds: int) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    moment = moment.replace(microsecond=milliseconds % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_instant(text: str, zone: ZoneInfo) -> int | None:
    """Milliseconds since 1970 UTC; a day or a time without a zone is the shop's. None for none."""
    if not DAY_AND_TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        milliseconds = round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return milliseconds if 0 <= milliseconds <= LATEST_AT else None


def _entry(parts: list[str]) -> tuple[str, str] | None:
    if parts.count("=") != 1 or len(parts) != 3 or parts[1] != "=":
        return None
    return _plain(parts[0]), _plain(parts[2])


def _plain(text: str) -> str:
    return ESCAPED.sub(r"\1", text.strip())


def _escaped(text: str) -> str:
    return TO_ESCAPE.sub(r"\\\1", text)

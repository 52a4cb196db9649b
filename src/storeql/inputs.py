"""Reads the fields of an input and gathers all that is wrong before anything is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from storeql.errors import Problem, Rejected

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 20_000
MOST_MINOR = 1_000_000_000_000
MOST_PIECES = 1_000_000_000
# The Unicode categories Cc and Cs.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Fields:
    """The fields of the part of an input that lies at `path`; parts share one list of problems."""

    def __init__(self, *path: str, problems: list[Problem] | None = None) -> None:
        self._path = path
        self.problems: list[Problem] = [] if problems is None else problems

    def at(self, *names: str) -> Fields:
        """A part further down: `fields.at("variants", "2")`."""
        return Fields(*self._path, *names, problems=self.problems)

    def each(self, name: str, count: int) -> Iterable[Fields]:
        """The parts that are the entries of the list `name`."""
        return (self.at(name, str(index)) for index in range(count))

    def path(self, *names: str) -> Sequence[str] | None:
        """Where `names` lies in the mutation's input."""
        return (*self._path, *names) or None

    def index(self, *names: str) -> int | None:
        """The place in the first list on the way to `names`."""
        places = (int(name) for name in (*self._path, *names) if name.isdecimal())
        return next(places, None)

    def report(self, code: str, message: str, *names: str) -> None:
        """Notes a problem at the field `names` (at the part itself without one)."""
        place = self.path(*names), self.index(*names)
        self.problems.append(Problem(code=code, message=message, field=place[0], index=place[1]))

    def missing(self, what: str, *names: str) -> None:
        """Notes that what an id names does not exist."""
        self.report("NOT_FOUND", f"There is no such {what}.", *names)

    def refuse_problems(self) -> None:
        """Raises Rejected with everything noted so far, if anything was."""
        if self.problems:
            raise Rejected(self.problems)

    def line(
        self, name: str, typed: str, *, most: int = LONGEST_NAME, required: bool = True
    ) -> str:
        """One line of text in NFC without outer spaces, at most `most` characters."""
        text = plain(typed)
        return self._checked(name, text, text, most=most, required=required)

    def block(
        self, name: str, typed: str, *, most: int = LONGEST_DESCRIPTION, required: bool = False
    ) -> str:
        """Text in NFC that may hold line feeds and tabs, at most `most` characters."""
        text = plain(typed.replace("\r\n", "\n"))
        on_one_line = text.replace("\n", " ").replace("\t", " ")
        return self._checked(name, text, on_one_line, most=most, required=required)

    def whole(self, name: str, number: int, *, least: int = 0, most: int) -> int:
        """A whole number from `least` to `most`."""
        if not least <= number <= most:
            self.report("OUT_OF_RANGE", f"This must be between {least} and {most}.", name)
        return number

    def count(self, name: str, entries: Sequence[object], *, most: int, least: int = 0) -> bool:
        """Whether a list has `least` to `most` entries; notes it otherwise."""
        if len(entries) > most:
            self.report("TOO_MANY", f"At most {most} entries are allowed here.", name)
        elif len(entries) < least:
            self.report("REQUIRED", f"At least {least} must be given here.", name)
        return least <= len(entries) <= most

    def distinct(self, name: str, ids: Sequence[int], *, most: int) -> Sequence[int]:
        """Row numbers in their order, each once; at most `most`."""
        self.count(name, ids, most=most)
        return tuple(dict.fromkeys(ids))[:most]

    def _checked(self, name: str, text: str, shown: str, *, most: int, required: bool) -> str:
        if has_controls(shown):
            self.report("INVALID_CHARACTER", "Control characters are not allowed here.", name)
        elif len(text) > most:
            self.report("TOO_LONG", f"At most {most} characters are allowed here.", name)
        elif required and is_blank(text):
            self.report("REQUIRED", "This must not be empty.", name)
        return text


def plain(typed: str) -> str:
    """Text in NFC without outer spaces."""
    return unicodedata.normalize("NFC", typed).strip()


def has_controls(text: str) -> bool:
    """True when the text holds NUL, another control character, or half a surrogate pair."""
    return CONTROLS.search(text) is not None


def is_blank(text: str) -> bool:
    """True when nothing of the text can be seen: spaces and zero-width characters only."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)

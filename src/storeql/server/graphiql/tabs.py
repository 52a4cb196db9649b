"""The example tabs: one GraphQL file each, read once and handed to the page as data."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec

FOLDER = Path(__file__).parent / "tabs"
KEEP = re.compile(r"^# keep (?P<name>\w+) = (?P<path>\w+(?:\.\w+)*)$")
PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class ExampleTab(msgspec.Struct, frozen=True):
    """One example: ``title`` and ``about`` come from the comment that opens ``query``.

    ``variables`` is JSON text, empty when the example takes none. ``keep`` maps a placeholder to
    the path in a response (``cartCreate.cart.token``) where the page finds its value.
    """

    title: str
    about: str
    query: str
    variables: str
    keep: Mapping[str, str]


def load_tabs(values: Mapping[str, str], *, folder: Path = FOLDER) -> list[ExampleTab]:
    """The examples in the order of their file names.

    ``values`` fill each ``{{name}}`` in the variables. A name they lack stays as it is: the page
    fills it with what an earlier example answered.
    """
    return [_read(path, values) for path in sorted(folder.glob("*.graphql"))]


def _read(path: Path, values: Mapping[str, str]) -> ExampleTab:
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [match for line in lines if (match := KEEP.match(line))]
    shown = [line for line in lines if not KEEP.match(line)]
    title, about = _heading(shown)
    return ExampleTab(
        title=title,
        about=about,
        query="\n".join(shown).strip() + "\n",
        variables=_variables(path.with_suffix(".json"), values),
        keep={match["name"]: match["path"] for match in kept},
    )


def _heading(lines: Sequence[str]) -> tuple[str, str]:
    """The first comment line, and the rest of that comment as one paragraph."""
    comment: list[str] = []
    for line in lines:
        if not line.startswith("#"):
            break
        comment.append(line.removeprefix("#").strip())
    if not comment:
        raise ValueError("an example opens with a comment that is its title")
    return comment[0], " ".join(comment[1:])


def _variables(path: Path, values: Mapping[str, str]) -> str:
    if not path.exists():
        return ""
    filled = _fill(msgspec.json.decode(path.read_bytes()), values)
    return msgspec.json.format(msgspec.json.encode(filled), indent=2).decode()


def _fill(value: Json, values: Mapping[str, str]) -> Json:
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), value)
    if isinstance(value, list):
        return [_fill(item, values) for item in value]
    if isinstance(value, dict):
        return {name: _fill(item, values) for name, item in value.items()}
    return value

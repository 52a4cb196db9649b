"""The order of names: one order on every engine, near to what a reader looks for.

Databases sort text by rules of their own, which differ between engines and even between servers.
So a name is kept together with a key that is compared by code points: capitals and accents make no
difference, punctuation is passed over, numbers come by what they are worth, digits and letters
before Chinese, and Chinese in the order of the standard GB 2312, which for its 3,755 common
characters is that of pinyin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table

from storeql.db.columns import code_point_text

NAME_KEY = "name_key"
LONGEST = 200
FIRST_OF_HAN = 0x3400
NUMBER = re.compile("[0-9]+")

# Letters with strokes and the like, which Unicode does not take apart.
LATIN = {"æ": "ae", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe"} | {
    "ŧ": "t",
    "þ": "th",
}


def name_key_column() -> Column[str]:
    """The column beside `name` by which lists are sorted; every write of a name fills it."""
    return Column(NAME_KEY, code_point_text(LONGEST), nullable=False, server_default="")


def name_key(name: str) -> str:
    """What a name is sorted by: "Émile’s Tea-Cup 2" gives "emiles tea cup 00000002"."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(" " if _separates(one) else one for one in folded.translate(_PLAIN))
    return NUMBER.sub(lambda digits: digits[0].zfill(8), " ".join(plain.split()))[:LONGEST]


def keyed(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row, with the key of its name where the table keeps one."""
    if NAME_KEY not in table.c or "name" not in values:
        return dict(values)
    return {**values, NAME_KEY: name_key(values["name"])}


def _separates(character: str) -> bool:
    """True for what stands between words: punctuation, symbols, spaces and what is not seen."""
    return unicodedata.category(character)[0] in "PSZC"


def _common_han() -> str:
    """The first level of GB 2312 in its order: rows 0xB0 to 0xD7, the last of them not full."""
    places = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return b"".join(place for place in places if place < b"\xd7\xfa").decode("gb2312")


# Accents and apostrophes go without a trace: they do not end a word.
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys((*range(0x300, 0x370), ord("'"), ord("’"), ord("ʼ"))),
    **{ord(letter): plain for letter, plain in LATIN.items()},
    **{ord(one): chr(FIRST_OF_HAN + place) for place, one in enumerate(_common_han())},
}

"""The sheet that papers are drawn on: sizes, Chinese and Latin text, barcodes.

The same rows give the same bytes: a reprint is the paper that was printed before.
"""

from __future__ import annotations

import io
from enum import Enum
from functools import lru_cache
from typing import Any

MM = 72 / 25.4
FONT = "STSong-Light"
NEVER_FIRST = "，。、；：！？）》」』”’"


class Sheet(Enum):
    """Paper sizes in millimetres, width before height."""

    A4 = (210, 297)
    LABEL = (100, 150)


class Paper:
    """A PDF document; lengths are millimetres from the top left corner."""

    def __init__(self, sheet: Sheet, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        _load_font()
        self.width, self.height = sheet.value
        self._out = io.BytesIO()
        size = (self.width * MM, self.height * MM)
        self._canvas = Canvas(self._out, pagesize=size, invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("storeql")

    def text(self, x: float, y: float, words: str, *, size: float = 10, most: float = 0) -> None:
        """A line whose base is `y` below the top, cut to `most` millimetres."""
        shown = words if not most else cut_to(words, size=size, most=most)
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x * MM, self._from_top(y), shown)

    def right(self, x: float, y: float, words: str, *, size: float = 10) -> None:
        """A line that ends at `x`."""
        self._canvas.setFont(FONT, size)
        self._canvas.drawRightString(x * MM, self._from_top(y), words)

    def block(
        self, x: float, y: float, words: str, *, size: float, width: float, most_lines: int
    ) -> float:
        """Text in lines of at most `width`; answers where the next line would stand."""
        step = size * 1.35 / MM
        for line in wrapped(words, size=size, width=width)[:most_lines]:
            self.text(x, y, line, size=size)
            y += step
        return y

    def rule(self, y: float, *, left: float = 0, right: float = 0) -> None:
        """A thin line across the sheet."""
        self._canvas.setLineWidth(0.4)
        height = self._from_top(y)
        self._canvas.line(left * MM, height, (self.width - right) * MM, height)

    def barcode(self, x: float, y: float, value: str, *, width: float, height: float) -> None:
        """`value` as Code 128 with its text below it, at most `width` wide; `y` is its top."""
        from reportlab.graphics.barcode.code128 import Code128

        bars = Code128(value, barWidth=0.5 * MM, barHeight=height * MM, quiet=False)
        bars.barWidth *= min(1.0, width * MM / bars.width)
        drawn = Code128(value, barWidth=bars.barWidth, barHeight=height * MM, quiet=False)
        drawn.drawOn(self._canvas, x * MM, self._from_top(y + height))
        self.text(x, y + height + 4, value, size=10, most=width)

    def next_page(self) -> None:
        """Goes on with a new sheet."""
        self._canvas.showPage()

    def finished(self) -> bytes:
        """The document's bytes."""
        self._canvas.save()
        return self._out.getvalue()

    def _from_top(self, y: float) -> float:
        return float((self.height - y) * MM)


def width_of(words: str, size: float) -> float:
    """How wide a line is, in millimetres."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    _load_font()
    return float(stringWidth(words, FONT, size)) / MM


def cut_to(words: str, *, size: float, most: float) -> str:
    """The line, shortened with an ellipsis until it is at most `most` millimetres wide."""
    if width_of(words, size) <= most:
        return words
    while words and width_of(words + "…", size) > most:
        words = words[:-1]
    return words + "…"


def wrapped(words: str, *, size: float, width: float) -> list[str]:
    """The text in lines: broken at spaces where there are any, between characters otherwise."""
    lines: list[str] = []
    line = ""
    for part in _parts(words):
        if line and width_of((line + part).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += part
        while width_of(line.rstrip(), size) > width and len(line) > 1:
            kept = cut_to(line, size=size, most=width)[:-1] or line[0]
            lines.append(kept)
            line = line[len(kept) :]
    return [*lines, line.rstrip()] if line.strip() else lines


def _parts(words: str) -> list[str]:
    """What must stay on one line: a Latin word with the space after it, or one character."""
    parts: list[str] = []
    for character in words:
        latin = parts and character.isascii() and parts[-1].isascii() and parts[-1][-1] != " "
        if latin or (parts and character in NEVER_FIRST):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


@lru_cache(maxsize=1)
def _load_font() -> Any:
    """Chinese and Latin letters that every PDF reader has; nothing is embedded."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return FONT

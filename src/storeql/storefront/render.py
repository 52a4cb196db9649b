"""Turns a page's Markdown into HTML that is safe to show as it is."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt


@lru_cache(maxsize=256)
def html_of(text: str) -> str:
    """CommonMark with tables and strikethrough as HTML.

    Raw HTML in the text is shown as text, and links that would run a script lead nowhere.
    """
    rendered: str = _markdown().render(text)
    return rendered


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

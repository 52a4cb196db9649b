"""A body as staff compare it: one line for each field that says something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from storeql.storefront.bodies import Body, Link, LinkKind, MenuItem
from storeql.storefront.links import Slugs


def field_texts(body: Body, slugs: Slugs) -> Iterator[tuple[str, str]]:
    """Path and value of every field that says something, under its name in the API."""
    for name in body.__struct_fields__:
        yield from _text_of(_spoken(name), getattr(body, name), slugs)


def _text_of(path: str, value: Any, slugs: Slugs) -> Iterator[tuple[str, str]]:
    if isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _entry(f"{path}.{place}", item, slugs)
    elif isinstance(value, Link):
        yield path, _leads_to(value, slugs)
    elif value:
        yield path, value


def _entry(path: str, item: MenuItem, slugs: Slugs) -> Iterator[tuple[str, str]]:
    for name in item.__struct_fields__:
        yield from _text_of(f"{path}.{_spoken(name)}", getattr(item, name), slugs)


def _leads_to(link: Link, slugs: Slugs) -> str:
    if link.kind is LinkKind.URL:
        return link.url
    return f"{link.kind.value.lower()}: {slugs.get((link.kind, link.row), '?')}"


def _spoken(name: str) -> str:
    """`seo_title` as the API spells it: `seoTitle`."""
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)

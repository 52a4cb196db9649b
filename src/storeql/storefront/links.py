"""Links into the shop: checked when they are saved, followed when they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Table, select

from storeql.catalog.known_ids import known_ids
from storeql.catalog.tables import categories, collections, products
from storeql.db import Connection, Statement, any_of, statement
from storeql.inputs import Fields
from storeql.storefront.bodies import Body, Link, LinkKind, links_of
from storeql.storefront.records import ResolvedLink
from storeql.storefront.tables import storefront_contents

TARGETS: Mapping[LinkKind, tuple[Table, str]] = {
    LinkKind.PRODUCT: (products, "product"),
    LinkKind.CATEGORY: (categories, "category"),
    LinkKind.COLLECTION: (collections, "collection"),
    LinkKind.PAGE: (storefront_contents, "page"),
}
Slugs = Mapping[tuple[LinkKind, int], str]


def _slugs(table: Table) -> Statement:
    return statement(select(table.c.id, table.c.slug).where(any_of(table.c.id, "ids")))


_SLUGS = {kind: _slugs(table) for kind, (table, _) in TARGETS.items()}


def check_targets(connection: Connection, fields: Fields, body: Body) -> None:
    """Notes each link that leads to something that does not exist; one statement a kind."""
    by_kind: dict[LinkKind, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for link, path in links_of(body):
        if link.kind in TARGETS:
            by_kind[link.kind].append((link.row, path))
    for kind, wanted in by_kind.items():
        table, noun = TARGETS[kind]
        known = known_ids(connection, table, (row for row, _ in wanted))
        for row, path in wanted:
            if row not in known:
                fields.missing(noun, *path)


def slugs_of(connection: Connection, bodies: Iterable[Body]) -> Slugs:
    """The slugs that the links of these bodies lead to; one statement a kind, none for none."""
    wanted: dict[LinkKind, set[int]] = defaultdict(set)
    for body in bodies:
        for link, _ in links_of(body):
            if link.kind in TARGETS:
                wanted[link.kind].add(link.row)
    return {
        (kind, row): slug
        for kind, rows in wanted.items()
        for row, slug in connection.rows(_SLUGS[kind], ids=sorted(rows))
    }


def followed(link: Link | None, slugs: Slugs) -> ResolvedLink | None:
    """The link as a front end follows it; None once its target is gone."""
    if link is None:
        return None
    if link.kind is LinkKind.URL:
        return ResolvedLink(kind=link.kind, url=link.url)
    slug = slugs.get((link.kind, link.row))
    return None if slug is None else ResolvedLink(kind=link.kind, slug=slug, row=link.row)

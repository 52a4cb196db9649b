"""Text search over products, for Chinese and English alike, with one answer on both engines.

A product's terms are rows with what they weigh; a search joins them in plain SQL.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Integer,
    Select,
    String,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
    union_all,
)

from storeql.catalog.finding.search_terms import product_terms_of
from storeql.catalog.tables import (
    categories,
    product_categories,
    product_tags,
    product_terms,
    products,
    tags,
    variants,
)
from storeql.db import Connection, any_of, statement

_term, _product, _weight = product_terms.c.term, product_terms.c.product_id, product_terms.c.weight
_begins_with = bindparam("search_from", type_=String)


def hits(*, ranked: bool) -> Select[tuple[int, int]]:
    """Ids of the products that hold all of `TypedTerms.params`, and how well; more is better.

    A whole word counts twice what the beginning of a longer one counts. Without `ranked` every
    rank is 0.
    """
    whole = select(_product.label("id"), (2 * _weight if ranked else _nothing).label("rank"))
    beginning = select(
        _product,
        func.max(case((_term == _begins_with, 2 * _weight), else_=_weight)) if ranked else _nothing,
    )
    found = union_all(
        whole.where(any_of(_term, "search_whole")),
        beginning.where(
            _term >= _begins_with, _term < bindparam("search_to", type_=String)
        ).group_by(_product),
    ).subquery("found")
    return (
        select(found.c.id, func.sum(found.c.rank).label("rank"))
        .group_by(found.c.id)
        .having(func.count() == bindparam("search_count", type_=BigInteger))
    )


_nothing = literal_column("0", Integer)

NAMES = statement(
    select(products.c.id, products.c.name, products.c.description).where(
        any_of(products.c.id, "ids")
    )
)
SKUS = statement(
    select(variants.c.product_id, variants.c.sku).where(any_of(variants.c.product_id, "ids"))
)
LABELS = statement(
    select(product_categories.c.product_id, categories.c.name)
    .join(categories, categories.c.id == product_categories.c.category_id)
    .where(any_of(product_categories.c.product_id, "ids"))
    .union_all(
        select(product_tags.c.product_id, tags.c.name)
        .join(tags, tags.c.id == product_tags.c.tag_id)
        .where(any_of(product_tags.c.product_id, "ids"))
    )
)
FORGET = statement(delete(product_terms).where(any_of(_product, "ids")))


def index_products(connection: Connection, product_ids: Sequence[int]) -> None:
    """Makes the products findable by the texts they have now; call it after changing them."""
    connection.run(FORGET, ids=product_ids)
    skus, labels = (_texts(connection.rows(one, ids=product_ids)) for one in (SKUS, LABELS))
    connection.insert_many(
        product_terms,
        (
            {"term": term, "product_id": id, "weight": weight}
            for id, name, description in connection.rows(NAMES, ids=product_ids)
            for term, weight in product_terms_of(
                name, description, skus=skus.get(id, ()), labels=labels.get(id, ())
            ).items()
        ),
    )


def _texts(rows: Sequence[tuple[int, str]]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    for product_id, text in rows:
        texts.setdefault(product_id, []).append(text)
    return texts

"""A, B and C by hand: the listing, the product page and the search with facets."""

from __future__ import annotations

from typing import Any

import orjson

from benchmarks.floor.database import Driver
from storeql.catalog.finding.search_terms import HIGHEST, TypedTerms, typed_terms
from storeql.schema.ids import opaque_id
from storeql.schema.money import decimal_text


def amount(minor: int | None, currency: str) -> dict[str, str] | None:
    """Money as clients read it."""
    if minor is None:
        return None
    return {"amount": decimal_text(minor, currency), "currency": currency}


class Catalog:
    """Catalogue answers with the fewest statements."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        sql, ids = driver.sql, driver.ids
        self._page = sql(PAGE)
        self._slug = sql(PRODUCT)
        self._categories = sql(CATEGORIES.format(ids=ids("pc.product_id")))
        self._variants = sql(VARIANTS.format(ids=ids("v.product_id")))
        self._attributes = sql(ATTRIBUTES.format(ids=ids("av.product_id")))
        self._images = sql(IMAGES.format(ids=ids("product_id")))
        self._tags = sql(TAGS.format(ids=ids("pt.product_id")))
        hits = HITS.format(whole=ids("term", "whole"))
        self._search = sql(hits + SEARCH)
        self._facets = sql(hits + FACETS)

    def listing(self, connection: Any, now: int, key: str, row: int) -> dict[str, Any]:
        """50 products after (key of a name, row) with categories, variants, prices and stock."""
        rows = connection.execute(self._page, {"now": now, "key": key, "row": row}).fetchall()
        ids = self._driver.many([one[0] for one in rows])
        categories: dict[int, list[Any]] = {}
        for owner, row_id, slug, label in connection.execute(self._categories, {"ids": ids}):
            categories.setdefault(owner, []).append(
                {"id": opaque_id("Category", row_id), "name": label, "slug": slug}
            )
        variants: dict[int, list[Any]] = {}
        for owner, row_id, sku, price, stock, currency in connection.execute(
            self._variants, {"ids": ids}
        ):
            variants.setdefault(owner, []).append(
                {
                    "id": opaque_id("ProductVariant", row_id),
                    "sku": sku,
                    "price": amount(price, currency),
                    "availableStock": stock,
                }
            )
        return {
            "nodes": [
                {
                    "id": opaque_id("Product", row_id),
                    "name": label,
                    "slug": slug,
                    "description": description,
                    "categories": categories.get(row_id, []),
                    "variants": variants.get(row_id, []),
                }
                for row_id, label, slug, description in rows
            ]
        }

    def product(self, connection: Any, now: int, slug: str) -> dict[str, Any] | None:
        """One product with everything a product page shows."""
        row = connection.execute(self._slug, {"now": now, "slug": slug}).fetchone()
        if row is None:
            return None
        row_id, name, description, options, price, available, currency, kind = row
        ids = {"ids": self._driver.many([row_id])}
        return {
            "id": opaque_id("Product", row_id),
            "name": name,
            "slug": slug,
            "description": description,
            "options": orjson.loads(options),
            "price": amount(price, currency),
            "isAvailable": bool(available),
            "productType": {"name": kind},
            "attributes": [
                {"slug": one[0], "name": one[1], "value": one[2]}
                for one in connection.execute(self._attributes, ids)
            ],
            "images": [
                {"url": f"/media/{one[0]}", "alt": one[1]}
                for one in connection.execute(self._images, ids)
            ],
            "tags": [
                {"slug": one[0], "name": one[1]} for one in connection.execute(self._tags, ids)
            ],
            "categories": [
                {"id": opaque_id("Category", one[1]), "slug": one[2], "name": one[3]}
                for one in connection.execute(self._categories, ids)
            ],
            "variants": [
                {
                    "id": opaque_id("ProductVariant", one[1]),
                    "sku": one[2],
                    "price": amount(one[3], one[5]),
                    "availableStock": one[4],
                }
                for one in connection.execute(self._variants, ids)
            ],
        }

    def search(self, connection: Any, now: int, text: str) -> dict[str, Any]:
        """The 24 cheapest hits with the counts of every facet."""
        typed = typed_terms(text) or TypedTerms((), "")
        params = {
            "now": now,
            "whole": self._driver.many(typed.whole),
            "start": typed.beginning,
            "end": typed.beginning and typed.beginning + HIGHEST,
            "count": len(typed.whole) + bool(typed.beginning),
        }
        nodes = [
            {
                "id": opaque_id("Product", row_id),
                "name": name,
                "slug": slug,
                "price": amount(price, currency),
            }
            for row_id, name, slug, price, currency in connection.execute(self._search, params)
        ]
        facets: dict[str, Any] = {"categories": [], "tags": [], "attributes": {}}
        for part, key, label, owner, count in connection.execute(self._facets, params):
            if part == "attribute":
                value = {"key": key, "count": count}
                facets["attributes"].setdefault(owner, []).append(value)
            elif part == "total":
                facets["total"] = count
            else:
                facets[part].append({"key": key, "label": label, "count": count})
        return {"nodes": nodes, "facets": facets}


SHOWN = """
  FROM products p JOIN channels ch ON ch.is_default
  JOIN publications pub ON pub.product_id = p.id AND pub.channel_id = ch.id
 WHERE ch.is_active AND pub.published_at <= :now AND pub.price_minor IS NOT NULL
"""
PAGE = f"""
SELECT p.id, p.name, p.slug, p.description {SHOWN} AND (p.name_key, p.id) > (:key, :row)
 ORDER BY p.name_key, p.id LIMIT 50
"""
PRODUCT = f"""
SELECT p.id, p.name, p.description, p.options, pub.price_minor,
       EXISTS (SELECT 1 FROM variants v JOIN stock_levels s ON s.variant_id = v.id
                WHERE v.product_id = p.id AND s.on_hand > s.reserved), ch.currency,
       (SELECT t.name FROM product_types t WHERE t.id = p.product_type_id)
{SHOWN} AND p.slug = :slug
"""
CATEGORIES = """
SELECT pc.product_id, c.id, c.slug, c.name
  FROM categories c JOIN product_categories pc ON pc.category_id = c.id
 WHERE {ids} ORDER BY pc.product_id, c.path
"""
VARIANTS = """
SELECT v.product_id, v.id, v.sku, vp.price_minor,
       (SELECT COALESCE(SUM(s.on_hand - s.reserved), 0) FROM stock_levels s
         WHERE s.variant_id = v.id), ch.currency
  FROM variants v JOIN channels ch ON ch.is_default
  LEFT JOIN variant_prices vp ON vp.variant_id = v.id AND vp.channel_id = ch.id
 WHERE {ids} ORDER BY v.product_id, v.position, v.id
"""
ATTRIBUTES = """
SELECT a.slug, a.name, av.value FROM attributes a
  JOIN attribute_values av ON av.attribute_id = a.id
 WHERE {ids} ORDER BY a.position, a.id
"""
IMAGES = "SELECT path, alt FROM product_images WHERE {ids} ORDER BY position, id"
TAGS = """
SELECT t.slug, t.name FROM tags t JOIN product_tags pt ON pt.tag_id = t.id
 WHERE {ids} ORDER BY t.name_key
"""
HITS = """
WITH RECURSIVE hits AS MATERIALIZED (SELECT id FROM (
  SELECT product_id AS id FROM product_terms WHERE {whole}
  UNION ALL
  SELECT DISTINCT product_id FROM product_terms WHERE term >= :start AND term < :end) found
  GROUP BY id HAVING COUNT(*) = :count)
"""
FOUND = SHOWN.replace("WHERE", "JOIN hits ON hits.id = p.id WHERE")
SEARCH = f"""
SELECT p.id, p.name, p.slug, pub.price_minor, ch.currency
{FOUND}
 ORDER BY pub.price_minor, p.id LIMIT 24
"""
FACETS = f"""
, matched AS MATERIALIZED (SELECT p.id {FOUND})
, own AS (SELECT category_id, product_id FROM product_categories
           JOIN matched ON matched.id = product_id)
, lineage(category_id, id) AS (SELECT DISTINCT category_id, category_id FROM own UNION ALL
  SELECT l.category_id, c.parent_id FROM lineage l JOIN categories c ON c.id = l.id
   WHERE c.parent_id IS NOT NULL)
SELECT 'total', '', '', '', COUNT(*) FROM matched
UNION ALL
SELECT 'categories', c.slug, c.name, '', n FROM categories c JOIN (
  SELECT lineage.id, COUNT(DISTINCT product_id) AS n
    FROM own JOIN lineage ON lineage.category_id = own.category_id GROUP BY lineage.id) found
  ON found.id = c.id
UNION ALL
SELECT 'tags', t.slug, t.name, '', n FROM tags t JOIN (
  SELECT tag_id AS id, COUNT(*) AS n FROM product_tags
    JOIN matched ON matched.id = product_id GROUP BY tag_id) found ON found.id = t.id
UNION ALL
SELECT 'attribute', found.value, '', a.slug, n FROM attributes a JOIN (
  SELECT attribute_id AS id, value, COUNT(*) AS n FROM attribute_values
    JOIN matched ON matched.id = product_id GROUP BY attribute_id, value) found ON found.id = a.id
 WHERE a.is_filterable AND (a.kind = 'SELECT' OR a.kind = 'BOOLEAN')
"""

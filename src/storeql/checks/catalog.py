"""What has to hold in the catalogue: figures that are kept beside what they are made from."""

from __future__ import annotations

CATALOG = {
    "a product's lowest price is not the lowest of its variants": """
        SELECT p.product_id, p.channel_id, p.price_minor, v.price_minor
        FROM publications p LEFT JOIN (
          SELECT one.product_id, price.channel_id, MIN(price.price_minor) AS price_minor
          FROM variants one JOIN variant_prices price ON price.variant_id = one.id
          GROUP BY one.product_id, price.channel_id
        ) v ON v.product_id = p.product_id AND v.channel_id = p.channel_id
        WHERE COALESCE(p.price_minor, -1) <> COALESCE(v.price_minor, -1)""",
    "a category does not stand below its parent": """
        SELECT c.id, c.path, p.path FROM categories c LEFT JOIN categories p ON p.id = c.parent_id
        WHERE c.path <> COALESCE(p.path, '/') || CAST(c.id AS VARCHAR(20)) || '/'""",
    "more or fewer than one channel is the default": """
        SELECT COUNT(*) FROM channels WHERE is_default HAVING COUNT(*) <> 1""",
}

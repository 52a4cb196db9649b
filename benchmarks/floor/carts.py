"""D and E by hand: a line added or changed, and the whole cart priced with its promotions."""

from __future__ import annotations

from typing import Any

import orjson

from benchmarks.floor.catalog import amount
from benchmarks.floor.database import Driver
from storeql.pricing import allocate


class Carts:
    """Cart answers with the fewest statements."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        sql = driver.sql
        self._touch = sql(TOUCH)
        self._add = sql(ADD)
        self._set = sql(SET)
        self._lines = sql(LINES)
        self._promotions = sql(PROMOTIONS)
        self._gifts = sql(GIFTS.format(ids=driver.ids("v.id")))

    def add(
        self, connection: Any, now: int, token: str, variant: int, quantity: int
    ) -> dict[str, Any]:
        """The cart with pieces of a variant added."""
        cart = self._open(connection, now, token)
        params = {"cart": cart, "variant": variant, "quantity": quantity, "now": now}
        if connection.execute(self._add, params).rowcount != 1:
            raise LookupError("not for sale")
        return self.shown(connection, now, cart)

    def change(
        self, connection: Any, now: int, token: str, line: int, quantity: int
    ) -> dict[str, Any]:
        """The cart with another quantity on a line."""
        cart = self._open(connection, now, token)
        params = {"cart": cart, "line": line, "quantity": quantity}
        if connection.execute(self._set, params).rowcount != 1:
            raise LookupError("no such line")
        return self.shown(connection, now, cart)

    def shown(self, connection: Any, now: int, cart: int) -> dict[str, Any]:
        """The cart with its lines, discounts and totals."""
        lines = connection.execute(self._lines, {"cart": cart, "now": now}).fetchall()
        promotions = connection.execute(self._promotions, {"now": now}).fetchall()
        rules = [
            (row_id, kind, orjson.loads(rule), orjson.loads(terms))
            for row_id, kind, rule, terms in promotions
        ]
        gifts = self._stocked_gifts(connection, rules)
        return priced(lines, rules, gifts)

    def _open(self, connection: Any, now: int, token: str) -> int:
        row = connection.execute(self._touch, {"token": token, "now": now}).fetchone()
        if row is None:
            raise LookupError("no such cart")
        return int(row[0])

    def _stocked_gifts(self, connection: Any, rules: list[Any]) -> dict[int, Any]:
        wanted = [int(one) for _, _, rule, _ in rules for one in rule.get("gifts", ())]
        if not wanted:
            return {}
        ids = {"ids": self._driver.many(wanted)}
        return {row[0]: row for row in connection.execute(self._gifts, ids)}


def priced(lines: list[Any], rules: list[Any], gifts: dict[int, Any]) -> dict[str, Any]:
    """Percentages first, then the spend threshold shared over the lines, then the gift."""
    currency = lines[0][7] if lines else "CNY"
    nets, discounts = [row[2] * row[5] for row in lines], [0] * len(lines)
    for _, kind, rule, terms in rules:
        if kind == "PERCENTAGE":
            wanted = set(terms.get("scope", {}).get("include", {}).get("category_ids", ()))
            for place, row in enumerate(lines):
                path = set((row[6] or "").replace("/", " ").split())
                if not wanted or wanted & path:
                    kept = 10_000 - rule["percent_off_basis_points"]
                    unit = (row[5] * kept + 5_000) // 10_000
                    nets[place] = min(nets[place], unit * row[2])
    given: list[Any] = []
    entry = sum(nets)
    for _, kind, rule, _ in rules:
        if kind == "SPEND_THRESHOLD":
            reached = [tier for tier in rule["tiers"] if entry >= tier["from_minor"]]
            if reached:
                shares = allocate(reached[-1]["off_minor"], nets)
                nets = [net - share for net, share in zip(nets, shares, strict=True)]
        elif kind == "GIFT_WITH_PURCHASE" and entry >= (rule.get("from_minor") or 0):
            given += [gifts[int(one)] for one in rule["gifts"] if int(one) in gifts][:1]
    for place, row in enumerate(lines):
        discounts[place] = row[2] * row[5] - nets[place]
    total = sum(nets)
    return {
        "lines": [
            {
                "id": row[0],
                "sku": row[3],
                "name": row[4],
                "quantity": row[2],
                "list": amount(row[2] * row[5], currency),
                "discount": amount(discount, currency),
                "net": amount(net, currency),
            }
            for row, discount, net in zip(lines, discounts, nets, strict=True)
        ],
        "gifts": [{"sku": gift[1]} for gift in given],
        "discount": amount(sum(discounts), currency),
        "total": amount(total, currency),
        "total_minor": total,
    }


TOUCH = """
UPDATE carts SET version = version + 1, updated_at = :now
 WHERE token = :token AND status = 'OPEN' RETURNING id
"""
ADD = """
INSERT INTO cart_lines (cart_id, variant_id, quantity, added_at)
SELECT c.id, vp.variant_id, :quantity, :now FROM carts c
  JOIN variant_prices vp ON vp.channel_id = c.channel_id AND vp.variant_id = :variant
  JOIN variants v ON v.id = vp.variant_id
  JOIN publications p ON p.product_id = v.product_id AND p.channel_id = c.channel_id
 WHERE c.id = :cart AND p.published_at <= :now
ON CONFLICT (cart_id, variant_id)
DO UPDATE SET quantity = cart_lines.quantity + excluded.quantity
"""
SET = "UPDATE cart_lines SET quantity = :quantity WHERE id = :line AND cart_id = :cart"
LINES = """
SELECT l.id, l.variant_id, l.quantity, v.sku, p.name, vp.price_minor,
       (SELECT MAX(g.path) FROM product_categories pc JOIN categories g ON g.id = pc.category_id
         WHERE pc.product_id = p.id), ch.currency, p.id
  FROM cart_lines l JOIN carts c ON c.id = l.cart_id JOIN channels ch ON ch.id = c.channel_id
  JOIN variants v ON v.id = l.variant_id JOIN products p ON p.id = v.product_id
  JOIN variant_prices vp ON vp.variant_id = v.id AND vp.channel_id = c.channel_id
  JOIN publications pub ON pub.product_id = p.id AND pub.channel_id = c.channel_id
 WHERE l.cart_id = :cart AND pub.published_at <= :now ORDER BY l.id
"""
PROMOTIONS = """
SELECT id, kind, rule, terms FROM promotions
 WHERE status = 'ACTIVE' AND (starts_at IS NULL OR starts_at <= :now)
   AND (ends_at IS NULL OR ends_at > :now) ORDER BY priority, id
"""
GIFTS = """
SELECT v.id, v.sku FROM variants v
 WHERE {ids} AND EXISTS (
  SELECT 1 FROM gift_stocks g WHERE g.variant_id = v.id AND g.used < g.quantity)
"""

"""F by hand: a cart made with its lines and details, and placed as an order."""

from __future__ import annotations

import secrets
from typing import Any

import orjson

from benchmarks.floor.carts import Carts
from benchmarks.floor.database import Driver
from storeql.orders.placing.draft import line_id


class Checkout:
    """A checkout with the fewest statements that keeps stock, money and retries right."""

    def __init__(self, driver: Driver) -> None:
        sql = driver.sql
        self._driver = driver
        self._cart = sql(CART)
        self._line = sql(LINE)
        self._close = sql(CLOSE)
        self._stock = sql(STOCK.format(ids=driver.ids("l.variant_id")))
        if not driver.is_sqlite:
            self._stock += " FOR UPDATE"
        self._take, self._moved = sql(TAKE), sql(MOVED)
        self._order, self._order_line = sql(ORDER), sql(ORDER_LINE)
        self._reserved, self._paid = sql(RESERVED), sql(PAID)
        self._event, self._key = sql(EVENT), sql(KEY)

    def create(
        self, connection: Any, now: int, body: dict[str, Any], carts: Carts
    ) -> dict[str, Any]:
        """A new cart with lines, address, delivery and payment method, and what it costs."""
        token = secrets.token_urlsafe(24)
        params = {
            "token": token,
            "email": body["email"],
            "address": orjson.dumps(body["address"]).decode(),
            "now": now,
        }
        cart, delivery_minor = connection.execute(self._cart, params).fetchone()
        entries = [{"cart": cart, "now": now, **line} for line in body["lines"]]
        connection.cursor().executemany(self._line, entries)
        shown = carts.shown(connection, now, cart)
        return {"token": token, "confirmed": shown["total_minor"] + delivery_minor}

    def place(
        self, connection: Any, now: int, body: dict[str, Any], carts: Carts
    ) -> dict[str, Any]:
        """The order of a cart at the total that was confirmed."""
        params = {"token": body["token"], "now": now}
        row = connection.execute(self._close, params).fetchone()
        if row is None:
            raise LookupError("no open cart")
        cart, channel, email, address, delivery_minor = row
        shown = carts.shown(connection, now, cart)
        total = shown["total_minor"] + delivery_minor
        if total != body["confirmed"]:
            raise ValueError(f"the price is {total}")
        lines = connection.execute(carts._lines, {"cart": cart, "now": now}).fetchall()
        order = self._write(connection, now, cart, channel, email, address, total)
        reserved = self._take_stock(connection, now, lines, order)
        self._write_lines(connection, now, order, lines, reserved)
        facts = {"order": order, "now": now, "amount": total, "key": body["key"]}
        connection.execute(self._paid, {**facts, "reference": f"pay-{order}"})
        connection.execute(self._event, facts)
        connection.execute(self._key, facts)
        return {"number": f"F{order:08}"}

    def _write(
        self,
        connection: Any,
        now: int,
        cart: int,
        channel: int,
        email: str,
        address: str,
        total: int,
    ) -> int:
        params = {
            "number": f"F{cart:08}",
            "channel": channel,
            "cart": cart,
            "email": email,
            "address": address,
            "total": total,
            "now": now,
        }
        (order,) = connection.execute(self._order, params).fetchone()
        return int(order)

    def _take_stock(
        self, connection: Any, now: int, lines: list[Any], order: int
    ) -> dict[int, int]:
        ids = self._driver.many(sorted(row[1] for row in lines))
        chosen: dict[int, int] = {}
        wanted = {row[1]: row[2] for row in lines}
        for variant, warehouse, available in connection.execute(self._stock, {"ids": ids}):
            if variant not in chosen and available >= wanted[variant]:
                chosen[variant] = warehouse
        if len(chosen) != len(wanted):
            raise LookupError("out of stock")
        moves = [
            {
                "variant": variant,
                "warehouse": chosen[variant],
                "pieces": wanted[variant],
                "reference": f"order:{order}",
                "now": now,
            }
            for variant in sorted(wanted)
        ]
        connection.cursor().executemany(self._take, moves)
        connection.cursor().executemany(self._moved, moves)
        return chosen

    def _write_lines(
        self,
        connection: Any,
        now: int,
        order: int,
        lines: list[Any],
        reserved: dict[int, int],
    ) -> None:
        rows = [
            {
                "id": line_id(order, place),
                "order": order,
                "place": place,
                "product": row[8],
                "variant": row[1],
                "sku": row[3],
                "name": row[4],
                "quantity": row[2],
                "unit": row[5],
                "list": row[5] * row[2],
            }
            for place, row in enumerate(lines)
        ]
        connection.cursor().executemany(self._order_line, rows)
        parts: dict[int, list[list[int]]] = {}
        for row in rows:
            piece = [row["id"], row["variant"], row["quantity"]]
            parts.setdefault(reserved[row["variant"]], []).append(piece)
        entries = [
            {
                "order": order,
                "place": place,
                "warehouse": warehouse,
                "pieces": orjson.dumps(pieces).decode(),
                "now": now,
            }
            for place, (warehouse, pieces) in enumerate(sorted(parts.items()), 1)
        ]
        connection.cursor().executemany(self._reserved, entries)


CART = """
INSERT INTO carts (token, channel_id, email, status, address, delivery_method_id, payment_method,
                   created_at, updated_at)
SELECT :token, ch.id, :email, 'OPEN', :address,
       (SELECT MIN(d.id) FROM delivery_methods d WHERE d.channel_id = ch.id), 'cash_on_delivery',
       :now, :now
  FROM channels ch WHERE ch.is_default
RETURNING id, (SELECT d.price_minor FROM delivery_methods d WHERE d.id = delivery_method_id)
"""
LINE = """
INSERT INTO cart_lines (cart_id, variant_id, quantity, added_at)
VALUES (:cart, :variant, :quantity, :now)
"""
CLOSE = """
UPDATE carts SET status = 'ORDERED', updated_at = :now WHERE token = :token AND status = 'OPEN'
RETURNING id, channel_id, email, address,
  (SELECT d.price_minor FROM delivery_methods d WHERE d.id = delivery_method_id)
"""
STOCK = """
SELECT l.variant_id, l.warehouse_id, l.on_hand - l.reserved FROM stock_levels l
 WHERE {ids} ORDER BY l.variant_id, l.warehouse_id
"""
TAKE = """
UPDATE stock_levels SET reserved = reserved + :pieces
 WHERE variant_id = :variant AND warehouse_id = :warehouse
"""
MOVED = """
INSERT INTO stock_movements (variant_id, warehouse_id, on_hand_change, reserved_change, reason,
                             note, reference, actor, at)
VALUES (:variant, :warehouse, 0, :pieces, 'RESERVED', '', :reference, 'guest', :now)
"""
ORDER = """
INSERT INTO orders (number, channel_id, cart_id, email, currency, state, list_minor, discount_minor,
                    gift_minor, subtotal_minor, shipping_list_minor, shipping_minor, tax_minor,
                    total_minor, address, delivery_method, payment_method, basket, pricing,
                    placed_at, updated_at)
VALUES (:number, :channel, :cart, :email, 'CNY', 'AWAITING_FULFILMENT', :total, 0, 0, :total, 0, 0,
        0, :total, :address, 'standard', 'cash_on_delivery', '{}', '{}', :now, :now)
RETURNING id
"""
ORDER_LINE = """
INSERT INTO order_lines (id, order_id, position, product_id, variant_id, sku, product_name,
                         variant_name, quantity, unit_list_minor, list_minor, discount_minor,
                         net_minor, tax_minor)
VALUES (:id, :order, :place, :product, :variant, :sku, :name, '', :quantity, :unit, :list, 0,
        :list, 0)
"""
RESERVED = """
INSERT INTO fulfilments (order_id, position, warehouse_id, pieces, created_at, updated_at)
VALUES (:order, :place, :warehouse, :pieces, :now, :now)
"""
PAID = """
INSERT INTO payments (order_id, gateway, status, amount_minor, currency, reference, created_at,
                      updated_at)
VALUES (:order, 'cash_on_delivery', 'PENDING', :amount, 'CNY', :reference, :now, :now)
"""
EVENT = """
INSERT INTO order_events (order_id, kind, actor, data, at)
VALUES (:order, 'PLACED', 'guest', '{}', :now)
"""
KEY = """
INSERT INTO idempotency_keys (actor, mutation, key, input_hash, object_id, created_at)
VALUES ('guest', 'place', :key, '', :order, :now)
"""

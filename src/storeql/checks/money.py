"""What has to add up in an order: its lines, its discounts, its total."""

from __future__ import annotations

MONEY = {
    "an order's lines do not sum to it": """
        SELECT o.number, o.list_minor, o.discount_minor, o.gift_minor, o.subtotal_minor
        FROM orders o JOIN order_lines l ON l.order_id = o.id
        GROUP BY o.id, o.number, o.list_minor, o.discount_minor, o.gift_minor, o.subtotal_minor
        HAVING o.subtotal_minor <> SUM(l.net_minor)
          OR o.list_minor <> SUM(CASE WHEN l.is_gift THEN 0 ELSE l.list_minor END)
          OR o.discount_minor <> SUM(CASE WHEN l.is_gift THEN 0 ELSE l.discount_minor END)
          OR o.gift_minor <> SUM(CASE WHEN l.is_gift THEN l.discount_minor ELSE 0 END)""",
    "an order without lines": """
        SELECT number FROM orders WHERE id NOT IN (SELECT order_id FROM order_lines)""",
    "a line's price does not follow from its parts": """
        SELECT l.id, l.list_minor, l.discount_minor, l.net_minor
        FROM order_lines l LEFT JOIN (
          SELECT order_line_id, SUM(amount_minor) AS amount
          FROM discount_allocations GROUP BY order_line_id
        ) a ON a.order_line_id = l.id
        WHERE l.list_minor <> l.quantity * l.unit_list_minor OR l.net_minor < 0
          OR l.net_minor <> l.list_minor - l.discount_minor
          OR l.discount_minor <> COALESCE(a.amount, 0)""",
    "an order's total is not its goods and its delivery": """
        SELECT o.number, o.total_minor, o.subtotal_minor, o.shipping_minor
        FROM orders o LEFT JOIN (
          SELECT order_id, SUM(amount_minor) AS amount
          FROM discount_allocations WHERE order_line_id IS NULL GROUP BY order_id
        ) a ON a.order_id = o.id
        WHERE o.total_minor <> o.subtotal_minor + o.shipping_minor
          OR o.shipping_minor <> o.shipping_list_minor - COALESCE(a.amount, 0)""",
}

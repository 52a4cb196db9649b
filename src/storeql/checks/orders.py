"""What has to hold around orders: their log, and what is counted of them."""

from __future__ import annotations

ORDERS = {
    "an order was not logged as placed exactly once": """
        SELECT o.number, COUNT(e.id) FROM orders o
        LEFT JOIN order_events e ON e.order_id = o.id AND e.kind = 'PLACED'
        GROUP BY o.id, o.number HAVING COUNT(e.id) <> 1""",
    "a customer's orders are miscounted": """
        SELECT c.id, c.order_count, COUNT(o.id) FROM customers c
        LEFT JOIN orders o ON o.customer_id = c.id AND o.state <> 'CANCELLED'
        GROUP BY c.id, c.order_count HAVING c.order_count <> COUNT(o.id)""",
}

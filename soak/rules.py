"""What more has to hold after a proof: no order was cancelled, and each is paid, all of it once."""

from __future__ import annotations

from storeql.checks import RULES as ALWAYS

MONEY = {
    "an order is not paid exactly once": """
        SELECT o.number, o.total_minor, COUNT(p.id), SUM(p.amount_minor)
        FROM orders o LEFT JOIN payments p
          ON p.order_id = o.id AND p.currency = o.currency AND p.gateway = o.payment_method
          AND p.status IN ('AUTHORIZED', 'CAPTURED')
        GROUP BY o.id, o.number, o.total_minor
        HAVING COUNT(p.id) <> 1 OR SUM(p.amount_minor) <> o.total_minor""",
    "a payment besides the one that is needed": """
        SELECT reference, status FROM payments WHERE status NOT IN ('AUTHORIZED', 'CAPTURED')""",
}

ORDERS = {
    "an order is not awaiting fulfilment": """
        SELECT number, state FROM orders WHERE state <> 'AWAITING_FULFILMENT'""",
    "a cart is not the one order it became": """
        SELECT c.id, c.status, COUNT(o.id)
        FROM carts c LEFT JOIN orders o ON o.cart_id = c.id
        GROUP BY c.id, c.status
        HAVING COUNT(o.id) <> CASE WHEN c.status = 'ORDERED' THEN 1 ELSE 0 END""",
    "an order without a cart": """
        SELECT number FROM orders WHERE cart_id NOT IN (SELECT id FROM carts)""",
    "an order has not exactly one key": """
        SELECT o.number, COUNT(k.id) FROM orders o
        LEFT JOIN idempotency_keys k ON k.object_id = o.id AND k.mutation = 'orderPlace'
        GROUP BY o.id, o.number HAVING COUNT(k.id) <> 1""",
}

SHELVES = {
    "a line does not hold all its pieces": """
        SELECT o.id, o.quantity, SUM(p.quantity)
        FROM order_lines o LEFT JOIN {pieces} p ON p.line_id = o.id
        GROUP BY o.id, o.quantity HAVING o.quantity <> COALESCE(SUM(p.quantity), 0)""",
}

RULES = {**ALWAYS, **SHELVES, **MONEY, **ORDERS}

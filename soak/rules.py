"""What has to add up in a shop's tables: each query finds the rows that do not.

They are for shops in which no order was cancelled and prices include tax, as in the proofs.
`{pieces}` stands for the pieces of all fulfilments, which each engine reads in its own way.
"""

from __future__ import annotations

STOCK = {
    "a stock level is not the sum of its ledger": """
        SELECT l.variant_id, l.on_hand, l.reserved, m.on_hand, m.reserved
        FROM stock_levels l LEFT JOIN (
          SELECT variant_id, warehouse_id,
            SUM(on_hand_change) AS on_hand, SUM(reserved_change) AS reserved
          FROM stock_movements GROUP BY variant_id, warehouse_id
        ) m ON m.variant_id = l.variant_id AND m.warehouse_id = l.warehouse_id
        WHERE l.on_hand <> COALESCE(m.on_hand, 0) OR l.reserved <> COALESCE(m.reserved, 0)""",
    "what is reserved is not what orders hold": """
        SELECT l.variant_id, l.reserved, h.held
        FROM stock_levels l LEFT JOIN (
          SELECT p.variant_id, p.warehouse_id, SUM(p.quantity) AS held
          FROM {pieces} p WHERE p.state IN ('OPEN', 'PICKING', 'PACKED')
          GROUP BY p.variant_id, p.warehouse_id
        ) h ON h.variant_id = l.variant_id AND h.warehouse_id = l.warehouse_id
        WHERE l.reserved <> COALESCE(h.held, 0)""",
    "a line does not hold all its pieces": """
        SELECT o.id, o.quantity, SUM(p.quantity)
        FROM order_lines o LEFT JOIN {pieces} p ON p.line_id = o.id
        GROUP BY o.id, o.quantity HAVING o.quantity <> COALESCE(SUM(p.quantity), 0)""",
}

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

PROMOTIONS = {
    "a redemption is not what the order's lines say": """
        SELECT r.order_id, r.promotion_id, r.amount_minor, a.amount
        FROM redemptions r LEFT JOIN (
          SELECT order_id, promotion_id, SUM(amount_minor) AS amount
          FROM discount_allocations GROUP BY order_id, promotion_id
        ) a ON a.order_id = r.order_id AND a.promotion_id = r.promotion_id
        WHERE r.amount_minor <> COALESCE(a.amount, 0)""",
    "a discount without a redemption": """
        SELECT a.order_id, a.promotion_id FROM discount_allocations a
        LEFT JOIN redemptions r
          ON r.order_id = a.order_id AND r.promotion_id = a.promotion_id
        WHERE r.id IS NULL""",
    "a promotion's counters are not its redemptions": """
        SELECT p.id, p.usage_count, p.budget_used_minor, COUNT(r.id), SUM(r.amount_minor)
        FROM promotions p LEFT JOIN redemptions r ON r.promotion_id = p.id
        WHERE p.usage_limit IS NOT NULL OR p.budget_minor IS NOT NULL
        GROUP BY p.id, p.usage_count, p.budget_used_minor
        HAVING p.usage_count <> COUNT(r.id)
          OR p.budget_used_minor <> COALESCE(SUM(r.amount_minor), 0)""",
    "a code's counter is not its redemptions": """
        SELECT c.code, c.usage_count, COUNT(r.id)
        FROM voucher_codes c LEFT JOIN redemptions r
          ON r.promotion_id = c.promotion_id AND r.code = c.code
        WHERE c.usage_limit IS NOT NULL
        GROUP BY c.id, c.code, c.usage_count HAVING c.usage_count <> COUNT(r.id)""",
    "a gift's counter is not what orders were given": """
        SELECT g.promotion_id, g.variant_id, g.used, given.pieces
        FROM gift_stocks g LEFT JOIN (
          SELECT a.promotion_id, l.variant_id, SUM(l.quantity) AS pieces
          FROM order_lines l JOIN discount_allocations a ON a.order_line_id = l.id
          WHERE l.is_gift GROUP BY a.promotion_id, l.variant_id
        ) given ON given.promotion_id = g.promotion_id AND given.variant_id = g.variant_id
        WHERE g.used <> COALESCE(given.pieces, 0)""",
    "a campaign's counter is not its redemptions": """
        SELECT c.id, c.budget_used_minor, SUM(r.amount_minor)
        FROM campaigns c LEFT JOIN redemptions r ON r.campaign_id = c.id
        WHERE c.budget_minor IS NOT NULL GROUP BY c.id, c.budget_used_minor, c.budget_minor
        HAVING c.budget_used_minor <> COALESCE(SUM(r.amount_minor), 0)
          OR c.budget_used_minor > c.budget_minor""",
    "a quota's counter is not what orders bought at the promotion's price": """
        SELECT q.promotion_id, q.variant_id, q.used, bought.pieces
        FROM variant_quotas q LEFT JOIN (
          SELECT a.promotion_id, l.variant_id, SUM(a.quantity) AS pieces
          FROM order_lines l JOIN discount_allocations a ON a.order_line_id = l.id
          WHERE NOT l.is_gift GROUP BY a.promotion_id, l.variant_id
        ) bought ON bought.promotion_id = q.promotion_id AND bought.variant_id = q.variant_id
        WHERE q.used <> COALESCE(bought.pieces, 0) OR q.used > q.quantity""",
    "a customer's counter is not their redemptions": """
        SELECT u.promotion_id, u.customer_id, u.usage_count, COUNT(r.id)
        FROM customer_usages u LEFT JOIN redemptions r
          ON r.promotion_id = u.promotion_id AND r.customer_id = u.customer_id
        GROUP BY u.promotion_id, u.customer_id, u.usage_count
        HAVING u.usage_count <> COUNT(r.id)""",
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
    "an order was not logged as placed exactly once": """
        SELECT o.number, COUNT(e.id) FROM orders o
        LEFT JOIN order_events e ON e.order_id = o.id AND e.kind = 'PLACED'
        GROUP BY o.id, o.number HAVING COUNT(e.id) <> 1""",
    "an order has not exactly one key": """
        SELECT o.number, COUNT(k.id) FROM orders o
        LEFT JOIN idempotency_keys k ON k.object_id = o.id AND k.mutation = 'orderPlace'
        GROUP BY o.id, o.number HAVING COUNT(k.id) <> 1""",
    "a customer's orders are miscounted": """
        SELECT c.id, c.order_count, COUNT(o.id) FROM customers c
        LEFT JOIN orders o ON o.customer_id = c.id
        GROUP BY c.id, c.order_count HAVING c.order_count <> COUNT(o.id)""",
}

RULES = {**STOCK, **MONEY, **PROMOTIONS, **ORDERS}

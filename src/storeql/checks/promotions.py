"""What has to add up in promotions: every counter is what orders took and did not give back."""

from __future__ import annotations

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
        SELECT p.id, p.usage_count, p.budget_used_minor, r.uses, r.amount
        FROM promotions p LEFT JOIN (
          SELECT promotion_id,
            SUM(CASE WHEN released_at IS NULL OR kept_usage THEN 1 ELSE 0 END) AS uses,
            SUM(CASE WHEN released_at IS NULL OR kept_budget THEN amount_minor END) AS amount
          FROM redemptions GROUP BY promotion_id
        ) r ON r.promotion_id = p.id
        WHERE (p.usage_limit IS NOT NULL OR p.budget_minor IS NOT NULL)
          AND (p.usage_count <> COALESCE(r.uses, 0)
            OR p.budget_used_minor <> COALESCE(r.amount, 0))""",
    "a code's counter is not its redemptions": """
        SELECT c.code, c.usage_count, r.uses
        FROM voucher_codes c LEFT JOIN (
          SELECT promotion_id, code, COUNT(*) AS uses FROM redemptions
          WHERE (released_at IS NULL OR kept_code) GROUP BY promotion_id, code
        ) r ON r.promotion_id = c.promotion_id AND r.code = c.code
        WHERE c.usage_limit IS NOT NULL AND c.usage_count <> COALESCE(r.uses, 0)""",
    "a gift's counter is not what orders were given": """
        SELECT g.promotion_id, g.variant_id, g.used, given.pieces
        FROM gift_stocks g LEFT JOIN (
          SELECT a.promotion_id, l.variant_id, SUM(l.quantity) AS pieces
          FROM order_lines l JOIN discount_allocations a ON a.order_line_id = l.id
          WHERE l.is_gift AND EXISTS (
            SELECT 1 FROM redemptions r WHERE r.order_id = l.order_id
              AND r.promotion_id = a.promotion_id AND r.released_at IS NULL)
          GROUP BY a.promotion_id, l.variant_id
        ) given ON given.promotion_id = g.promotion_id AND given.variant_id = g.variant_id
        WHERE g.used <> COALESCE(given.pieces, 0)""",
    "a campaign's counter is not its redemptions": """
        SELECT c.id, c.budget_used_minor, r.amount
        FROM campaigns c LEFT JOIN (
          SELECT campaign_id, SUM(amount_minor) AS amount FROM redemptions
          WHERE (released_at IS NULL OR kept_budget) GROUP BY campaign_id
        ) r ON r.campaign_id = c.id
        WHERE c.budget_minor IS NOT NULL AND c.budget_used_minor <> COALESCE(r.amount, 0)""",
    "a quota's counter is not what orders bought at the promotion's price": """
        SELECT q.promotion_id, q.variant_id, q.used, bought.pieces
        FROM variant_quotas q LEFT JOIN (
          SELECT a.promotion_id, l.variant_id, SUM(a.quantity) AS pieces
          FROM order_lines l JOIN discount_allocations a ON a.order_line_id = l.id
          WHERE NOT l.is_gift AND EXISTS (
            SELECT 1 FROM redemptions r WHERE r.order_id = l.order_id
              AND r.promotion_id = a.promotion_id AND (r.released_at IS NULL OR r.kept_quota))
          GROUP BY a.promotion_id, l.variant_id
        ) bought ON bought.promotion_id = q.promotion_id AND bought.variant_id = q.variant_id
        WHERE q.used <> COALESCE(bought.pieces, 0) OR q.used > q.quantity""",
    "a customer's counter is not their redemptions": """
        SELECT u.promotion_id, u.customer_id, u.usage_count, r.uses
        FROM customer_usages u LEFT JOIN (
          SELECT promotion_id, customer_id, COUNT(*) AS uses FROM redemptions
          WHERE (released_at IS NULL OR kept_usage) GROUP BY promotion_id, customer_id
        ) r ON r.promotion_id = u.promotion_id AND r.customer_id = u.customer_id
        WHERE u.usage_count <> COALESCE(r.uses, 0)""",
}

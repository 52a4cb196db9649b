"""What has to add up in the warehouse: levels, ledger, and what orders are promised.

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
}

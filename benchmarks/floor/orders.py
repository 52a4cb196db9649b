"""G by hand: the staff's list of orders with lines and customers, behind a session."""

from __future__ import annotations

from typing import Any

from benchmarks.floor.catalog import amount
from benchmarks.floor.database import Driver
from storeql.customers.tokens import token_hash
from storeql.schema.ids import opaque_id
from storeql.schema.scalars import instant_text


class Refused(Exception):
    """The token does not open the list."""


class Orders:
    """Order answers with the fewest statements."""

    def __init__(self, driver: Driver, secret: str) -> None:
        self._driver = driver
        self._secret = secret
        self._session = driver.sql(SESSION)
        self._page = driver.sql(PAGE)
        self._lines = driver.sql(LINES.format(ids=driver.ids("l.order_id")))

    def listing(self, connection: Any, now: int, token: str) -> dict[str, Any]:
        """The 50 newest orders; raises Refused without MANAGE_ORDERS."""
        hashed = {"token": token_hash(token, self._secret), "now": now}
        granted = connection.execute(self._session, hashed).fetchall()
        if not any("MANAGE_ORDERS" in permissions for (permissions,) in granted):
            raise Refused
        rows = connection.execute(self._page).fetchall()
        lines: dict[int, list[Any]] = {}
        for owner, sku, name, quantity, net, currency in connection.execute(
            self._lines, {"ids": self._driver.many([row[0] for row in rows])}
        ):
            lines.setdefault(owner, []).append(
                {
                    "sku": sku,
                    "productName": name,
                    "quantity": quantity,
                    "net": amount(net, currency),
                }
            )
        return {
            "nodes": [
                {
                    "id": opaque_id("Order", row_id),
                    "number": number,
                    "state": state,
                    "placedAt": instant_text(placed_at),
                    "total": amount(total, currency),
                    "customer": customer
                    and {"id": opaque_id("Customer", customer), "name": name, "email": email},
                    "lines": lines.get(row_id, []),
                }
                for row_id, number, state, placed_at, total, currency, customer, name, email in rows
            ]
        }


SESSION = """
SELECT r.permissions FROM sessions s
  JOIN staff_members m ON m.id = s.staff_id AND m.is_active
  JOIN staff_roles sr ON sr.staff_id = m.id JOIN roles r ON r.id = sr.role_id
 WHERE s.token_hash = :token AND s.revoked_at IS NULL AND s.expires_at > :now
"""
PAGE = """
SELECT o.id, o.number, o.state, o.placed_at, o.total_minor, o.currency, c.id, c.name, c.email
  FROM orders o LEFT JOIN customers c ON c.id = o.customer_id
 ORDER BY o.placed_at DESC, o.id DESC LIMIT 50
"""
LINES = """
SELECT l.order_id, l.sku, l.product_name, l.quantity, l.net_minor, o.currency
  FROM order_lines l JOIN orders o ON o.id = l.order_id
 WHERE {ids} ORDER BY l.order_id, l.position
"""

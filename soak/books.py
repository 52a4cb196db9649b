"""Closes a shop's books: what its tables say must add up, and be what its clients were told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from soak.buyer import Placement
from soak.findings import Findings
from soak.rules import RULES
from soak.shop import Goods, Shop
from storeql.checks.books import broken_rows
from storeql.db import Connection, Database
from storeql.schema.money import decimal_text

ORDERS = """query ($after: String) { orders(first: 100, after: $after) {
  totalCount nodes { number state total { amount } discountTotal { amount } }
  pageInfo { hasNextPage endCursor } } }"""
STOCK = """query ($id: ID!) { node(id: $id) { ... on ProductVariant {
  availableStock stockLevels { onHand reserved available } } } }"""
_KEPT = """
    SELECT c.token, o.number, o.total_minor, o.discount_minor, o.currency, o.state
    FROM orders o JOIN carts c ON c.id = o.cart_id"""
MOST_PAGES = 1_000


@dataclass(frozen=True)
class Kept:
    """An order as the database or the API has it; amounts as decimal text."""

    number: str
    total: str
    discount: str
    state: str


async def close_books(
    shop: Shop, findings: Findings, answered: Mapping[str, Placement], *, orders: int | None = None
) -> None:
    """Complains of all that does not add up.

    `answered` is what the buyer of each ordered cart (by token) was told; there must be these
    orders and no other. `orders` is how many there must be.
    """
    findings.complain(broken_rules(shop.database))
    kept, shown = kept_orders(shop.database), await shown_orders(shop)
    findings.complain(differences(kept, answered))
    findings.expect("orders of the API", shown, {one.number: one for one in kept.values()})
    if orders is not None:
        findings.expect("orders", len(kept), orders)


def broken_rules(database: Database) -> list[str]:
    """Each rule that rows break, with the first of them; on SQLite also a broken file."""
    with database.reading() as connection:
        broken = broken_by(connection)
        complaints = [f"{rule} ({len(rows)}×): {rows[0]}" for rule, rows in broken.items()]
        if database.is_sqlite:
            found = [row[0] for row in connection.text("PRAGMA integrity_check").fetchall()]
            found += connection.text("PRAGMA foreign_key_check").fetchall()
            if found != ["ok"]:
                complaints.append(f"the file is broken: {found[:3]}")
    return complaints


def broken_by(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The rules that are broken, each with the rows that break it."""
    found = {rule: broken_rows(connection, sql, most=100) for rule, sql in RULES.items()}
    return {rule: rows for rule, rows in found.items() if rows}


def kept_orders(database: Database) -> dict[str, Kept]:
    """All orders in the database by their cart's token."""
    with database.reading() as connection:
        rows = connection.text(_KEPT).fetchall()
    return {token: _kept(*row) for token, *row in rows}


def placed_at(database: Database) -> dict[str, int]:
    """When each order was asked for, by its cart's token; milliseconds since 1970 UTC."""
    sql = "SELECT c.token, o.placed_at FROM orders o JOIN carts c ON c.id = o.cart_id"
    with database.reading() as connection:
        return dict(connection.text(sql).fetchall())


def differences(kept: Mapping[str, Kept], answered: Mapping[str, Placement]) -> list[str]:
    """What clients were told that is not so, and orders that nobody was told of."""
    complaints = [f"order {kept[key].number} was told to nobody" for key in kept.keys() - answered]
    for token, told in answered.items():
        order = kept.get(token)
        if order is None:
            complaints.append(f"order {told.number} was answered and is not there")
        elif (order.number, order.total, order.discount) != (
            told.number,
            told.total,
            told.discount,
        ):
            complaints.append(f"{told} was answered, {order} is there")
    return complaints


async def shown_orders(shop: Shop) -> dict[str, Kept]:
    """All orders by number, as the API lists them for staff."""
    found: dict[str, Kept] = {}
    after = None
    for _ in range(MOST_PAGES):
        page = await shop.staff_ask(ORDERS, after=after)
        for one in page["nodes"]:
            amounts = one["total"]["amount"], one["discountTotal"]["amount"]
            found[one["number"]] = Kept(one["number"], *amounts, one["state"])
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(found) == page["totalCount"], (len(found), page["totalCount"])
    return found


async def expect_stock(shop: Shop, findings: Findings, goods: Goods, *, sold: int, of: int) -> None:
    """Complains unless the database and the API show so many of the pieces as sold."""
    sql = f"SELECT on_hand, reserved FROM stock_levels WHERE variant_id = {goods.variant_row}"
    with shop.database.reading() as connection:
        [level] = connection.text(sql).fetchall()
    findings.expect("(on hand, reserved)", tuple(level), (of, sold))
    shown = await shop.staff_ask(STOCK, id=goods.variant)
    levels = [{"onHand": of, "reserved": sold, "available": of - sold}]
    wanted = {"availableStock": of - sold, "stockLevels": levels}
    findings.expect("stock of the API", shown, wanted)


def _kept(number: str, total: int, discount: int, currency: str, state: str) -> Kept:
    return Kept(number, decimal_text(total, currency), decimal_text(discount, currency), state)


def row(shop: Shop, sql: str) -> tuple[Any, ...]:
    """The only row of a query."""
    with shop.database.reading() as connection:
        [found] = connection.text(sql).fetchall()
    return tuple(found)

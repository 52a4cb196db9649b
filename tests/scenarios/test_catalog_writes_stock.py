"""Staff count, receive and write off goods, and read the ledger: all over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.stock.promise import reserve
from storeql.db import Database
from storeql.schema.ids import row_of
from tests.customers.people import NOW, hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk, document
from tests.scenarios.people_door import open_door

LEDGER = """
query ($id: ID!, $house: ID, $after: String) {
  stockMovements(variantId: $id, warehouseId: $house, first: 2, after: $after) {
    nodes { onHandChange reservedChange reason note actor reference at warehouse { slug } }
    totalCount pageInfo { hasNextPage endCursor }
  }
}"""


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Built]:
    """A shop with an owner and a packer."""
    hired(database, OWNER, "owner")
    hired(database, "packer@example.cn", "orders")
    with open_door(database_url, str(tmp_path)) as door:
        yield Built(Clerk(door))


def change(shop: Built, variant_id: str, **bent: Any) -> dict[str, Any]:
    return {
        "variantId": variant_id,
        "warehouseId": shop.house,
        "reason": "RECEIVED",
        "quantity": {"change": 10},
    } | bent


def on_hand(variants: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(one["onHand"], one["available"]) for one in variants[0]["stockLevels"]]


def test_stock_moves_by_pieces_or_to_what_was_counted_and_the_ledger_says_so(shop: Built) -> None:
    variant_id = shop.product()["variants"][0]["id"]
    packer = Clerk(shop.clerk.door, "packer@example.cn")

    received = packer.make(
        "stockAdjust", idempotencyKey="a", changes=[change(shop, variant_id, note="第一批")]
    )
    assert on_hand(received) == [(15, 15)]
    counted = change(shop, variant_id, reason="CORRECTED", quantity={"onHand": 12})
    assert on_hand(packer.make("stockAdjust", idempotencyKey="b", changes=[counted])) == [(12, 12)]

    page = packer.ask(LEDGER, id=variant_id, house=shop.house)
    rest = packer.ask(LEDGER, id=variant_id, after=page["pageInfo"]["endCursor"])
    moves = [*page["nodes"], *rest["nodes"]]
    assert [(one["onHandChange"], one["reason"], one["note"]) for one in moves] == [
        (-3, "CORRECTED", ""),
        (10, "RECEIVED", "第一批"),
        (5, "RECEIVED", ""),
    ]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert moves[0]["warehouse"] == {"slug": "north"}
    assert moves[0]["actor"].startswith("staff:")


def test_the_same_key_twice_moves_stock_once(shop: Built) -> None:
    variant_id = shop.product()["variants"][0]["id"]
    changes = [change(shop, variant_id)]

    def send(_: int) -> list[tuple[int, int]]:
        return on_hand(shop.clerk.make("stockAdjust", idempotencyKey="k", changes=changes))

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(8)))

    assert answers == [[(15, 15)]] * 8
    other = [change(shop, variant_id, quantity={"change": 11})]
    assert shop.clerk.codes("stockAdjust", idempotencyKey="k", changes=other) == {
        "idempotencyKey": "IDEMPOTENCY_KEY_REUSED"
    }


def test_pieces_promised_to_orders_cannot_be_written_off(shop: Built, database: Database) -> None:
    product = shop.product()
    variant_id = product["variants"][0]["id"]
    row = row_of("ProductVariant", variant_id)
    database.write(lambda c: reserve(c, {row: 4}, now=NOW, actor="guest", reference="order:1"))
    lost = change(shop, variant_id, reason="LOST", quantity={"change": -2})

    (error,) = shop.clerk.errors("stockAdjust", idempotencyKey="k", changes=[lost])
    assert (error["__typename"], error["onHand"], error["reserved"]) == ("StockReserved", 5, 4)
    assert error["field"] == ["changes", "0", "quantity", "change"]
    (error,) = shop.clerk.errors("productDelete", id=product["id"])
    assert error["__typename"] == "StockReserved"
    one_less = change(shop, variant_id, reason="LOST", quantity={"change": -1})
    left = shop.clerk.make("stockAdjust", idempotencyKey="k", changes=[one_less])
    assert on_hand(left) == [(4, 0)]


def test_a_count_made_upon_another_level_names_the_level_now(shop: Built) -> None:
    variant_id = shop.product()["variants"][0]["id"]
    counted = change(shop, variant_id, quantity={"onHand": 9}, expectedOnHand=4)

    (error,) = shop.clerk.errors("stockAdjust", idempotencyKey="k", changes=[counted])

    assert (error["__typename"], error["now"], error["field"]) == (
        "StockChanged",
        5,
        ["changes", "0", "expectedOnHand"],
    )


def test_customers_and_guests_never_see_or_change_stock(shop: Built) -> None:
    variant_id = shop.product()["variants"][0]["id"]
    door, given = shop.clerk.door, {"idempotencyKey": "k", "changes": [change(shop, variant_id)]}

    assert door.refusal(document("stockAdjust"), input=given) == "UNAUTHENTICATED"
    assert door.refusal(LEDGER, id=variant_id) == "UNAUTHENTICATED"
    assert door.refusal(LEDGER, door.customer(), id=variant_id) == "FORBIDDEN"

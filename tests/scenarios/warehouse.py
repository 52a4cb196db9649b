"""What a warehouse asks the shop, and what has to be true of its stock afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soak.books import broken_by
from storeql.catalog.tables import stock_levels, stock_movements, warehouses
from storeql.db import Connection, Database
from tests.carts.shop import NOW, insert_rows
from tests.scenarios.people_door import Door

PIECES = "pieces { sku quantity packed isGift lineId }"
FULFILMENT = f"""
  id number state orderState version shippedAt deliveredAt
  warehouse {{ slug }} {PIECES}
  packages {{ id number state weightGrams expectedGrams carrier trackingNumber
    pieces {{ sku quantity }} }}"""
PROBLEMS = """
  userErrors { code field
    ... on FulfilmentStateConflict { state }
    ... on WrongPiece { scanned }
    ... on TooManyPieces { sku given left }
    ... on PiecesMissing { missing { sku quantity } }
    ... on InsufficientStock { sku wanted available }
    ... on StaleVersion { current } }"""
ORDER = f"""
  query ($id: ID!) {{
    order(id: $id) {{
      state fulfilmentStatus shipBy isLate
      fulfilments {{ {FULFILMENT} }}
      holds {{ id reason note releasedAt }}
      events {{ kind stateBefore stateAfter data }} }}
  }}"""
ONE = """
  query ($id: ID!) {
    fulfilment(id: $id) { state name address { city } orderNumber }
  }"""


def changing(mutation: str, kind: str) -> str:
    """A mutation of a fulfilment."""
    return f"""
      mutation ($input: {kind}!) {{
        {mutation}(input: $input) {{ fulfilment {{ {FULFILMENT} }} {PROBLEMS} }}
      }}"""


PACK = changing("fulfilmentPack", "FulfilmentPackInput")
UNPACK = changing("fulfilmentUnpack", "FulfilmentInput")
SHIP = changing("fulfilmentShip", "FulfilmentShipInput")
DELIVER = changing("fulfilmentDeliver", "FulfilmentInput")


BEGIN = changing("packageBegin", "FulfilmentInput")
SCAN_IN = changing("packageScan", "PackageScanInput")
CLOSE = changing("packageClose", "PackageCloseInput")
REMOVE = changing("packageRemove", "PackageIdInput")
PACK_FINISH = changing("fulfilmentPackFinish", "FulfilmentInput")
SPLIT = changing("fulfilmentSplit", "FulfilmentSplitInput")
MERGE = changing("fulfilmentsMerge", "FulfilmentsMergeInput")
MOVE = changing("fulfilmentMove", "FulfilmentMoveInput")
PICK_LINES = """
  id fulfilmentNumber sku barcode binLocation quantity picked missing reason note toBePicked"""
PICK_LIST = f"""
  id state assigneeName quantity picked missing warehouse {{ slug }}
  lines {{ {PICK_LINES} }}"""


def changing_list(mutation: str, kind: str, more: str = "") -> str:
    """A mutation of a pick list."""
    return f"""
      mutation ($input: {kind}!) {{
        {mutation}(input: $input) {{ pickList {{ {PICK_LIST} }} {more} {PROBLEMS} }}
      }}"""


PICK = changing_list("pickListCreate", "PickListCreateInput")
ASSIGN = changing_list("pickListAssign", "PickListAssignInput")
SCAN = changing_list("pickListScan", "PickListScanInput", "lines { id fulfilmentNumber picked }")
COUNT = changing_list("pickListCount", "PickListCountInput")
SHORT = changing_list("pickListShort", "PickListShortInput")
PICK_DONE = changing_list("pickListFinish", "PickListInput")
PICK_STOP = changing_list("pickListCancel", "PickListInput")


def changing_order(mutation: str, kind: str) -> str:
    """A mutation of an order."""
    return f"""
      mutation ($input: {kind}!) {{
        {mutation}(input: $input) {{ order {{ state }} userErrors {{ code }} }}
      }}"""


HOLD = changing_order("orderHold", "OrderHoldInput")
RELEASE = changing_order("orderRelease", "OrderReleaseInput")
CANCEL = changing_order("orderCancel", "OrderCancelInput")
COMPLETE = changing_order("orderComplete", "OrderCompleteInput")


def of_order(door: Door, session: str, order_id: str) -> dict[str, Any]:
    """The order as staff see it."""
    found: dict[str, Any] = door.ask(ORDER, session, id=order_id)
    return found


def level_of(database: Database, variant_id: int, warehouse_id: int = 1) -> tuple[int, int]:
    """Pieces on hand and reserved."""
    with database.reading() as connection:
        row = connection.text(
            "SELECT on_hand, reserved FROM stock_levels"
            f" WHERE variant_id = {variant_id} AND warehouse_id = {warehouse_id}"
        ).fetchone()
    return row[0], row[1]


def ledger(
    database: Database, variant_id: int, warehouse_id: int = 1
) -> list[tuple[str, int, int]]:
    """The movements of a level, the oldest first: reason, change on hand, change reserved."""
    with database.reading() as connection:
        rows = connection.text(
            "SELECT reason, on_hand_change, reserved_change FROM stock_movements"
            f" WHERE variant_id = {variant_id} AND warehouse_id = {warehouse_id} ORDER BY id"
        ).fetchall()
    return [(reason, on_hand, reserved) for reason, on_hand, reserved in rows]


def add_warehouse(database: Database, key: int, stock: Mapping[int, int]) -> None:
    """Another warehouse with so many pieces of each variant."""
    insert_rows(database, warehouses, {"id": key, "slug": f"w{key}", "name": f"W{key}"})
    for variant_id, pieces in stock.items():
        place = {"variant_id": variant_id, "warehouse_id": key}
        insert_rows(database, stock_levels, {**place, "on_hand": pieces})
        received = {"on_hand_change": pieces, "reserved_change": 0, "reason": "RECEIVED"}
        insert_rows(database, stock_movements, {**place, **received, "actor": "test", "at": NOW})


def empty_shelf(database: Database, variant_id: int, warehouse_id: int = 1) -> None:
    """Takes everything away that a warehouse has of a variant, as if it had never come."""
    place = f"WHERE variant_id = {variant_id} AND warehouse_id = {warehouse_id}"

    def work(connection: Connection) -> None:
        connection.text(f"DELETE FROM stock_movements {place}")
        connection.text(f"UPDATE stock_levels SET on_hand = 0 {place}")

    database.write(work)


def books_balance(database: Database) -> None:
    """The ledger sums to the levels, and what is reserved is what fulfilments hold."""
    with database.reading() as connection:
        broken = broken_by(connection)
    rules = (
        "a stock level is not the sum of its ledger",
        "what is reserved is not what orders hold",
    )
    assert {rule: broken[rule] for rule in rules if rule in broken} == {}

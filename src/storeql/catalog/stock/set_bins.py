"""Says where in a warehouse a variant lies, so that pick lists lead from shelf to shelf."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, update

from storeql.catalog.known_ids import known_ids
from storeql.catalog.stock.adjust import open_levels
from storeql.catalog.tables import stock_levels, variants, warehouses
from storeql.db import Connection, statement
from storeql.inputs import Fields

MOST_BINS = 100
LONGEST_BIN = 64

_level = stock_levels.c
_SET = statement(
    update(stock_levels)
    .where(_level.variant_id == bindparam("b_variant"), _level.warehouse_id == bindparam("b_house"))
    .values(bin_location=bindparam("new_bin"))
)


class BinChange(Struct, frozen=True, kw_only=True):
    """Where a variant lies in a warehouse; an empty text: nobody says."""

    variant_id: int
    warehouse_id: int
    bin_location: str


def set_bins(connection: Connection, changes: Sequence[BinChange]) -> None:
    """Writes where variants lie, all or none; a level that was never counted is opened empty.

    At most 100. Raises Rejected with all problems.
    """
    fields = Fields()
    fields.count("bins", changes, least=1, most=MOST_BINS)
    known_variants = known_ids(connection, variants, (one.variant_id for one in changes))
    known_houses = known_ids(connection, warehouses, (one.warehouse_id for one in changes))
    entries = []
    for at, change in zip(fields.each("bins", len(changes)), changes, strict=True):
        if change.variant_id not in known_variants:
            at.missing("variant", "variantId")
        if change.warehouse_id not in known_houses:
            at.missing("warehouse", "warehouseId")
        text = at.line("binLocation", change.bin_location, most=LONGEST_BIN, required=False)
        entries.append(
            {"b_variant": change.variant_id, "b_house": change.warehouse_id, "new_bin": text}
        )
    fields.refuse_problems()
    open_levels(connection, ((one.variant_id, one.warehouse_id) for one in changes))
    connection.run_many(_SET, sorted(entries, key=lambda one: (one["b_variant"], one["b_house"])))

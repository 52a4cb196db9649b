"""Limits that a promotion has variant by variant: gift stocks and quotas are kept alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    select,
)

from storeql.db import Connection, Statement, statement
from storeql.inputs import Fields
from storeql.promotions.limits.takes import VariantUnits
from storeql.promotions.tables import redemptions

read_units = msgspec.json.Decoder(tuple[VariantUnits, ...]).decode
"""The units of a redemption as they are stored."""


class Limited(Protocol):
    """A limit that staff set: so many units of a variant."""

    @property
    def variant_id(self) -> int:
        """Row number."""

    @property
    def quantity(self) -> int:
        """Units over the promotion's whole life."""


class VariantLimits(NamedTuple):
    """The statements of one table of (promotion_id, variant_id, quantity, used)."""

    field: str
    held: Statement
    forget: Statement
    add: Statement
    copy: Statement


def variant_limits(
    table: Table, *, field: str, units: ColumnElement[str], counts: ColumnElement[bool]
) -> VariantLimits:
    """The limits in `table`, the input field `field`.

    What uses them are the `units` (JSON) of the redemptions for which `counts` holds.
    """
    column = table.c
    copied = select(
        cast(bindparam("copy_id"), BigInteger), column.variant_id, column.quantity
    ).where(column.promotion_id == bindparam("original_id"))
    return VariantLimits(
        field=field,
        held=statement(
            select(units).where(
                redemptions.c.promotion_id == bindparam("b_id"), counts, units != literal("[]")
            )
        ),
        forget=statement(delete(table).where(column.promotion_id == bindparam("b_id"))),
        add=statement(insert(table), "promotion_id", "variant_id", "quantity", "used"),
        copy=statement(
            insert(table).from_select(["promotion_id", "variant_id", "quantity"], copied)
        ),
    )


def set_limits(
    connection: Connection,
    kept: VariantLimits,
    promotion_id: int,
    limits: Sequence[Limited],
    fields: Fields,
) -> None:
    """Replaces a promotion's limits; units that orders hold count against the new ones.

    Call it with the promotion taken for change. A limit below what orders hold is noted.
    """
    used: Counter[int] = Counter()
    for (units,) in connection.rows(kept.held, b_id=promotion_id):
        for one in read_units(units):
            used[one.variant_id] += one.quantity
    for place, limit in enumerate(limits):
        if limit.quantity < used[limit.variant_id]:
            message = f"Orders already hold {used[limit.variant_id]} of it."
            fields.report("LIMIT_BELOW_USED", message, kept.field, str(place), "quantity")
    if fields.problems:
        return
    connection.run(kept.forget, b_id=promotion_id)
    rows = [
        {
            "promotion_id": promotion_id,
            "variant_id": limit.variant_id,
            "quantity": limit.quantity,
            "used": used[limit.variant_id],
        }
        for limit in sorted(limits, key=lambda limit: limit.variant_id)
    ]
    connection.run_many(kept.add, rows)


def copy_limits(
    connection: Connection, kept: VariantLimits, original_id: int, copy_id: int
) -> None:
    """Gives a copy the limits of its original, none of them used."""
    connection.run(kept.copy, original_id=original_id, copy_id=copy_id)

"""Which fulfilments and packages a stack of papers is about, in the order they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from storeql.db import Connection, Selection, any_of, statement
from storeql.errors import refuse
from storeql.orders.fulfilment.reads import fulfilments_by
from storeql.orders.fulfilment.records import Fulfilment
from storeql.orders.fulfilment.tables import packages
from storeql.orders.papers.waybill import Waybill

_OF_PACKAGES = statement(
    select(packages.c.fulfilment_id).where(any_of(packages.c.id, "ids")).distinct()
)
_WANTED = Selection.of_names(
    "pieces.sku", "pieces.product_name", "packages.pieces.sku", "packages.expected_grams"
)


def slips_for(connection: Connection, ids: Sequence[int], *, now: int) -> list[Fulfilment]:
    """The fulfilments with these row numbers; raises Rejected (FULFILMENT_NOT_FOUND)."""
    read = fulfilments_by(connection, _WANTED, key="id", keys=sorted(set(ids)), now=now)
    found = {one.id: one for one in read}
    if any(row not in found for row in ids):
        raise refuse("FULFILMENT_NOT_FOUND", "There is no such fulfilment.", "id")
    return [found[row] for row in ids]


def labels_for(connection: Connection, ids: Sequence[int], *, now: int) -> list[Waybill]:
    """The packages with these row numbers, each to be labelled.

    Raises Rejected: PACKAGE_NOT_FOUND, or NO_TRACKING_NUMBER while nobody carries it yet.
    """
    owners = [row[0] for row in connection.rows(_OF_PACKAGES, ids=sorted(set(ids)))]
    read = fulfilments_by(connection, _WANTED, key="id", keys=owners, now=now)
    found = {box.id: Waybill(one, box) for one in read for box in one.packages}
    if any(row not in found for row in ids):
        raise refuse("PACKAGE_NOT_FOUND", "There is no such package.", "id")
    labels = [found[row] for row in ids]
    for label in labels:
        if not label.package.tracking_number:
            message = f"{label.package.number} has no tracking number yet."
            raise refuse("NO_TRACKING_NUMBER", message, "id")
    return labels

"""Reads fulfilments with what is asked below them, one statement per relation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Select, select

from storeql.catalog.records import Warehouse
from storeql.catalog.tables import variants, warehouses
from storeql.customers.address import decode_address
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.orders.fulfilment.pieces import Pieces, merged, read_pieces
from storeql.orders.fulfilment.records import Fulfilment, OrderHold, Package, PackedPiece
from storeql.orders.fulfilment.rows import number_of
from storeql.orders.fulfilment.states import IN_HOUSE, FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments, order_holds, packages
from storeql.orders.states import OrderState
from storeql.orders.tables import order_lines, orders
from storeql.orders.tracking.reads import load_tracking

_fulfilment, _package, _order, _line = fulfilments.c, packages.c, orders.c, order_lines.c
_hold = order_holds.c

COLUMNS: tuple[ColumnElement[Any], ...] = (
    _fulfilment.id,
    _fulfilment.order_id,
    _fulfilment.position,
    _fulfilment.state,
    _fulfilment.pieces,
    _fulfilment.created_at,
    _fulfilment.updated_at,
    _fulfilment.shipped_at,
    _fulfilment.delivered_at,
    _fulfilment.version,
    warehouses.c.id,
    warehouses.c.slug,
    warehouses.c.name,
    warehouses.c.version,
    _order.number,
    _order.state,
    _order.customer_id,
    _order.name,
    _order.phone,
    _order.address,
    _order.delivery_name,
    _order.placed_at,
    _order.ship_by_at,
)
WIDTH = len(COLUMNS)
"""How many columns a read has before those that its own order needs."""

_PACKAGES = statement(
    select(
        _package.fulfilment_id,
        _package.id,
        _package.position,
        _package.state,
        _package.pieces,
        _package.weight_grams,
        _package.length_mm,
        _package.width_mm,
        _package.height_mm,
        _package.carrier,
        _package.tracking_number,
        _package.packed_by,
        _package.created_at,
        _package.shipped_at,
        _package.delivered_at,
        _package.version,
    )
    .where(any_of(_package.fulfilment_id, "ids"))
    .order_by(_package.fulfilment_id, _package.position)
)
_LINES = statement(
    select(
        _line.id,
        _line.sku,
        _line.product_name,
        _line.variant_name,
        _line.is_gift,
        variants.c.weight_grams,
    )
    .join(variants, variants.c.id == _line.variant_id, isouter=True)
    .where(any_of(_line.id, "ids"))
)
_HOLDS = statement(
    select(
        _hold.id,
        _hold.order_id,
        _hold.reason,
        _hold.note,
        _hold.placed_by,
        _hold.placed_at,
        _hold.released_by,
        _hold.release_note,
        _hold.released_at,
    )
    .where(any_of(_hold.order_id, "ids"))
    .order_by(_hold.id)
)
BELOW_PIECES = ("pieces", "packages")


class _Line(Struct, frozen=True):
    sku: str
    product_name: str
    variant_name: str
    is_gift: bool | int
    weight_grams: int | None


Lines = Mapping[int, _Line]


def fulfilments_query(*more: ColumnElement[Any]) -> Select[Any]:
    """Fulfilments with what their records need of orders and warehouses."""
    return (
        select(*COLUMNS, *more)
        .join(orders, _order.id == _fulfilment.order_id)
        .join(warehouses, warehouses.c.id == _fulfilment.warehouse_id)
    )


@lru_cache(maxsize=2)
def _by_statement(key: str) -> Statement:
    column = _fulfilment[key]
    # An unpaid order is nobody's work yet.
    goes_ahead = _order.state != OrderState.PENDING_PAYMENT.value
    query = fulfilments_query().where(any_of(column, "keys"), goes_ahead)
    return statement(query.order_by(_fulfilment.order_id, _fulfilment.position))


def fulfilments_by(
    connection: Connection, selection: Selection, *, key: str, keys: Sequence[int], now: int
) -> list[Fulfilment]:
    """The fulfilments with these ids, or of orders with these (`key`: "id", "order_id")."""
    rows = connection.rows(_by_statement(key), keys=list(keys))
    return built(connection, rows, selection, now=now)


def fulfilments_by_order(
    connection: Connection, selection: Selection, order_ids: Sequence[int], *, now: int
) -> dict[int, list[Fulfilment]]:
    """The fulfilments of orders by order, those that were given up too."""
    found: dict[int, list[Fulfilment]] = {}
    for one in fulfilments_by(connection, selection, key="order_id", keys=order_ids, now=now):
        found.setdefault(one.order_id, []).append(one)
    return found


def load_holds(connection: Connection, order_ids: Sequence[int]) -> dict[int, list[OrderHold]]:
    """Why orders wait or waited, the oldest first."""
    found: dict[int, list[OrderHold]] = {}
    for row in connection.rows(_HOLDS, ids=list(order_ids)):
        row_id, order_id, reason, note, placed_by, placed_at, *released = row
        released_by, release_note, released_at = released
        hold = OrderHold(
            id=row_id,
            order_id=order_id,
            reason=reason,
            note=note,
            placed_by=placed_by,
            placed_at=placed_at,
            released_by=released_by,
            release_note=release_note,
            released_at=released_at,
        )
        found.setdefault(order_id, []).append(hold)
    return found


def built(
    connection: Connection, rows: Sequence[Sequence[Any]], wanted: Selection, *, now: int
) -> list[Fulfilment]:
    """The records of rows that begin with COLUMNS, with what is wanted below them."""
    if not rows:
        return []
    needs_packages = wanted.wants("packages") or wanted.of("pieces").wants("packed")
    boxes = _packages(connection, [row[0] for row in rows]) if needs_packages else {}
    contents = {row[0]: read_pieces(row[4]) for row in rows}
    lines: Lines = {}
    if wanted.wants(*BELOW_PIECES):
        lines = _lines(connection, contents.values())
    found = [
        _fulfilment_of(row, contents[row[0]], boxes.get(row[0], []), lines, now) for row in rows
    ]
    if wanted.of("packages").wants("tracking"):
        return _tracked(connection, found)
    return found


def _tracked(connection: Connection, found: Sequence[Fulfilment]) -> list[Fulfilment]:
    """The same with where each package is."""
    known = load_tracking(connection, [box.id for one in found for box in one.packages])
    return [
        msgspec.structs.replace(
            one,
            packages=[msgspec.structs.replace(box, tracking=known[box.id]) for box in one.packages],
        )
        for one in found
    ]


def _packages(connection: Connection, ids: Sequence[int]) -> dict[int, list[Sequence[Any]]]:
    found: dict[int, list[Sequence[Any]]] = {}
    for fulfilment_id, *row in connection.rows(_PACKAGES, ids=ids):
        found.setdefault(fulfilment_id, []).append(row)
    return found


def _lines(connection: Connection, contents: Iterable[Pieces]) -> Lines:
    ids = sorted({piece.line_id for pieces in contents for piece in pieces})
    return {line_id: _Line(*row) for line_id, *row in connection.rows(_LINES, ids=ids)}


def _fulfilment_of(
    row: Sequence[Any],
    pieces: Pieces,
    boxes: Sequence[Sequence[Any]],
    lines: Lines,
    now: int,
) -> Fulfilment:
    row_id, order_id, position, state, _, created_at, updated_at, *rest = row[:WIDTH]
    shipped_at, delivered_at, version, *rest = rest
    warehouse, (number, order_state, customer_id, name, phone, address, *rest) = rest[:4], rest[4:]
    delivery_name, placed_at, ship_by_at = rest
    in_house = FulfilmentState(state) in IN_HOUSE
    packed = {p.line_id: p.quantity for p in merged(*(read_pieces(box[3]) for box in boxes))}
    return Fulfilment(
        id=row_id,
        order_id=order_id,
        number=number_of(number, position),
        state=state,
        warehouse=Warehouse(*warehouse),
        pieces=_shown(pieces, lines, packed),
        packages=[_package_of(box, row_id, number_of(number, position), lines) for box in boxes],
        order_number=number,
        order_state=order_state,
        customer_id=customer_id,
        name=name,
        phone=phone,
        address=decode_address(address),
        delivery_name=delivery_name,
        placed_at=placed_at,
        ship_by_at=ship_by_at,
        is_late=in_house and ship_by_at is not None and ship_by_at < now,
        created_at=created_at,
        updated_at=updated_at,
        shipped_at=shipped_at,
        delivered_at=delivered_at,
        version=version,
    )


def _package_of(row: Sequence[Any], fulfilment_id: int, of: str, lines: Lines) -> Package:
    row_id, position, state, text, weight, length, width, height, carrier, *rest = row
    tracking_number, packed_by, created_at, shipped_at, delivered_at, version = rest
    pieces = read_pieces(text)
    return Package(
        id=row_id,
        fulfilment_id=fulfilment_id,
        number=f"{of}-{position}",
        state=state,
        pieces=_shown(pieces, lines, {p.line_id: p.quantity for p in pieces}),
        weight_grams=weight,
        expected_grams=_expected_grams(pieces, lines),
        length_mm=length,
        width_mm=width,
        height_mm=height,
        carrier=carrier,
        tracking_number=tracking_number,
        packed_by=packed_by,
        created_at=created_at,
        shipped_at=shipped_at,
        delivered_at=delivered_at,
        version=version,
    )


def _shown(pieces: Pieces, lines: Lines, packed: Mapping[int, int]) -> list[PackedPiece]:
    return [
        PackedPiece(
            line_id=piece.line_id,
            variant_id=piece.variant_id,
            sku=lines[piece.line_id].sku,
            product_name=lines[piece.line_id].product_name,
            variant_name=lines[piece.line_id].variant_name,
            is_gift=bool(lines[piece.line_id].is_gift),
            quantity=piece.quantity,
            packed=packed.get(piece.line_id, 0),
        )
        for piece in (pieces if lines else ())
    ]


def _expected_grams(pieces: Pieces, lines: Lines) -> int | None:
    expected = 0
    for piece in pieces:
        grams = lines[piece.line_id].weight_grams if lines else None
        if grams is None:
            return None
        expected += grams * piece.quantity
    return expected if pieces else None

"""Notes that pieces are not on their shelf: the count is put right, and others send them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storeql.access import Actor
from storeql.catalog.stock.moves import Level, Move, locked_levels, move
from storeql.catalog.stock.promise import RESERVED, Reservation
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.hooks import Hooks
from storeql.inputs import MOST_PIECES, Fields
from storeql.orders.fulfilment.advance import advance
from storeql.orders.fulfilment.hold_rows import hold_for_missing
from storeql.orders.fulfilment.picking.rows import held_open_list, touch_list
from storeql.orders.fulfilment.picking.states import (
    LEDGER_REASONS,
    PickListState,
    ShortReason,
)
from storeql.orders.fulfilment.picking.tables import pick_list_lines
from storeql.orders.fulfilment.pieces import Piece, allotted, without
from storeql.orders.fulfilment.problems import TooManyPieces, fulfilment_conflict
from storeql.orders.fulfilment.reallocate import send_from
from storeql.orders.fulfilment.rows import (
    FulfilmentRow,
    Work,
    held_work,
    number_of,
    save_fulfilments,
)
from storeql.orders.fulfilment.settings import ShortPick, current_settings
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import state_conflict
from storeql.orders.states import UNSHIPPED

MUTATION = "pickListShort"
SHORT_PICKED = "SHORT_PICKED"
LONGEST_NOTE = 400

_line = pick_list_lines.c
_FIND = statement(
    select(
        _line.pick_list_id,
        _line.fulfilment_id,
        _line.order_line_id,
        _line.variant_id,
        _line.sku,
        _line.quantity,
        _line.picked,
        _line.missing,
    ).where(_line.id == bindparam("id"))
)
_NOTE = statement(
    update(pick_list_lines)
    .where(
        _line.id == bindparam("b_id"),
        _line.picked + _line.missing + bindparam("more") <= _line.quantity,
    )
    .values(
        missing=_line.missing + bindparam("more"),
        reason=bindparam("new_reason"),
        note=bindparam("new_note"),
    )
)


class ShortWish(Struct, frozen=True, kw_only=True):
    """So many pieces of a line that are not there, and why."""

    line_id: int
    missing: int
    reason: ShortReason
    idempotency_key: str
    note: str = ""


class _Line(Struct, frozen=True):
    pick_list_id: int
    fulfilment_id: int
    order_line_id: int
    variant_id: int
    sku: str
    quantity: int
    picked: int
    missing: int


def short_pick(write: Write, wish: ShortWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the list after pieces of one of its lines were found missing.

    They leave the stock of their warehouse, through the ledger. By the shop's policy other
    warehouses send them as far as they have them; for the rest the order waits (SHORT_PICKED).
    Raises Rejected when the line does not have so many left to find.
    """
    fields = Fields()
    fields.whole("missing", wish.missing, least=1, most=MOST_PIECES)
    note = fields.line("note", wish.note, most=LONGEST_NOTE, required=False)
    fields.refuse_problems()
    wish = msgspec.structs.replace(wish, note=note)
    return recorded(
        write,
        lambda connection, journal: _short_once(connection, wish, journal=journal, actor=actor),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )


def _short_once(connection: Connection, wish: ShortWish, *, journal: Journal, actor: Actor) -> int:
    line = _found(connection, wish.line_id)
    work = held_work(connection, line.fulfilment_id)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish)
    if object_of(connection, key) is None:
        _short(connection, wish, line, work, journal)
        keep_key(connection, key, object_id=line.pick_list_id, now=journal.now)
    return line.pick_list_id


def _short(
    connection: Connection, wish: ShortWish, line: _Line, work: Work, journal: Journal
) -> None:
    if work.order.state not in UNSHIPPED:
        raise state_conflict(work.order)
    if work.named.state is not FulfilmentState.PICKING:
        raise fulfilment_conflict(work.named.state, "lineId")
    head = held_open_list(connection, line.pick_list_id)
    _note_missing(connection, wish)
    touch_list(connection, head, PickListState.OPEN, now=journal.now)
    elsewhere = _move_stock(connection, wish, line, work, journal)
    gone = Piece(line.order_line_id, line.variant_id, wish.missing)
    every = _without(connection, work, gone, now=journal.now)
    found = sum(one.quantity for one in elsewhere)
    moved = msgspec.structs.replace(gone, quantity=found)
    every = send_from(
        connection, work.order.id, every, allotted([moved], elsewhere), now=journal.now
    )
    waiting = wish.missing - found
    if waiting:
        hold_for_missing(connection, work.order.id, f"{waiting} × {line.sku}", journal)
    advance(
        connection,
        work.order,
        every,
        kind=SHORT_PICKED,
        journal=journal,
        is_held=True if waiting else None,
        fulfilments=[number_of(work.order.number, work.named.position)],
        sku=line.sku,
        missing=wish.missing,
        reason=wish.reason.value,
        note=wish.note,
        elsewhere=found,
        waiting=waiting,
    )


def _found(connection: Connection, line_id: int) -> _Line:
    row = connection.one(_FIND, id=line_id)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such line.", "lineId")
    return _Line(*row)


def _note_missing(connection: Connection, wish: ShortWish) -> None:
    noted = connection.run(
        _NOTE,
        b_id=wish.line_id,
        more=wish.missing,
        new_reason=wish.reason.value,
        new_note=wish.note,
    )
    if not noted:
        line = _found(connection, wish.line_id)
        left = line.quantity - line.picked - line.missing
        message = f"Only {left} more of {line.sku} are to be found, not {wish.missing}."
        problem = TooManyPieces(
            message=message, field=("missing",), sku=line.sku, given=wish.missing, left=left
        )
        raise Rejected([problem])


def _move_stock(
    connection: Connection, wish: ShortWish, line: _Line, work: Work, journal: Journal
) -> list[Reservation]:
    """Takes what is missing out of the stock; what is reserved for it in other warehouses."""
    levels = locked_levels(connection, [line.variant_id])
    here, reference = work.named.warehouse_id, f"order:{work.order.id}"
    gone = Move(
        line.variant_id,
        here,
        -wish.missing,
        -wish.missing,
        LEDGER_REASONS[wish.reason].value,
        note=f"{SHORT_PICKED} {wish.note}".strip(),
        reference=reference,
    )
    move(connection, [gone], now=journal.now, actor=journal.actor)
    if current_settings(connection).short_pick is ShortPick.HOLD:
        return []
    elsewhere = _taken([one for one in levels if one.warehouse_id != here], wish.missing)
    promised = [
        Move(one.variant_id, one.warehouse_id, 0, one.quantity, RESERVED, reference=reference)
        for one in elsewhere
    ]
    move(connection, promised, now=journal.now, actor=journal.actor)
    return elsewhere


def _taken(levels: Sequence[Level], wanted: int) -> list[Reservation]:
    """Pieces out of other warehouses, those that have the most first; fewer when they are few."""
    taken: list[Reservation] = []
    for level in sorted(levels, key=lambda one: (-one.available, one.warehouse_id)):
        part = min(wanted, level.available)
        if part > 0:
            taken.append(Reservation(level.variant_id, level.warehouse_id, part))
            wanted -= part
    return taken


def _without(connection: Connection, work: Work, gone: Piece, *, now: int) -> list[FulfilmentRow]:
    """The order's fulfilments after the named one lost pieces; with none left it is given up."""
    left = without(work.named.pieces, [gone])
    state = work.named.state if left else FulfilmentState.CANCELLED
    after = msgspec.structs.replace(work.named, pieces=left, state=state)
    [saved] = save_fulfilments(connection, [(work.named, after)], now=now)
    return [saved if one.id == saved.id else one for one in work.every]

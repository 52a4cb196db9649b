"""Puts variants into a cart, changes how many, takes them out; bounded, and all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.access import Actor
from storeql.carts.cart_rows import open_to_change
from storeql.carts.records import Cart, LineInput, QuantityInput
from storeql.carts.tables import cart_lines
from storeql.catalog.tables import publications, variant_prices, variants
from storeql.db import Connection, any_of, statement
from storeql.errors import Problem, Rejected

MOST_LINES = 200
MOST_PIECES = 9_999

_line = cart_lines.c
_count = (
    select(func.count())
    .select_from(cart_lines)
    .where(_line.cart_id == bindparam("cart_id"))
    .scalar_subquery()
)

# One row per variant that can be bought in the channel: its quantity in the cart, and the number
# of the cart's lines.
_BUYABLE = statement(
    select(variants.c.id, func.coalesce(_line.quantity, 0), _count)
    .join(
        publications,
        (publications.c.product_id == variants.c.product_id)
        & (publications.c.channel_id == bindparam("channel_id")),
    )
    .join(
        variant_prices,
        (variant_prices.c.variant_id == variants.c.id)
        & (variant_prices.c.channel_id == bindparam("channel_id")),
    )
    .outerjoin(
        cart_lines, (_line.variant_id == variants.c.id) & (_line.cart_id == bindparam("cart_id"))
    )
    .where(any_of(variants.c.id, "variant_ids"), publications.c.published_at <= bindparam("now"))
)
# Sets the quantity of a variant in a cart, with a new line where there is none.
PUT_LINE = statement(
    insert(cart_lines)
    .values({name: bindparam(name) for name in ("cart_id", "variant_id", "quantity", "added_at")})
    .on_conflict_do_update(
        index_elements=["cart_id", "variant_id"], set_={"quantity": bindparam("quantity")}
    )
)
_LINE_IDS = statement(
    select(_line.id).where(_line.cart_id == bindparam("cart_id"), any_of(_line.id, "line_ids"))
)
_SET = statement(
    update(cart_lines)
    .where(_line.id == bindparam("b_id"))
    .values(quantity=bindparam("new_quantity"))
)
_REMOVE = statement(
    delete(cart_lines).where(_line.cart_id == bindparam("cart_id"), any_of(_line.id, "line_ids"))
)


def add_lines(
    connection: Connection, token: str, *, lines: Sequence[LineInput], actor: Actor, now: int
) -> Cart:
    """Adds pieces to the cart; pieces of a variant that is there already join its line.

    Raises Rejected with every entry that cannot be had, and then adds nothing.
    """
    cart = open_to_change(connection, token, actor=actor, now=now)
    put_lines(connection, cart, lines=lines, now=now)
    return cart


def put_lines(connection: Connection, cart: Cart, *, lines: Sequence[LineInput], now: int) -> None:
    """Adds pieces to a cart whose row the transaction has already taken."""
    if not lines:
        return
    rows = _buyable(connection, cart, lines, now) if cart.channel_is_active else []
    present = {variant_id: quantity for variant_id, quantity, _ in rows}
    line_count = rows[0][2] if rows else 0
    problems = _entry_problems(lines, present)
    if not problems and line_count + sum(not held for held in present.values()) > MOST_LINES:
        problems.append(_too_many_lines())
    if problems:
        raise Rejected(problems)
    connection.run_many(PUT_LINE, _line_entries(cart, lines, present, now))


def _buyable(
    connection: Connection, cart: Cart, lines: Sequence[LineInput], now: int
) -> list[tuple[int, int, int]]:
    return connection.rows(
        _BUYABLE,
        cart_id=cart.id,
        channel_id=cart.channel_id,
        now=now,
        variant_ids=sorted({line.variant_id for line in lines}),
    )


def update_lines(
    connection: Connection, token: str, *, lines: Sequence[QuantityInput], actor: Actor, now: int
) -> Cart:
    """Sets the quantity of lines; 0 takes a line out. The last entry of a line counts.

    Raises Rejected with every entry that is wrong, and then changes nothing.
    """
    cart = open_to_change(connection, token, actor=actor, now=now)
    known = _known_lines(connection, cart, [line.line_id for line in lines])
    problems = [
        problem
        for index, line in enumerate(lines)
        for problem in _quantity_problems(line, index, known)
    ]
    if problems:
        raise Rejected(problems)
    wanted = {line.line_id: line.quantity for line in lines}
    gone = [line_id for line_id, quantity in wanted.items() if not quantity]
    connection.run_many(
        _SET,
        [{"b_id": line_id, "new_quantity": n} for line_id, n in sorted(wanted.items()) if n],
    )
    if gone:
        connection.run(_REMOVE, cart_id=cart.id, line_ids=gone)
    return cart


def remove_lines(
    connection: Connection, token: str, *, line_ids: Sequence[int], actor: Actor, now: int
) -> Cart:
    """Takes lines out of the cart; raises Rejected with every line that is not in it."""
    cart = open_to_change(connection, token, actor=actor, now=now)
    known = _known_lines(connection, cart, line_ids)
    problems = [
        _unknown_line("lineIds", str(index), index=index)
        for index, line_id in enumerate(line_ids)
        if line_id not in known
    ]
    if problems:
        raise Rejected(problems)
    connection.run(_REMOVE, cart_id=cart.id, line_ids=line_ids)
    return cart


def _entry_problems(lines: Sequence[LineInput], present: Mapping[int, int]) -> list[Problem]:
    pieces: Counter[int] = Counter(present)
    problems: list[Problem] = []
    for index, line in enumerate(lines):
        pieces[line.variant_id] += line.quantity
        if line.quantity < 1 or pieces[line.variant_id] > MOST_PIECES:
            problems.append(_bad_quantity(index, least=1))
        if line.variant_id not in present:
            problems.append(_not_for_sale(index))
    return problems


def _line_entries(
    cart: Cart, lines: Sequence[LineInput], present: Mapping[int, int], now: int
) -> list[Mapping[str, Any]]:
    pieces: dict[int, int] = {}
    for line in lines:
        had = pieces.get(line.variant_id, present[line.variant_id])
        pieces[line.variant_id] = had + line.quantity
    return [
        {"cart_id": cart.id, "variant_id": variant_id, "quantity": quantity, "added_at": now}
        for variant_id, quantity in pieces.items()
    ]


def _known_lines(connection: Connection, cart: Cart, line_ids: Sequence[int]) -> frozenset[int]:
    rows = connection.rows(_LINE_IDS, cart_id=cart.id, line_ids=sorted(set(line_ids)))
    return frozenset(row[0] for row in rows)


def _quantity_problems(line: QuantityInput, index: int, known: frozenset[int]) -> list[Problem]:
    problems: list[Problem] = []
    if not 0 <= line.quantity <= MOST_PIECES:
        problems.append(_bad_quantity(index, least=0))
    if line.line_id not in known:
        problems.append(_unknown_line("lines", str(index), "lineId", index=index))
    return problems


def _bad_quantity(index: int, *, least: int) -> Problem:
    return Problem(
        code="QUANTITY_OUT_OF_RANGE",
        message=f"A line holds {least} to {MOST_PIECES} pieces.",
        field=("lines", str(index), "quantity"),
        index=index,
    )


def _not_for_sale(index: int) -> Problem:
    return Problem(
        code="VARIANT_UNAVAILABLE",
        message="This variant is not for sale here.",
        field=("lines", str(index), "variantId"),
        index=index,
    )


def _unknown_line(*field: str, index: int) -> Problem:
    return Problem(
        code="LINE_NOT_FOUND", message="The cart has no such line.", field=field, index=index
    )


def _too_many_lines() -> Problem:
    return Problem(
        code="TOO_MANY_LINES", message=f"A cart has at most {MOST_LINES} lines.", field=("lines",)
    )

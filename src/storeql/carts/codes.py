"""Enters voucher codes into a cart and takes them out; guessing stops after a few failures."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, update

from storeql.access import Actor
from storeql.carts.cart_rows import open_to_change, storable
from storeql.carts.changing import ChangedCart, changed
from storeql.carts.records import Cart
from storeql.carts.tables import carts
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected
from storeql.hooks import CartChangeKind, Hooks
from storeql.pricing import EnteredCode
from storeql.promotions.problems import VoucherExpired, VoucherNotClaimed, VoucherNotYetValid
from storeql.promotions.vouchers.codes import entered_codes, milliseconds_of, normal_code
from storeql.promotions.vouchers.guessing import UNKNOWN, Guesser, entering

MOST_CODES = 10

_SAVE = statement(
    update(carts).where(carts.c.id == bindparam("b_id")).values(codes=bindparam("new_codes"))
)


def enter_codes(
    write: Write, token: str, *, codes: Sequence[str], guesser: Guesser, hooks: Hooks, now: int
) -> ChangedCart:
    """The cart with the codes entered; one that is in it already changes nothing.

    Whether a code helps is for the price to say. Raises Rejected with every code that does not
    exist, cannot be used now or that plugins refuse, and then enters none; with
    TOO_MANY_ATTEMPTS after codes that do not exist came too often.
    """

    def enter(connection: Connection) -> Cart:
        return _enter(connection, token, codes, guesser.actor, now)

    def change(connection: Connection) -> ChangedCart:
        kind = CartChangeKind.CODES_ENTERED
        return changed(connection, token, enter, kind=kind, hooks=hooks, now=now)

    return entering(write, guesser, change, now=now)


def _enter(
    connection: Connection, token: str, codes: Sequence[str], actor: Actor, now: int
) -> Cart:
    cart = open_to_change(connection, token, actor=actor, now=now)
    typed = [storable(normal_code(code)) for code in codes]
    found = entered_codes(connection, typed, customer_id=cart.customer_id)
    problems = _refused(typed, found, now)
    kept = tuple(dict.fromkeys((*cart.codes, *(entry.code for entry in found))))
    if not problems and len(kept) > MOST_CODES:
        problems.append(_too_many())
    if problems:
        raise Rejected(problems)
    return _save(connection, cart, kept)


def remove_codes(
    connection: Connection, token: str, *, codes: Sequence[str], actor: Actor, now: int
) -> Cart:
    """The cart without the codes; one that is not in it changes nothing."""
    cart = open_to_change(connection, token, actor=actor, now=now)
    gone = {normal_code(code) for code in codes}
    return _save(connection, cart, tuple(code for code in cart.codes if code not in gone))


def _save(connection: Connection, cart: Cart, codes: tuple[str, ...]) -> Cart:
    connection.run(_SAVE, b_id=cart.id, new_codes=msgspec.json.encode(codes).decode())
    return msgspec.structs.replace(cart, codes=codes)


def _refused(typed: Sequence[str], found: Sequence[EnteredCode], now: int) -> list[Problem]:
    by_code = {entry.code: entry for entry in found}
    judged = (_judged(index, by_code[code], now) for index, code in enumerate(typed))
    return [problem for problem in judged if problem is not None]


def _judged(index: int, entry: EnteredCode, now: int) -> Problem | None:
    """What stands against a code whatever the cart: unknown, too late, too early, in no wallet."""
    field, ends_at, starts_at = ("codes", str(index)), entry.ends_at, entry.starts_at
    if entry.promotion_id is None:
        return _unknown(index)
    if ends_at is not None and (ended := milliseconds_of(ends_at)) <= now:
        return VoucherExpired(
            message="This code has expired.",
            field=field,
            index=index,
            voucher_code=entry.code,
            ended_at=ended,
        )
    if starts_at is not None and (begins := milliseconds_of(starts_at)) > now:
        return VoucherNotYetValid(
            message="This code is not valid yet.",
            field=field,
            index=index,
            voucher_code=entry.code,
            starts_at=begins,
        )
    if entry.is_unclaimed:
        return VoucherNotClaimed(
            message="Claim this voucher into your wallet first.",
            field=field,
            index=index,
            voucher_code=entry.code,
        )
    return None


def _unknown(index: int) -> Problem:
    return Problem(
        code=UNKNOWN,
        message="There is no such code.",
        field=("codes", str(index)),
        index=index,
    )


def _too_many() -> Problem:
    return Problem(
        code="TOO_MANY_CODES", message=f"A cart takes at most {MOST_CODES} codes.", field=("codes",)
    )

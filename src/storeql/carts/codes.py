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
from storeql.customers.attempts import Limit, count_attempt, forgive_attempt
from storeql.customers.sessions import Client
from storeql.customers.sign_in_limits import network_subject
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected
from storeql.hooks import CartChangeKind, Hooks
from storeql.promotions.codes import entered_codes, normal_code

MOST_CODES = 10

_SAVE = statement(
    update(carts).where(carts.c.id == bindparam("b_id")).values(codes=bindparam("new_codes"))
)


def enter_codes(
    write: Write,
    token: str,
    *,
    codes: Sequence[str],
    client: Client,
    most_attempts: int,
    actor: Actor,
    hooks: Hooks,
    now: int,
) -> ChangedCart:
    """The cart with the codes entered; one that is in it already changes nothing.

    Whether a code helps is for the price to say. Raises Rejected with every code that does not
    exist or that plugins refuse, and then enters none; with TOO_MANY_ATTEMPTS after that has
    happened too often.
    """
    limit = Limit(_guesser(actor, client), most_attempts)
    exceeded = write(lambda connection: count_attempt(connection, [limit], now=now))
    if exceeded is not None:
        raise Rejected([exceeded])

    def enter(connection: Connection) -> Cart:
        return _enter(connection, token, codes, limit, actor, now)

    return write(
        lambda connection: changed(
            connection, token, enter, kind=CartChangeKind.CODES_ENTERED, hooks=hooks, now=now
        )
    )


def _guesser(actor: Actor, client: Client) -> str:
    """Whose failures count together: a customer's own, or those of a guest's network."""
    return network_subject(client, "coupon") if actor.id is None else f"coupon:{actor.key}"


def _enter(
    connection: Connection,
    token: str,
    codes: Sequence[str],
    limit: Limit,
    actor: Actor,
    now: int,
) -> Cart:
    cart = open_to_change(connection, token, actor=actor, now=now)
    typed = [storable(normal_code(code)) for code in codes]
    found = entered_codes(connection, typed)
    known = {entry.code for entry in found if entry.promotion_id is not None}
    problems = [_unknown(index) for index, code in enumerate(typed) if code not in known]
    kept = tuple(dict.fromkeys((*cart.codes, *(entry.code for entry in found))))
    if not problems and len(kept) > MOST_CODES:
        problems.append(_too_many())
    if problems:
        raise Rejected(problems)
    forgive_attempt(connection, [limit.subject])
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


def _unknown(index: int) -> Problem:
    return Problem(
        code="VOUCHER_CODE_NOT_FOUND",
        message="There is no such code.",
        field=("codes", str(index)),
        index=index,
    )


def _too_many() -> Problem:
    return Problem(
        code="TOO_MANY_CODES", message=f"A cart takes at most {MOST_CODES} codes.", field=("codes",)
    )

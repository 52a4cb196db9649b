"""Which redemptions still count in which limit: all that are not undone, and what was kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, or_, update

from storeql.db import Connection, statement
from storeql.promotions.limits.policy import EVERYTHING, GiveBack, Taken
from storeql.promotions.tables import redemptions

_KEEP = statement(
    update(redemptions).where(redemptions.c.id == bindparam("b_id")),
    *(f"kept_{taken.value.lower()}" for taken in EVERYTHING),
)


class _Policy(Struct, frozen=True):
    """The part of a promotion's terms that is read here."""

    give_back: GiveBack = GiveBack()


_policies = msgspec.json.Decoder(_Policy)


def policy_of(terms: str) -> GiveBack:
    """The policy in a promotion's stored terms."""
    return _policies.decode(terms).give_back


def holds(taken: Taken) -> ColumnElement[bool]:
    """True for a redemption that counts in limits of this sort."""
    return or_(redemptions.c.released_at.is_(None), redemptions.c[f"kept_{taken.value.lower()}"])


def keep(connection: Connection, given_back: Iterable[tuple[int, Collection[Taken]]]) -> None:
    """Notes of undone redemptions (row number, what was given back) what they go on using."""
    connection.run_many(
        _KEEP,
        [
            {"b_id": row, **{f"kept_{one.value.lower()}": one not in back for one in EVERYTHING}}
            for row, back in given_back
            if len(set(back)) < len(EVERYTHING)
        ],
    )

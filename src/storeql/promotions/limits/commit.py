"""Turns what an order holds of its promotions into what it has used for good: once it is paid."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storeql.db import Connection, any_of, statement
from storeql.promotions.limits.holding import policy_of
from storeql.promotions.limits.policy import CommitAt, Paid
from storeql.promotions.tables import promotions, redemptions

_held = (
    redemptions.c.order_id == bindparam("b_order_id"),
    redemptions.c.committed_at.is_(None),
    redemptions.c.released_at.is_(None),
)
_COMMIT_PAID = statement(update(redemptions).where(*_held).values(committed_at=bindparam("now")))
_COMMIT_SOME = statement(
    update(redemptions)
    .where(*_held, any_of(redemptions.c.promotion_id, "ids"))
    .values(committed_at=bindparam("now"))
)
_POLICIES = statement(
    select(promotions.c.id, promotions.c.terms)
    .join(redemptions, redemptions.c.promotion_id == promotions.c.id)
    .where(*_held)
)


def commit(connection: Connection, *, order_id: int, paid: Paid, now: int) -> None:
    """Commits what the order still holds; done twice, the second changes nothing.

    Of an order that is paid later (LATER), what its promotions count as paid already.
    """
    if paid is Paid.YES:
        connection.run(_COMMIT_PAID, b_order_id=order_id, now=now)
    elif paid is Paid.LATER:
        rows = connection.rows(_POLICIES, b_order_id=order_id)
        placed = [key for key, terms in rows if policy_of(terms).commit_at is CommitAt.PLACED]
        connection.run(_COMMIT_SOME, b_order_id=order_id, ids=placed, now=now)

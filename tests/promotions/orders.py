"""Orders as promotions see them: priced and redeemed in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from storeql.db import Connection, Database
from storeql.errors import Problem, Rejected
from storeql.pricing import Line
from storeql.promotions.active import ActiveSets
from storeql.promotions.limits.give_back import give_back
from storeql.promotions.limits.policy import Paid
from storeql.promotions.limits.redeem import redeem
from tests.promotions.shop import NOW, basket_for, line

TOGETHER = 20


def place(
    database: Database,
    sets: ActiveSets,
    order_id: int,
    *lines: Line,
    customer_id: int | None = None,
    codes: tuple[str, ...] = (),
    priced_before: Any = None,
    paid: Paid = Paid.YES,
) -> int:
    """What is to pay for the order; `priced_before` is a price made when others had not bought."""

    def work(connection: Connection) -> int:
        basket, priced = priced_before or basket_for(
            connection, sets, *(lines or (line(1),)), codes=codes, customer_id=customer_id
        )
        redeem(
            connection,
            order_id=order_id,
            customer_id=customer_id,
            basket=basket,
            priced=priced,
            paid=paid,
            now=NOW,
        )
        return priced.totals.total_minor

    return database.write(work)


def cancel(database: Database, order_id: int) -> bool:
    return database.write(lambda c: give_back(c, order_id=order_id, now=NOW + 5))


def refusal(work: Callable[[], Any]) -> Problem:
    """The one problem of a refused order."""
    try:
        work()
    except Rejected as rejected:
        (problem,) = rejected.problems
        return problem
    raise AssertionError("the order was not refused")


def together(buy: Callable[[int], Any]) -> list[Any]:
    """What 20 buyers at the same moment got: an answer, or the problem's code."""

    def attempt(order_id: int) -> Any:
        try:
            return buy(order_id)
        except Rejected as rejected:
            return rejected.problems[0].code

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(attempt, range(1, TOGETHER + 1)))

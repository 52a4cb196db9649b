"""Reservations: never more than there is, whoever comes at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from storeql.catalog.problems import InsufficientStock
from storeql.catalog.stock.promise import Reservation, release, reserve
from storeql.db import Database
from storeql.errors import Rejected
from tests.catalog.ledger import levels
from tests.catalog.shop import NOW, stocked


def reserved(database: Database, wanted: dict[int, int]) -> list[Reservation]:
    return database.write(
        lambda connection: reserve(
            connection, wanted, now=NOW, actor="customer:1", reference="order:1"
        )
    )


def test_a_line_comes_from_the_warehouse_that_holds_it_all(database: Database) -> None:
    stocked(database, {(1, 1): 2, (1, 2): 9})

    assert reserved(database, {1: 5}) == [Reservation(1, 2, 5)]
    assert levels(database) == {(1, 1): (2, 0), (1, 2): (9, 5)}


def test_lines_come_from_the_warehouse_that_holds_most_of_them(database: Database) -> None:
    stocked(database, {(1, 1): 5, (1, 2): 5, (2, 2): 5})

    assert reserved(database, {1: 1, 2: 1}) == [Reservation(1, 2, 1), Reservation(2, 2, 1)]


def test_a_line_no_warehouse_holds_is_split_fullest_first(database: Database) -> None:
    stocked(database, {(1, 1): 2, (1, 2): 4, (1, 3): 3})

    assert reserved(database, {1: 6}) == [Reservation(1, 2, 4), Reservation(1, 3, 2)]


def test_every_short_variant_is_named_at_once_and_nothing_is_reserved(database: Database) -> None:
    stocked(database, {(1, 1): 1, (2, 1): 3, (3, 1): 9})

    with pytest.raises(Rejected) as refusal:
        reserved(database, {1: 2, 2: 4, 3: 9, 4: 1})

    short = [p for p in refusal.value.problems if isinstance(p, InsufficientStock)]
    assert [(p.variant_id, p.sku, p.wanted, p.available) for p in short] == [
        (1, "SKU-1", 2, 1),
        (2, "SKU-2", 4, 3),
        (4, "", 1, 0),
    ]
    assert levels(database) == {(1, 1): (1, 0), (2, 1): (3, 0), (3, 1): (9, 0)}


def test_released_pieces_can_be_sold_again(database: Database) -> None:
    stocked(database, {(1, 1): 3, (2, 1): 3})
    promised = reserved(database, {1: 3, 2: 1})

    database.write(
        lambda connection: release(
            connection, promised, now=NOW, actor="customer:1", reference="order:1"
        )
    )

    assert levels(database) == {(1, 1): (3, 0), (2, 1): (3, 0)}
    assert reserved(database, {1: 3}) == [Reservation(1, 1, 3)]


def test_statements_do_not_grow_with_the_variants(database: Database) -> None:
    stocked(database, {(variant_id, 1): 5 for variant_id in range(1, 41)})
    counts = []
    for wanted in ({1: 1}, dict.fromkeys(range(1, 41), 1)):
        seen: list[str] = []
        database.recorder = seen.append
        reserved(database, wanted)
        counts.append(len(seen))

    assert counts == [3, 3]


def test_two_hundred_buyers_of_fifty_pieces_get_exactly_fifty(database: Database) -> None:
    stocked(database, {(1, 1): 20, (1, 2): 30, (2, 1): 500})

    def buy(buyer: int) -> bool:
        # Half of them name the variants in the other order: no deadlock may come of it.
        wanted = {1: 1, 2: 1} if buyer % 2 else {2: 1, 1: 1}
        try:
            reserved(database, wanted)
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(buy, range(200)))

    assert sum(answers) == 50
    assert levels(database) == {(1, 1): (20, 20), (1, 2): (30, 30), (2, 1): (500, 50)}

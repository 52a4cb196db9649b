"""What a simulation answers: its figures with names, the largest first; and reading it again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select

from storeql.catalog.tables import categories
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)
from storeql.jobs.records import Job
from storeql.jobs.resolvers import jobs_by_id
from storeql.orders.replay.records import (
    CategorySums,
    FunderCost,
    Simulation,
    SimulationResult,
    TierSums,
)
from storeql.orders.replay.tables import promotion_simulations
from storeql.orders.replay.tally import Tally

MOST_ENTRIES = 50
CREATED_AT = "promotion_simulations"

_simulation = promotion_simulations.c
_NAMES = statement(select(categories.c.id, categories.c.name).where(any_of(categories.c.id, "ids")))
_COLUMNS = (
    _simulation.id,
    _simulation.job_id,
    _simulation.promotion_id,
    _simulation.promotion_version,
    _simulation.replaces_id,
    _simulation.currency,
    _simulation.from_at,
    _simulation.to_at,
    _simulation.created_by,
    _simulation.created_at,
)
_BY_ID = statement(select(*_COLUMNS).where(any_of(_simulation.id, "ids")))
_OF_PROMOTION = _simulation.promotion_id == bindparam("promotion_id")
_COUNT = statement(select(func.count()).select_from(promotion_simulations).where(_OF_PROMOTION))
_results = msgspec.json.Decoder(SimulationResult)


def result_of(connection: Connection, tally: Tally, *, customers: int) -> SimulationResult:
    """The figures; of categories and rivals the 50 in which most money moves."""
    return SimulationResult(
        all=tally.all,
        touched=tally.touched,
        customers=customers,
        changed=tally.changed,
        skipped=tally.skipped,
        unknown_costs=tally.unknown_costs,
        granted_minor=tally.granted_minor,
        funders=tuple(
            FunderCost(funder=funder, amount_minor=amount)
            for funder, amount in sorted(tally.funders.items())
        ),
        categories=_categories(connection, tally),
        tiers=tuple(TierSums(tier=tier, sums=sums) for tier, sums in sorted(tally.tiers.items())),
        rivals=tuple(
            sorted(tally.rivals.values(), key=lambda one: (-abs(one.gain_minor), one.promotion_id))
        )[:MOST_ENTRIES],
        samples=tuple(tally.samples),
        carts=tally.carts,
    )


def _categories(connection: Connection, tally: Tally) -> tuple[CategorySums, ...]:
    def moved(key: str) -> tuple[int, int]:
        sums = tally.categories[key]
        return -abs(sums.discount_after_minor - sums.discount_before_minor), int(key)

    largest = sorted(tally.categories, key=moved)[:MOST_ENTRIES]
    names: dict[int, str] = {}
    if largest:
        names = dict(connection.rows(_NAMES, ids=[int(key) for key in largest]))
    return tuple(
        CategorySums(category_id=int(key), name=names.get(int(key), ""), sums=tally.categories[key])
        for key in largest
    )


def simulations_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, granted: frozenset[str]
) -> dict[int, Simulation]:
    """Simulations by row number, without those that are not there."""
    rows = connection.rows(_BY_ID, ids=ids)
    return {one.id: one for one in _records(connection, rows, selection, granted)}


def simulations_page(
    connection: Connection,
    selection: Selection,
    *,
    promotion_id: int,
    page: PageRequest,
    granted: frozenset[str],
) -> Page[Simulation]:
    """The simulations of a promotion, newest first."""
    window = window_of(page, CREATED_AT)
    given = {"promotion_id": promotion_id}
    found = connection.rows(_page_statement(window.shape), **given, **window.params)
    rows, more = cut(found, window)
    total = connection.scalar(_COUNT, **given) if selection.wants("total_count") else None
    nodes = _records(connection, rows, node_selection(selection), granted)

    def cursor(place: int) -> str:
        return make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


@lru_cache(maxsize=4)
def _page_statement(window_shape: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS).where(_OF_PROMOTION)
    value, row = _simulation.created_at, _simulation.id
    return statement(windowed(query, window_shape, value=value, row=row, descending=True))


def _records(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    selection: Selection,
    granted: frozenset[str],
) -> list[Simulation]:
    jobs: dict[int, Job] = {}
    if selection.wants("job", "result"):
        jobs = jobs_by_id(connection, [row[1] for row in rows if row[1]], granted=granted)
    return [_record(row, jobs.get(row[1])) for row in rows]


def _record(row: Sequence[Any], job: Job | None) -> Simulation:
    row_id, _, promotion_id, version, replaces_id, currency, from_at, to_at, *made = row
    text = None if job is None else job.result_json
    return Simulation(
        id=row_id,
        promotion_id=promotion_id,
        promotion_version=version,
        replaces_id=replaces_id,
        currency=currency,
        from_at=from_at,
        to_at=to_at,
        created_by=made[0],
        created_at=made[1],
        job=job,
        result=None if text is None else _results.decode(text),
    )

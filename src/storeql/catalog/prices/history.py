"""Keeps what everybody paid, pays and, as planned, will pay for a variant, change by change.

Every write that can change a price calls `keep_history` under the lock of the products it is about:
what is planned from now on is worked out again from prices, schedules and lists, and what happened
stays as it is. So a flip at an instant to come is in the history before it happens, nobody has to
be awake for it, and the price at any instant is that of the last change up to then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, delete, func, select

from storeql.catalog.prices.causes import NOT_FORCED, Cause, CauseKind, Forced
from storeql.catalog.prices.offers import offers_in, prices_of
from storeql.catalog.prices.planners import planners_of
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.prices.told import Changed, tell_prices
from storeql.catalog.tables import variant_prices, variants
from storeql.db import Connection, any_of, statement
from storeql.pricing.price_choice import (
    ChosenPrice,
    PriceSource,
    SourceKind,
    VariantPrices,
    everybodys_price,
    turning_points,
)

LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000
"""How far before a reduction its lowest price is looked for: 30 days."""

Key = tuple[int, int]
"""A variant and a channel."""

_change, _price = price_changes.c, variant_prices.c
_INPUTS = statement(
    select(
        _price.variant_id,
        _price.channel_id,
        _price.price_minor,
        _price.compare_at_minor,
        *offers_in(_price.channel_id),
    )
    .select_from(variant_prices.join(variants, variants.c.id == _price.variant_id))
    .where(any_of(_price.variant_id, "ids"))
    .order_by(_price.variant_id, _price.channel_id)
)
_earlier = price_changes.alias("earlier")
_since = (
    select(func.max(_earlier.c.at))
    .where(
        _earlier.c.variant_id == _change.variant_id,
        _earlier.c.channel_id == _change.channel_id,
        _earlier.c.at <= bindparam("since"),
    )
    .correlate(price_changes)
    .scalar_subquery()
)
_KNOWN = statement(
    select(
        _change.variant_id,
        _change.channel_id,
        _change.id,
        _change.at,
        _change.price_minor,
        _change.compare_at_minor,
        _change.regular_minor,
    )
    .where(
        any_of(_change.variant_id, "ids"),
        _change.channel_id.is_not(None),
        _change.at >= func.coalesce(_since, 0),
    )
    .order_by(_change.variant_id, _change.channel_id, _change.at, _change.id)
)
_FORGET = statement(delete(price_changes).where(any_of(_change.id, "ids")))


class Told(Struct, frozen=True):
    """A change as it is known: the price that holds from `at` on, and the channel's own then."""

    at: int
    price_minor: int
    compare_at_minor: int | None
    regular_minor: int

    def same_as(self, other: Told) -> bool:
        """True when the two differ in nothing but the instant."""
        return (self.price_minor, self.compare_at_minor, self.regular_minor) == (
            other.price_minor,
            other.compare_at_minor,
            other.regular_minor,
        )


class _Turn(Struct, frozen=True):
    """A change to come: what holds then, where it comes from, and what held until then."""

    told: Told
    source: PriceSource
    until_then: PriceSource


def keep_history(
    connection: Connection,
    variant_ids: Collection[int],
    *,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Notes what changed for these variants at `now`, and plans what will change.

    Their products must be locked.
    """
    ids = sorted(variant_ids)
    known = _known(connection, ids, now)
    gone: list[int] = []
    added: list[dict[str, Any]] = []
    turns: list[tuple[Key, Sequence[Told], _Turn]] = []
    for variant_id, channel_id, *inputs in connection.rows(_INPUTS, ids=ids, now=now):
        key = (variant_id, channel_id)
        past, planned = _split(known.get(key, ()), now)
        current, *later = _turns(prices_of(*inputs), now)
        if not past or not past[-1].same_as(current.told):
            added.append(_row(key, past, current.told, _exactly(cause, current), now, forced))
            past = [*past, current.told]
        if [turn.told for turn in later] != [told for _, told in planned]:
            gone += [row_id for row_id, _ in planned]
            for turn in later:
                turns.append((key, past, turn))
                past = [*past, turn.told]
    added += _planned_rows(connection, turns, now)
    if gone:
        connection.run(_FORGET, ids=gone)
    _keep(connection, added, now)


def begin_history(
    connection: Connection,
    prices: Iterable[tuple[Key, int, int | None]],
    *,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Notes the first prices of variants that are new, for which nothing is planned yet."""
    rows = [first_change(*one, cause=cause, now=now, forced=forced) for one in prices]
    _keep(connection, rows, now)


def first_change(
    key: Key,
    price_minor: int,
    compare_at_minor: int | None,
    *,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> dict[str, Any]:
    """The row of `price_changes` for the first price of a variant in a channel."""
    told = Told(now, price_minor, compare_at_minor, price_minor)
    return _row(key, (), told, cause, now, forced)


def _keep(connection: Connection, rows: Sequence[Mapping[str, Any]], now: int) -> None:
    """Adds changes, and tells of those that hold now."""
    connection.insert_many(price_changes, rows)
    changes = [
        Changed(row["variant_id"], row["channel_id"], row["before_minor"], row["price_minor"])
        for row in rows
        if row["at"] <= now
    ]
    tell_prices(connection, changes, now=now)


def lowest_before(past: Sequence[Told], at: int) -> int | None:
    """The lowest price of the 30 days before `at`; None where there was none.

    `past` is ascending and reaches back beyond the 30 days, where there is anything. A price that
    another one took the place of at the same instant never held.
    """
    since = at - LOOK_BACK_MS
    ends = [told.at for told in past[1:]] + [at]
    held = [
        told.price_minor
        for told, end in zip(past, ends, strict=True)
        if told.at < end and end > since
    ]
    return min(held, default=past[-1].price_minor if past else None)


def _known(
    connection: Connection, ids: Sequence[int], now: int
) -> Mapping[Key, Sequence[tuple[int, Told]]]:
    rows = connection.rows(_KNOWN, ids=ids, since=now - LOOK_BACK_MS)
    return {
        (key[0], key[1]): [(row[2], Told(*row[3:])) for row in found]
        for key, found in groupby(rows, itemgetter(0, 1))
    }


def _split(
    known: Sequence[tuple[int, Told]], now: int
) -> tuple[list[Told], list[tuple[int, Told]]]:
    past = [told for _, told in known if told.at <= now]
    return past, [(row_id, told) for row_id, told in known if told.at > now]


def _turns(prices: VariantPrices, now: int) -> Iterator[_Turn]:
    """What holds now, then each change to come."""
    before = everybodys_price(prices, now)
    yield _Turn(_told(before, prices, now), before.source, before.source)
    for at in turning_points(prices, now):
        chosen = everybodys_price(prices, at)
        if not _told(chosen, prices, at).same_as(_told(before, prices, at)):
            yield _Turn(_told(chosen, prices, at), chosen.source, before.source)
        before = chosen


def _told(chosen: ChosenPrice, prices: VariantPrices, at: int) -> Told:
    return Told(at, chosen.price_minor, chosen.compare_at_minor, prices.regular_minor)


def _planned_rows(
    connection: Connection, turns: Sequence[tuple[Key, Sequence[Told], _Turn]], now: int
) -> Iterator[dict[str, Any]]:
    if not turns:
        return
    makers = [_maker(turn) for _, _, turn in turns]
    planners = planners_of(
        connection,
        schedule_ids={int(one.schedule_id) for one in makers if one.schedule_id},
        list_ids={int(one.list_id) for one in makers if one.list_id and not one.schedule_id},
    )
    for (key, past, turn), maker in zip(turns, makers, strict=True):
        planner = planners[reference_of(maker)]
        row = _row(key, past, turn.told, planner.cause, now)
        floor_minor = planner.floor_minor if maker is turn.source else None
        yield {**row, "price_list_name": maker.list_name, "floor_minor": floor_minor}


def _exactly(cause: Cause, turn: _Turn) -> Cause:
    """The cause of a schedule that begins at once, with the schedule's name."""
    if cause.kind is not CauseKind.SCHEDULE or turn.source.schedule_id is None:
        return cause
    return replace(cause, reference=reference_of(turn.source))


def _maker(turn: _Turn) -> PriceSource:
    """What begins at the change, or ends where nothing but the channel's own price is left."""
    return turn.until_then if turn.source.kind is SourceKind.REGULAR else turn.source


def reference_of(source: PriceSource) -> str:
    """What a change of this source is a work of: `price_schedule:7`, `price_list:3`."""
    if source.schedule_id is not None:
        return f"price_schedule:{source.schedule_id}"
    return f"price_list:{source.list_id}"


def _row(
    key: Key,
    past: Sequence[Told],
    told: Told,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> dict[str, Any]:
    floor_minor = forced.floors.get(key)
    before = past[-1].price_minor if past else None
    fell = before is not None and told.price_minor < before
    return {
        "variant_id": key[0],
        "channel_id": key[1],
        "price_list_id": None,
        "price_list_name": "",
        "price_list_currency": "",
        "from_quantity": 1,
        "at": told.at,
        "before_minor": before,
        "price_minor": told.price_minor,
        "percent_off_basis_points": None,
        "compare_at_minor": told.compare_at_minor,
        "regular_minor": told.regular_minor,
        "lowest_before_minor": lowest_before(past, told.at) if fell else None,
        "floor_minor": floor_minor,
        "cause": cause.kind.value,
        "reference": cause.reference,
        "actor": cause.actor,
        "reason": cause.reason if floor_minor is None else forced.reason,
        "recorded_at": now,
    }

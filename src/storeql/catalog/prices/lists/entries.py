"""Sets and removes the prices of a list: per variant, and per quantity from which one holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.catalog.prices.causes import (
    NOT_FORCED,
    Cause,
    CauseKind,
    Forced,
    checked_cause,
    checked_reason,
)
from storeql.catalog.prices.guard import PriceGuard
from storeql.catalog.prices.history import keep_history
from storeql.catalog.prices.lists.history import Listed, keep_entry_history
from storeql.catalog.prices.lists.records import EntryInput, PriceList
from storeql.catalog.prices.lists.save import hold_list, list_channels
from storeql.catalog.prices.settle import settle
from storeql.catalog.prices.tables import price_list_entries
from storeql.catalog.products.rows import locked_products
from storeql.catalog.variants.rows import products_of_variants
from storeql.db import Connection, any_of, statement
from storeql.decimals import PERCENT_DECIMALS, scaled
from storeql.inputs import MOST_MINOR, Fields
from storeql.pricing import BASIS_POINTS
from storeql.pricing.currencies import exponent_of
from storeql.pricing.price_choice import channel_price, less_percent

MOST_AT_ONCE = 200
MOST_ENTRIES = 20_000
MOST_BREAKS = 20
MOST_FROM = 9_999

_entry = price_list_entries.c
_THERE = statement(
    select(
        _entry.variant_id,
        _entry.from_quantity,
        _entry.price_minor,
        _entry.percent_off_basis_points,
        _entry.id,
    ).where(_entry.price_list_id == bindparam("list_id"), any_of(_entry.variant_id, "ids"))
)
_COUNT = statement(select(func.count()).where(_entry.price_list_id == bindparam("list_id")))
_setting = upsert(price_list_entries)
_NAMES = (
    "price_list_id",
    "variant_id",
    "from_quantity",
    "price_minor",
    "percent_off_basis_points",
    "updated_at",
)
_SET = statement(
    _setting.on_conflict_do_update(
        index_elements=["price_list_id", "variant_id", "from_quantity"],
        set_={
            **{name: _setting.excluded[name] for name in _NAMES[3:]},
            "version": _entry.version + 1,
        },
    ),
    *_NAMES,
)
_BY_ID = statement(
    select(_entry.id, _entry.variant_id).where(
        _entry.price_list_id == bindparam("list_id"), any_of(_entry.id, "ids")
    )
)
_REMOVE = statement(delete(price_list_entries).where(any_of(_entry.id, "ids")))
Place = tuple[int, int]
"""A variant, and the pieces from which a price holds."""


def set_entries(
    connection: Connection,
    list_id: int,
    given: Sequence[EntryInput],
    *,
    expected_version: int | None = None,
    actor: str,
    reason: str = "",
    below_floor_reason: str = "",
    now: int,
) -> None:
    """Adds prices to a list or replaces those at the same place, all or none; at most 200.

    Raises Rejected with all problems, BelowFloor among them unless there is a reason to go below.
    """
    fields = Fields()
    fields.count("entries", given, least=1, most=MOST_AT_ONCE)
    cause = checked_cause(fields, _cause(list_id, actor, reason))
    force = checked_reason(fields, below_floor_reason)
    fields.refuse_problems()
    held = hold_list(connection, list_id, expected_version, actor=actor, now=now)
    owned = _held_variants(connection, (one.variant_id for one in given))
    there = _there(connection, list_id, owned)
    listed = _checked(fields, given, owned, held.currency)
    guard = PriceGuard(connection, owned, reason=force, now=now)
    _check_floors(fields, given, listed, guard, list_channels(connection, list_id), now)
    _check_room(connection, fields, list_id, there, listed)
    fields.refuse_problems()
    changed = {place: one for place, one in listed.items() if there.get(place) != one}
    rows = [
        {
            "price_list_id": list_id,
            "variant_id": variant_id,
            "from_quantity": quantity,
            "price_minor": one.price_minor,
            "percent_off_basis_points": one.percent_off_basis_points,
            "updated_at": now,
        }
        for (variant_id, quantity), one in sorted(changed.items())
    ]
    connection.run_many(_SET, rows)
    forced = Forced(floors=guard.broken, reason=force)
    variant_ids = {variant_id for variant_id, _ in changed}
    _tell(connection, held, owned, variant_ids, cause=cause, now=now, forced=forced)


def remove_entries(
    connection: Connection,
    list_id: int,
    ids: Sequence[int],
    *,
    expected_version: int | None = None,
    actor: str,
    reason: str = "",
    now: int,
) -> None:
    """Takes prices out of a list with what is scheduled for them, all or none; at most 200.

    Raises Rejected with every id that is none of the list's.
    """
    fields = Fields()
    wanted = fields.distinct("ids", ids, most=MOST_AT_ONCE)
    cause = checked_cause(fields, _cause(list_id, actor, reason))
    fields.refuse_problems()
    held = hold_list(connection, list_id, expected_version, actor=actor, now=now)
    found: dict[int, int] = dict(connection.rows(_BY_ID, list_id=list_id, ids=wanted))
    for place, row in enumerate(wanted):
        if row not in found:
            fields.missing("entry", "ids", str(place))
    fields.refuse_problems()
    owned = _held_variants(connection, found.values())
    connection.run(_REMOVE, ids=wanted)
    _tell(connection, held, owned, set(owned), cause=cause, now=now)


def _cause(list_id: int, actor: str, reason: str) -> Cause:
    return Cause(
        kind=CauseKind.PRICE_LIST, actor=actor, reason=reason, reference=f"price_list:{list_id}"
    )


def _held_variants(connection: Connection, ids: Iterable[int]) -> Mapping[int, int]:
    """Those of the variants that exist, with their products, which are locked."""
    found = products_of_variants(connection, ids)
    locked_products(connection, found.values())
    return products_of_variants(connection, found)


def _there(connection: Connection, list_id: int, owned: Mapping[int, int]) -> dict[Place, Listed]:
    rows = connection.rows(_THERE, list_id=list_id, ids=sorted(owned))
    return {(row[0], row[1]): Listed(row[2], row[3]) for row in rows}


def _checked(
    fields: Fields, given: Sequence[EntryInput], owned: Mapping[int, int], currency: str
) -> dict[Place, Listed]:
    listed: dict[Place, Listed] = {}
    for entry, one in zip(fields.each("entries", len(given)), given, strict=True):
        place = (one.variant_id, one.from_quantity)
        if one.variant_id not in owned:
            entry.missing("variant", "variantId")
        if place in listed:
            entry.report("DUPLICATE", "This variant and quantity come twice.", "variantId")
        entry.whole("fromQuantity", one.from_quantity, least=1, most=MOST_FROM)
        listed[place] = _checked_value(entry, one, currency)
    return listed


def _checked_value(entry: Fields, one: EntryInput, currency: str) -> Listed:
    if (one.price is None) == (one.percent_off is None):
        entry.report("ONE_VALUE", "Give either a price or a percentage.", "value")
        return Listed(0, 0)
    if one.price is not None:
        price = scaled(one.price, exponent_of(currency))
        if price is None:
            message = f"{currency} has {exponent_of(currency)} decimals."
            entry.report("TOO_MANY_DECIMALS", message, "value", "price")
            return Listed(0, 0)
        return Listed(entry.at("value").whole("price", price, most=MOST_MINOR), 0)
    percent = scaled(one.percent_off or "", PERCENT_DECIMALS)
    if percent is None:
        message = "A percentage has at most 2 decimals."
        entry.report("TOO_MANY_DECIMALS", message, "value", "percentOff")
        return Listed(None, 0)
    if not 0 < percent < BASIS_POINTS:
        message = "A percentage off lies between 0 and 100."
        entry.report("OUT_OF_RANGE", message, "value", "percentOff")
    return Listed(None, percent)


def _check_floors(
    fields: Fields,
    given: Sequence[EntryInput],
    listed: Mapping[Place, Listed],
    guard: PriceGuard,
    channel_ids: Sequence[int],
    now: int,
) -> None:
    """What the prices come to in each of the list's channels, now."""
    for entry, one in zip(fields.each("entries", len(given)), given, strict=True):
        value = listed[one.variant_id, one.from_quantity]
        for channel_id in channel_ids:
            key = (one.variant_id, channel_id)
            priced = guard.priced.get(key)
            if priced is None:
                continue
            price_minor, name = value.price_minor, "price"
            if price_minor is None:
                channel = channel_price(priced.prices, now).price_minor
                price_minor = less_percent(channel, value.percent_off_basis_points)
                name = "percentOff"
            guard.check(entry, "value", name, key=key, price_minor=price_minor)


def _check_room(
    connection: Connection,
    fields: Fields,
    list_id: int,
    there: Mapping[Place, Listed],
    listed: Mapping[Place, Listed],
) -> None:
    added = [place for place in listed if place not in there]
    if added and connection.scalar(_COUNT, list_id=list_id) + len(added) > MOST_ENTRIES:
        fields.report("TOO_MANY", f"A list has at most {MOST_ENTRIES} prices.", "entries")
    breaks: dict[int, int] = {}
    for variant_id, _ in {*there, *listed}:
        breaks[variant_id] = breaks.get(variant_id, 0) + 1
    if any(count > MOST_BREAKS for count in breaks.values()):
        message = f"A variant has at most {MOST_BREAKS} prices in a list."
        fields.report("TOO_MANY_BREAKS", message, "entries")


def _tell(
    connection: Connection,
    held: PriceList,
    owned: Mapping[int, int],
    variant_ids: Collection[int],
    *,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Notes what changed of the list and, where it is for everybody, what everybody pays now."""
    if not variant_ids:
        return
    keep_entry_history(connection, [held.id], variant_ids, cause=cause, now=now, forced=forced)
    if held.is_for_everybody:
        keep_history(connection, variant_ids, cause=cause, now=now, forced=forced)
        settle(connection, {owned[one] for one in variant_ids}, now=now)

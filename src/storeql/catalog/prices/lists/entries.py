"""Sets and removes the prices of a list: per variant, and per quantity from which one holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.catalog.prices.causes import Cause, CauseKind, checked_cause
from storeql.catalog.prices.history import keep_history
from storeql.catalog.prices.lists.records import EntryInput, PriceList
from storeql.catalog.prices.lists.save import hold_list
from storeql.catalog.prices.settle import settle
from storeql.catalog.prices.tables import price_changes, price_list_entries
from storeql.catalog.products.rows import locked_products
from storeql.catalog.variants.rows import products_of_variants
from storeql.db import Connection, any_of, statement
from storeql.decimals import PERCENT_DECIMALS, scaled
from storeql.inputs import MOST_MINOR, Fields
from storeql.pricing import BASIS_POINTS
from storeql.pricing.currencies import exponent_of

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
    select(
        _entry.id,
        _entry.variant_id,
        _entry.from_quantity,
        _entry.price_minor,
        _entry.percent_off_basis_points,
    )
    .where(_entry.price_list_id == bindparam("list_id"), any_of(_entry.id, "ids"))
    .order_by(_entry.variant_id, _entry.from_quantity)
)
_REMOVE = statement(delete(price_list_entries).where(any_of(_entry.id, "ids")))
_TELL = statement(
    insert(price_changes),
    *(column.name for column in price_changes.columns if column.name != "id"),
)

Place = tuple[int, int]
"""A variant, and the pieces from which a price holds."""


class Listed(Struct, frozen=True):
    """A price of a list: an amount, or basis points off the channel's price."""

    price_minor: int | None
    percent_off_basis_points: int


def set_entries(
    connection: Connection,
    list_id: int,
    given: Sequence[EntryInput],
    *,
    expected_version: int | None = None,
    actor: str,
    reason: str = "",
    now: int,
) -> None:
    """Adds prices to a list or replaces those at the same place, all or none; at most 200.

    Raises Rejected with all problems.
    """
    fields = Fields()
    fields.count("entries", given, least=1, most=MOST_AT_ONCE)
    cause = checked_cause(fields, _cause(list_id, actor, reason))
    fields.refuse_problems()
    held = hold_list(connection, list_id, expected_version, actor=actor, now=now)
    owned = _held_variants(connection, (one.variant_id for one in given))
    there = _there(connection, list_id, owned)
    listed = _checked(fields, given, owned, held.currency)
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
    after: dict[Place, Listed | None] = {**changed}
    _tell(connection, held, owned, before=there, after=after, cause=cause, now=now)


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
    found = {row[0]: row[1:] for row in connection.rows(_BY_ID, list_id=list_id, ids=wanted)}
    for place, row in enumerate(wanted):
        if row not in found:
            fields.missing("entry", "ids", str(place))
    fields.refuse_problems()
    owned = _held_variants(connection, (row[0] for row in found.values()))
    before = {(row[0], row[1]): Listed(*row[2:]) for row in found.values()}
    connection.run(_REMOVE, ids=wanted)
    gone: dict[Place, Listed | None] = dict.fromkeys(before)
    _tell(connection, held, owned, before=before, after=gone, cause=cause, now=now)


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
    *,
    before: Mapping[Place, Listed],
    after: Mapping[Place, Listed | None],
    cause: Cause,
    now: int,
) -> None:
    """Notes what changed of the list and, where it is for everybody, what everybody pays now."""
    rows = [
        _change(held, place, before.get(place), one, cause, now)
        for place, one in sorted(after.items())
    ]
    connection.run_many(_TELL, rows)
    if held.is_for_everybody and after:
        variant_ids = {variant_id for variant_id, _ in after}
        keep_history(connection, variant_ids, cause=cause, now=now)
        settle(connection, {owned[one] for one in variant_ids}, now=now)


def _change(
    held: PriceList,
    place: Place,
    before: Listed | None,
    after: Listed | None,
    cause: Cause,
    now: int,
) -> dict[str, Any]:
    return {
        "variant_id": place[0],
        "channel_id": None,
        "price_list_id": held.id,
        "price_list_name": held.name,
        "price_list_currency": held.currency,
        "from_quantity": place[1],
        "at": now,
        "before_minor": before.price_minor if before else None,
        "price_minor": after.price_minor if after else None,
        "percent_off_basis_points": (after.percent_off_basis_points or None) if after else None,
        "compare_at_minor": None,
        "regular_minor": None,
        "lowest_before_minor": None,
        "floor_minor": None,
        "cause": cause.kind.value,
        "reference": cause.reference,
        "actor": cause.actor,
        "reason": cause.reason,
        "recorded_at": now,
    }

"""Reads what a variant's price can depend on beside the channel's own price, with its own row.

Lists and schedules come as two texts in the row of the variant, so that whoever prices variants
needs no statement more for them. Both are NULL where there is none, which is the usual case.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from storeql.catalog.prices.tables import (
    price_list_channels,
    price_list_entries,
    price_list_groups,
    price_lists,
    price_schedules,
)
from storeql.catalog.tables import channels, variant_prices, variants
from storeql.pricing.price_choice import (
    ListEntry,
    PriceList,
    ScheduledPrice,
    VariantPrices,
)

# Control characters, which no name can hold, stand between records and between their fields.
RECORDS, FIELDS = "\x1e", "\x1f"
EVERYBODY = "*"

_list, _entry, _schedule = price_lists.c, price_list_entries.c, price_schedules.c
_now: ColumnElement[int] = bindparam("now", type_=BigInteger)


def offers_in(channel: ColumnElement[int]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Two columns for `prices_of`: a variant's entries of lists in the channel, its schedules.

    The statement's source names `variants`; the parameter `now` leaves out schedules that ended.
    """
    return (_entries_in(channel), _schedules_in(channel))


def prices_of(
    regular_minor: int, compare_at_minor: int | None, entries: str | None, schedules: str | None
) -> VariantPrices:
    """What the two columns of `offers_in` say, with the channel's own price."""
    if entries is None and schedules is None:
        return VariantPrices(regular_minor=regular_minor, compare_at_minor=compare_at_minor)
    planned = _schedules_of(schedules)
    return VariantPrices(
        regular_minor=regular_minor,
        compare_at_minor=compare_at_minor,
        schedules=tuple(planned.get("", ())),
        lists=_lists_of(entries, planned),
    )


def _text(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.coalesce(cast(column, String), _quoted(""))


def _quoted(text: str) -> ColumnElement[str]:
    # A bound text would be put into the statement late, together with the other values.
    return literal_column(f"'{text}'", String)


def _record(*columns: ColumnElement[Any]) -> ColumnElement[str]:
    first, *others = map(_text, columns)
    joined: ColumnElement[str] = first
    for column in others:
        joined = joined.concat(_quoted(FIELDS)).concat(column)
    return joined


def _flag(column: ColumnElement[bool]) -> ColumnElement[str]:
    return case((column, _quoted("1")), else_=_quoted(""))


def _joined(text: ColumnElement[str], separator: str) -> Any:
    return func.aggregate_strings(text, _quoted(separator))  # type: ignore[arg-type]


_GROUPS = case(
    (_list.is_for_everybody, _quoted(EVERYBODY)),
    else_=select(_joined(cast(price_list_groups.c.group_id, String), " "))
    .where(price_list_groups.c.price_list_id == _list.id)
    .correlate(price_lists)
    .scalar_subquery(),
)


def _entries_in(channel: ColumnElement[int]) -> ColumnElement[Any]:
    record = _record(
        _list.id,
        _list.name,
        _list.priority,
        _flag(_list.may_exceed),
        _GROUPS,
        _list.starts_at,
        _list.ends_at,
        _entry.id,
        _entry.from_quantity,
        _entry.price_minor,
        _entry.percent_off_basis_points,
    )
    source = price_list_entries.join(price_lists, _list.id == _entry.price_list_id).join(
        price_list_channels, price_list_channels.c.price_list_id == _list.id
    )
    return (
        select(_joined(record, RECORDS))
        .select_from(source)
        .where(
            _entry.variant_id == variants.c.id,
            price_list_channels.c.channel_id == channel,
            _list.is_active,
        )
        .correlate(variants, variant_prices, channels)
        .scalar_subquery()
    )


def _schedules_in(channel: ColumnElement[int]) -> ColumnElement[Any]:
    record = _record(
        _schedule.entry_id,
        _schedule.id,
        _schedule.price_minor,
        _schedule.compare_at_minor,
        _schedule.starts_at,
        _schedule.ends_at,
    )
    return (
        select(_joined(record, RECORDS))
        .where(
            _schedule.variant_id == variants.c.id,
            or_(_schedule.channel_id == channel, _schedule.entry_id.is_not(None)),
            or_(_schedule.ends_at.is_(None), _schedule.ends_at > _now),
        )
        .correlate(variants, variant_prices, channels)
        .scalar_subquery()
    )


def _schedules_of(text: str | None) -> dict[str, list[ScheduledPrice]]:
    """Scheduled prices in the order of their windows, by the entry they are for ("": none)."""
    planned: dict[str, list[ScheduledPrice]] = {}
    for record in text.split(RECORDS) if text else ():
        entry_id, row_id, price_minor, compare_at, starts_at, ends_at = record.split(FIELDS)
        planned.setdefault(entry_id, []).append(
            ScheduledPrice(
                id=row_id,
                price_minor=int(price_minor),
                compare_at_minor=_number(compare_at),
                starts_at=int(starts_at),
                ends_at=_number(ends_at),
            )
        )
    for schedules in planned.values():
        schedules.sort(key=lambda one: one.starts_at)
    return planned


def _lists_of(text: str | None, planned: dict[str, list[ScheduledPrice]]) -> tuple[PriceList, ...]:
    heads: dict[str, PriceList] = {}
    entries: dict[str, list[ListEntry]] = {}
    for record in text.split(RECORDS) if text else ():
        *head, entry_id, from_quantity, price_minor, percent_off = record.split(FIELDS)
        if head[0] not in heads:
            heads[head[0]] = _head(*head)
        entries.setdefault(head[0], []).append(
            ListEntry(
                from_quantity=int(from_quantity),
                price_minor=_number(price_minor),
                percent_off_basis_points=int(percent_off),
                schedules=tuple(planned.get(entry_id, ())),
            )
        )
    return tuple(_with_entries(heads[key], entries[key]) for key in sorted(heads, key=int))


def _head(
    row_id: str,
    name: str,
    priority: str,
    may_exceed: str,
    groups: str,
    starts_at: str,
    ends_at: str,
) -> PriceList:
    return PriceList(
        id=row_id,
        name=name,
        priority=int(priority),
        group_ids=None if groups == EVERYBODY else frozenset(groups.split()),
        starts_at=_number(starts_at),
        ends_at=_number(ends_at),
        may_exceed=bool(may_exceed),
    )


def _with_entries(head: PriceList, entries: list[ListEntry]) -> PriceList:
    ordered = tuple(sorted(entries, key=lambda one: one.from_quantity))
    return msgspec.structs.replace(head, entries=ordered)


def _number(text: str) -> int | None:
    return int(text) if text else None

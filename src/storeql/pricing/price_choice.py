"""Chooses what one piece of a variant costs a buyer: by price lists, quantity and the instant.

The rule, in order:

1. The channel's price is the scheduled one whose window holds the instant, else the regular one.
2. Of the lists that are for the buyer and whose window holds the instant, the one with the highest
   priority that has an entry for so many pieces holds; at the same priority the newer list.
3. In a list the entry with the most pieces that the quantity reaches holds. Its price is the
   scheduled one whose window holds the instant, else its own: an amount, or a percentage off the
   channel's price, rounded half up.
4. A list never makes a price dearer than the channel's, unless the list says that it may.

Windows are half-open. Amounts are minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from storeql.pricing.money import BASIS_POINTS, round_half_up


class SourceKind(StrEnum):
    """Where a price comes from."""

    REGULAR = "REGULAR"
    SCHEDULE = "SCHEDULE"
    PRICE_LIST = "PRICE_LIST"


class PriceSource(Struct, frozen=True, kw_only=True):
    """What made a price: the list with its name, the pieces its entry begins at, the schedule."""

    kind: SourceKind
    list_id: str | None = None
    list_name: str = ""
    from_quantity: int = 1
    schedule_id: str | None = None


class ScheduledPrice(Struct, frozen=True, kw_only=True):
    """A price that stands in for another one from `starts_at` until `ends_at` (None: for good)."""

    id: str
    price_minor: int
    compare_at_minor: int | None = None
    starts_at: int
    ends_at: int | None = None


class ListEntry(Struct, frozen=True, kw_only=True):
    """What a list says of a variant from so many pieces on: an amount or a percentage off."""

    from_quantity: int = 1
    price_minor: int | None = None
    percent_off_basis_points: int = 0
    schedules: tuple[ScheduledPrice, ...] = ()


class PriceList(Struct, frozen=True, kw_only=True):
    """A list as far as it is about one variant in one channel.

    `group_ids` None is for everybody. `may_exceed` lets its prices be above the channel's.
    """

    id: str
    name: str = ""
    priority: int = 0
    group_ids: frozenset[str] | None = None
    starts_at: int | None = None
    ends_at: int | None = None
    may_exceed: bool = False
    entries: tuple[ListEntry, ...] = ()


class VariantPrices(Struct, frozen=True, kw_only=True):
    """All that a variant's price in a channel can depend on."""

    regular_minor: int
    compare_at_minor: int | None = None
    schedules: tuple[ScheduledPrice, ...] = ()
    lists: tuple[PriceList, ...] = ()


class ChosenPrice(Struct, frozen=True, kw_only=True):
    """The price of one piece; `compare_at_minor` is always above it."""

    price_minor: int
    compare_at_minor: int | None
    source: PriceSource


class PriceBreak(Struct, frozen=True, kw_only=True):
    """What one piece costs from so many pieces on."""

    from_quantity: int
    price_minor: int
    source: PriceSource


REGULAR = PriceSource(kind=SourceKind.REGULAR)


def choose_price(
    prices: VariantPrices, *, group_ids: Collection[str], quantity: int, at: int
) -> ChosenPrice:
    """What one of `quantity` pieces costs a buyer of these groups at the instant (milliseconds)."""
    channel = channel_price(prices, at)
    for one in _in_order(prices.lists):
        entry = _entry(one, quantity) if is_for(one, group_ids, at) else None
        if entry is not None:
            return _capped(_listed(one, entry, channel, at), channel, one)
    return channel


def price_breaks(
    prices: VariantPrices, *, group_ids: Collection[str], at: int
) -> tuple[PriceBreak, ...]:
    """The quantities from which a piece costs something else than with fewer, ascending.

    The first one is for 1 piece; there is no other where the quantity makes no difference.
    """
    steps = {
        entry.from_quantity
        for one in prices.lists
        if is_for(one, group_ids, at)
        for entry in one.entries
    }
    breaks: list[PriceBreak] = []
    for quantity in sorted(steps | {1}):
        chosen = choose_price(prices, group_ids=group_ids, quantity=quantity, at=at)
        if not breaks or chosen.price_minor != breaks[-1].price_minor:
            breaks.append(
                PriceBreak(
                    from_quantity=quantity, price_minor=chosen.price_minor, source=chosen.source
                )
            )
    return tuple(breaks)


def everybodys_price(prices: VariantPrices, at: int) -> ChosenPrice:
    """What one piece costs somebody who is in no group and takes no more than one."""
    return choose_price(prices, group_ids=(), quantity=1, at=at)


def turning_points(prices: VariantPrices, after: int) -> list[int]:
    """The instants later than `after` at which everybody's price may change, ascending."""
    return sorted({instant for instant in _ends_of_windows(prices) if instant > after})


def is_for(one: PriceList, group_ids: Collection[str], at: int) -> bool:
    """True if the list holds for a buyer of these groups at the instant."""
    if not _holds(one.starts_at, one.ends_at, at):
        return False
    return one.group_ids is None or not one.group_ids.isdisjoint(group_ids)


def channel_price(prices: VariantPrices, at: int) -> ChosenPrice:
    """What the channel asks at the instant, price lists left out."""
    scheduled = _in_force(prices.schedules, at)
    if scheduled is None:
        return _compared(prices.regular_minor, prices.compare_at_minor, REGULAR)
    source = PriceSource(kind=SourceKind.SCHEDULE, schedule_id=scheduled.id)
    compare_at = scheduled.compare_at_minor
    if compare_at is None:
        compare_at = prices.compare_at_minor
    return _compared(scheduled.price_minor, compare_at, source)


def _in_order(lists: Sequence[PriceList]) -> Sequence[PriceList]:
    if len(lists) < 2:
        return lists
    return sorted(lists, key=lambda one: (-one.priority, -int(one.id)))


def _entry(one: PriceList, quantity: int) -> ListEntry | None:
    reached = [entry for entry in one.entries if entry.from_quantity <= quantity]
    return max(reached, key=lambda entry: entry.from_quantity, default=None)


def _listed(one: PriceList, entry: ListEntry, channel: ChosenPrice, at: int) -> ChosenPrice:
    scheduled = _in_force(entry.schedules, at)
    source = PriceSource(
        kind=SourceKind.PRICE_LIST,
        list_id=one.id,
        list_name=one.name,
        from_quantity=entry.from_quantity,
        schedule_id=None if scheduled is None else scheduled.id,
    )
    compare_at = channel.compare_at_minor
    if scheduled is not None:
        price_minor = scheduled.price_minor
        if scheduled.compare_at_minor is not None:
            compare_at = scheduled.compare_at_minor
    elif entry.price_minor is not None:
        price_minor = entry.price_minor
    else:
        price_minor = less_percent(channel.price_minor, entry.percent_off_basis_points)
    return _compared(price_minor, compare_at, source)


def less_percent(price_minor: int, basis_points: int) -> int:
    """A price with a percentage off, rounded half up."""
    return round_half_up(price_minor * (BASIS_POINTS - basis_points), BASIS_POINTS)


def _capped(listed: ChosenPrice, channel: ChosenPrice, one: PriceList) -> ChosenPrice:
    return channel if listed.price_minor > channel.price_minor and not one.may_exceed else listed


def _compared(price_minor: int, compare_at: int | None, source: PriceSource) -> ChosenPrice:
    above = compare_at is not None and compare_at > price_minor
    return ChosenPrice(
        price_minor=price_minor, compare_at_minor=compare_at if above else None, source=source
    )


def _in_force(schedules: Sequence[ScheduledPrice], at: int) -> ScheduledPrice | None:
    return next((one for one in schedules if _holds(one.starts_at, one.ends_at, at)), None)


def _holds(starts_at: int | None, ends_at: int | None, at: int) -> bool:
    return (starts_at is None or starts_at <= at) and (ends_at is None or at < ends_at)


def _ends_of_windows(prices: VariantPrices) -> Iterator[int]:
    windows: list[tuple[int | None, int | None]] = [
        (one.starts_at, one.ends_at) for one in prices.schedules
    ]
    for one in prices.lists:
        if one.group_ids is None:
            windows.append((one.starts_at, one.ends_at))
            windows += [(s.starts_at, s.ends_at) for e in one.entries for s in e.schedules]
    for window in windows:
        yield from (instant for instant in window if instant is not None)

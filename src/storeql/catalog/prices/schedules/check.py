"""Checks scheduled prices: place, window, amounts, floors, and what else is scheduled there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct

from storeql.catalog.prices.guard import PriceGuard
from storeql.catalog.prices.schedules.places import NO_PLACE, Known, Place
from storeql.catalog.prices.schedules.records import ScheduleInput, ScheduleUpdate
from storeql.catalog.prices.schedules.windows import Open, Window
from storeql.catalog.problems import ScheduleOverlaps
from storeql.catalog.products.publish import LATEST_AT
from storeql.decimals import scaled
from storeql.inputs import MOST_MINOR, Fields
from storeql.pricing.currencies import exponent_of

MOST_OPEN = 50
"""Schedules of one variant that are not over."""


class Checked(Struct, frozen=True, kw_only=True):
    """A schedule that is ready to be kept."""

    place: Place
    window: Window
    price_minor: int
    compare_at_minor: int | None
    floor_minor: int | None


def checked_schedule(
    fields: Fields, given: ScheduleInput, known: Known, guard: PriceGuard, now: int
) -> Checked:
    """A new schedule with all that is wrong noted; what is past begins now."""
    place = known.place(fields, given)
    starts_at = max(now, now if given.starts_at is None else given.starts_at)
    window = _checked_window(fields, Window(starts_at, given.ends_at))
    price_minor = _amount(fields, "price", given.price, known.currency(place))
    compare_at = None
    if given.compare_at_price is not None:
        compare_at = _amount(
            fields, "compareAtPrice", given.compare_at_price, known.currency(place)
        )
    return _guarded(fields, place, window, price_minor, compare_at, known, guard)


def changed_schedule(
    fields: Fields, change: ScheduleUpdate, old: Open, known: Known, guard: PriceGuard, now: int
) -> Checked:
    """A schedule as it is to be, with all that is wrong noted."""
    currency = known.currency(old.place)
    starts_at, ends_at = old.window.starts_at, old.window.ends_at
    if change.starts_at is not UNSET and change.starts_at != starts_at:
        if starts_at <= now:
            message = "This has begun: its start stays as it was."
            fields.report("ALREADY_BEGUN", message, "startsAt")
        starts_at = max(now, change.starts_at)
    if change.ends_at is not UNSET:
        ends_at = change.ends_at
        if ends_at is not None and ends_at <= now:
            fields.report("OUT_OF_RANGE", "It can end now or later: end it instead.", "endsAt")
    window = _checked_window(fields, Window(starts_at, ends_at))
    price_minor = old.price_minor
    if change.price is not UNSET:
        price_minor = _amount(fields, "price", change.price, currency)
    compare_at = old.compare_at_minor
    if change.compare_at_price is not UNSET:
        typed = change.compare_at_price
        compare_at = None if typed is None else _amount(fields, "compareAtPrice", typed, currency)
    return _guarded(fields, old.place, window, price_minor, compare_at, known, guard)


def _guarded(
    fields: Fields,
    place: Place,
    window: Window,
    price_minor: int,
    compare_at: int | None,
    known: Known,
    guard: PriceGuard,
) -> Checked:
    if compare_at is not None and compare_at <= price_minor:
        message = "The price to compare with must be above the price."
        fields.report("COMPARE_AT_TOO_LOW", message, "compareAtPrice")
    broken: list[int] = []
    for channel_id in known.channels(place):
        key = (place.variant_id, channel_id)
        before = guard.broken.get(key)
        if place.channel_id is None:
            guard.check(fields, "price", key=key, price_minor=price_minor)
        else:
            guard.check_channel_price(fields, "price", key=key, price_minor=price_minor)
        if guard.broken.get(key) != before:
            broken.append(guard.broken[key])
    return Checked(
        place=place,
        window=window,
        price_minor=price_minor,
        compare_at_minor=compare_at,
        floor_minor=max(broken, default=None),
    )


def _checked_window(fields: Fields, window: Window) -> Window:
    for name, instant in (("startsAt", window.starts_at), ("endsAt", window.ends_at)):
        if instant is not None and not 0 <= instant <= LATEST_AT:
            fields.report("OUT_OF_RANGE", "This instant is out of range.", name)
    if window.ends_at is not None and window.ends_at <= window.starts_at:
        fields.report("ENDS_BEFORE_START", "It must end after it starts.", "endsAt")
    return window


def _amount(fields: Fields, name: str, typed: str, currency: str | None) -> int:
    if currency is None:
        return 0
    amount = scaled(typed, exponent_of(currency))
    if amount is None:
        message = f"{currency} has {exponent_of(currency)} decimals."
        fields.report("TOO_MANY_DECIMALS", message, name)
        return 0
    return fields.whole(name, amount, most=MOST_MINOR)


def refuse_overlap(
    fields: Fields, made: Checked, standing: Sequence[Open], above: Sequence[Checked]
) -> None:
    """Notes the first that is in the way: of those there are, or of the entries above it."""
    if made.place == NO_PLACE:
        return
    for other in standing:
        if other.place == made.place and other.window.overlaps(made.window):
            fields.problems.append(
                ScheduleOverlaps(
                    message="Another price is scheduled for a part of this time.",
                    field=fields.path("startsAt"),
                    index=fields.index("startsAt"),
                    schedule_id=other.id,
                    starts_at=other.window.starts_at,
                    ends_at=other.window.ends_at,
                )
            )
            return
    if any(one.place == made.place and one.window.overlaps(made.window) for one in above):
        message = "Another entry schedules a price for a part of this time."
        fields.report("DUPLICATE", message, "startsAt")


def check_room(fields: Fields, standing: Sequence[Open], added: Sequence[Checked]) -> None:
    """Notes it when a variant would have too many."""
    count = Counter(one.place.variant_id for one in standing)
    count.update(one.place.variant_id for one in added)
    if any(number > MOST_OPEN for number in count.values()):
        message = f"A variant has at most {MOST_OPEN} schedules that are not over."
        fields.report("TOO_MANY", message, "schedules")


def values_of(one: Checked) -> dict[str, Any]:
    """The columns of a schedule that may change."""
    return {
        "price_minor": one.price_minor,
        "compare_at_minor": one.compare_at_minor,
        "floor_minor": one.floor_minor,
        "starts_at": one.window.starts_at,
        "ends_at": one.window.ends_at,
    }

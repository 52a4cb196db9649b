"""Which price a buyer gets: a table of cases as a merchant would tell them.

Every case is about one variant at 100.00 in its channel. Instants are days.
"""

from __future__ import annotations

from typing import Any

import pytest

from storeql.pricing.price_choice import (
    ListEntry,
    PriceList,
    ScheduledPrice,
    SourceKind,
    VariantPrices,
    choose_price,
    everybodys_price,
    price_breaks,
    turning_points,
)

VIP, GOLD = "1", "2"


def schedule(price: int, starts: int, ends: int | None = None, **more: Any) -> ScheduledPrice:
    return ScheduledPrice(id="9", price_minor=price, starts_at=starts, ends_at=ends, **more)


def entry(price: int | None = None, *, start: int = 1, off: int = 0, **more: Any) -> ListEntry:
    """A price of a list from `start` pieces on, or so many basis points off."""
    return ListEntry(from_quantity=start, price_minor=price, percent_off_basis_points=off, **more)


def price_list(*entries: ListEntry, groups: set[str] | None, **more: Any) -> PriceList:
    ids = None if groups is None else frozenset(groups)
    return PriceList(**{"id": "1", "group_ids": ids, "entries": entries, **more})


def variant(*lists: PriceList, schedules: tuple[ScheduledPrice, ...] = ()) -> VariantPrices:
    return VariantPrices(regular_minor=10_000, schedules=schedules, lists=lists)


WHOLESALE = price_list(
    entry(9_000), entry(8_000, start=10), entry(7_000, start=100), groups={VIP}, name="Wholesale"
)
AUTUMN = (schedule(8_500, 10, 20),)

# what is told, the prices there are, who buys how many on which day, what one piece costs
CASES = [
    ("a guest pays the channel's price", variant(WHOLESALE), (), 1, 0, 10_000),
    ("a VIP pays the list's", variant(WHOLESALE), (VIP,), 1, 0, 9_000),
    ("so does a VIP with 9 pieces", variant(WHOLESALE), (VIP,), 9, 0, 9_000),
    ("from 10 pieces each costs less", variant(WHOLESALE), (VIP,), 10, 0, 8_000),
    ("and so with 99", variant(WHOLESALE), (VIP,), 99, 0, 8_000),
    ("from 100 still less", variant(WHOLESALE), (VIP,), 100, 0, 7_000),
    ("another group's list is not theirs", variant(WHOLESALE), (GOLD,), 10, 0, 10_000),
    ("one of several groups is enough", variant(WHOLESALE), (GOLD, VIP), 1, 0, 9_000),
    (
        "a list for everybody is for guests",
        variant(price_list(entry(9_500), groups=None)),
        (),
        1,
        0,
        9_500,
    ),
    (
        "a list whose groups are gone is for nobody",
        variant(price_list(entry(9_500), groups=set())),
        (VIP,),
        1,
        0,
        10_000,
    ),
    (
        "the higher priority holds, even where it is dearer",
        variant(
            price_list(entry(9_500), groups={VIP}, id="1", priority=5),
            price_list(entry(9_000), groups={VIP}, id="2", priority=4),
        ),
        (VIP,),
        1,
        0,
        9_500,
    ),
    (
        "at one priority the newer list holds",
        variant(
            price_list(entry(9_000), groups={VIP}, id="9"),
            price_list(entry(9_500), groups={VIP}, id="10"),
        ),
        (VIP,),
        1,
        0,
        9_500,
    ),
    (
        "a list without a price for so few pieces leaves them to the next",
        variant(
            price_list(entry(8_000, start=10), groups={VIP}, id="1", priority=5),
            price_list(entry(9_000), groups={VIP}, id="2"),
        ),
        (VIP,),
        9,
        0,
        9_000,
    ),
    (
        "a percentage comes off the channel's price, rounded half up",
        variant(price_list(entry(off=333), groups={VIP})),
        (VIP,),
        1,
        0,
        9_667,
    ),
    (
        "before its window a list holds for nobody",
        variant(price_list(entry(9_000), groups={VIP}, starts_at=10, ends_at=20)),
        (VIP,),
        1,
        9,
        10_000,
    ),
    (
        "it holds from its first instant",
        variant(price_list(entry(9_000), groups={VIP}, starts_at=10, ends_at=20)),
        (VIP,),
        1,
        10,
        9_000,
    ),
    (
        "and not at its last",
        variant(price_list(entry(9_000), groups={VIP}, starts_at=10, ends_at=20)),
        (VIP,),
        1,
        20,
        10_000,
    ),
    ("a scheduled price begins at its instant", variant(schedules=AUTUMN), (), 1, 10, 8_500),
    ("and holds until just before its end", variant(schedules=AUTUMN), (), 1, 19, 8_500),
    ("then the old price is back", variant(schedules=AUTUMN), (), 1, 20, 10_000),
    ("an open end holds for good", variant(schedules=(schedule(1, 10),)), (), 1, 10**9, 1),
    (
        "one schedule follows another at the same instant",
        variant(schedules=(schedule(8_000, 0, 10), schedule(7_000, 10, 20))),
        (),
        1,
        10,
        7_000,
    ),
    (
        "a percentage is off what the channel asks then",
        variant(price_list(entry(off=1_000), groups={VIP}), schedules=AUTUMN),
        (VIP,),
        1,
        10,
        7_650,
    ),
    (
        "a member never pays more than everybody",
        variant(WHOLESALE, schedules=AUTUMN),
        (VIP,),
        1,
        10,
        8_500,
    ),
    (
        "unless the list says that it may be dearer",
        variant(price_list(entry(11_000), groups={VIP}, may_exceed=True), schedules=AUTUMN),
        (VIP,),
        1,
        10,
        11_000,
    ),
    (
        "a list's own schedule stands in for its price",
        variant(price_list(entry(9_000, schedules=(schedule(6_000, 10, 20),)), groups={VIP})),
        (VIP,),
        1,
        19,
        6_000,
    ),
    (
        "and for nothing after its end",
        variant(price_list(entry(9_000, schedules=(schedule(6_000, 10, 20),)), groups={VIP})),
        (VIP,),
        1,
        20,
        9_000,
    ),
]


@pytest.mark.parametrize(
    ("prices", "groups", "quantity", "day", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_price_of_one_piece(
    prices: VariantPrices, groups: tuple[str, ...], quantity: int, day: int, expected: int
) -> None:
    chosen = choose_price(prices, group_ids=groups, quantity=quantity, at=day)
    assert chosen.price_minor == expected


def test_the_source_names_the_list_and_its_quantity() -> None:
    source = choose_price(variant(WHOLESALE), group_ids=(VIP,), quantity=50, at=0).source
    assert (source.kind, source.list_name, source.from_quantity) == (
        SourceKind.PRICE_LIST,
        "Wholesale",
        10,
    )


def test_the_order_of_lists_does_not_matter() -> None:
    lists = [
        price_list(entry(price), groups={VIP}, id=str(number), priority=number % 2)
        for number, price in enumerate((9_100, 9_200, 9_300, 9_400), start=1)
    ]
    found = {
        choose_price(variant(*order), group_ids=(VIP,), quantity=1, at=0).price_minor
        for order in (lists, lists[::-1], lists[2:] + lists[:2])
    }
    assert found == {9_300}


def test_breaks_are_the_quantities_at_which_the_price_changes() -> None:
    same_again = price_list(
        entry(9_000), entry(9_000, start=5), entry(8_000, start=10), groups={VIP}
    )
    breaks = price_breaks(variant(same_again), group_ids=(VIP,), at=0)
    assert [(one.from_quantity, one.price_minor) for one in breaks] == [(1, 9_000), (10, 8_000)]


def test_without_lists_there_is_one_break() -> None:
    breaks = price_breaks(variant(), group_ids=(), at=0)
    assert [(one.from_quantity, one.price_minor) for one in breaks] == [(1, 10_000)]


def test_a_break_of_a_lower_list_holds_until_a_higher_one_begins() -> None:
    lists = (
        price_list(entry(7_000, start=20), groups={VIP}, id="1", priority=1),
        price_list(entry(9_000), entry(8_000, start=10), groups=None, id="2"),
    )
    breaks = price_breaks(variant(*lists), group_ids=(VIP,), at=0)
    assert [(one.from_quantity, one.price_minor) for one in breaks] == [
        (1, 9_000),
        (10, 8_000),
        (20, 7_000),
    ]


def test_a_price_to_compare_with_that_is_not_above_is_left_out() -> None:
    prices = VariantPrices(
        regular_minor=10_000, compare_at_minor=12_000, schedules=(schedule(12_000, 10, 20),)
    )
    assert everybodys_price(prices, 9).compare_at_minor == 12_000
    assert everybodys_price(prices, 10).compare_at_minor is None


def test_a_schedule_may_bring_its_own_price_to_compare_with() -> None:
    prices = VariantPrices(
        regular_minor=10_000,
        compare_at_minor=12_000,
        schedules=(schedule(8_000, 10, 20, compare_at_minor=10_000),),
    )
    assert everybodys_price(prices, 10).compare_at_minor == 10_000


def test_what_everybody_pays_turns_at_the_ends_of_open_windows_alone() -> None:
    prices = variant(
        price_list(
            entry(9_000, schedules=(schedule(6_000, 40, 50),)),
            groups=None,
            starts_at=30,
            ends_at=60,
        ),
        price_list(entry(9_000), groups={VIP}, starts_at=1, ends_at=99),
        schedules=AUTUMN,
    )
    assert turning_points(prices, 10) == [20, 30, 40, 50, 60]

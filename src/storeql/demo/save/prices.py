"""Sets the demo's price lists as staff would, and schedules what tea costs next week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from storeql.catalog.prices.lists.entries import MOST_AT_ONCE, set_entries
from storeql.catalog.prices.lists.records import EntryInput, PriceListInput
from storeql.catalog.prices.lists.save import create_list
from storeql.catalog.prices.schedules.records import ScheduleInput
from storeql.catalog.prices.schedules.save import create_schedules
from storeql.db import Connection
from storeql.decimals import shown
from storeql.demo.save.products import SavedProduct, SavedVariant
from storeql.demo.save.shop import SavedShop
from storeql.pricing.price_choice import less_percent

MEMBERS, WHOLESALE = "vip", "wholesale"
LISTED, SCHEDULED = "coffee", "tea"
OFF, DECIMALS, DAY = 2_000, 2, 86_400_000
BREAKS = {MEMBERS: {1: "10", 3: "15"}, WHOLESALE: {10: "25", 50: "32.5"}}
NAMES = {MEMBERS: "贵宾价 VIP prices", WHOLESALE: "批发价 Wholesale"}
PRIORITY = {MEMBERS: 0, WHOLESALE: 10}


def save_price_lists(
    connection: Connection,
    goods: Sequence[SavedProduct],
    *,
    shop: SavedShop,
    groups: Mapping[str, int],
    actor: str,
    now: int,
) -> None:
    """Adds a list for each group, with coffee at a percentage off from so many packets on.

    One tea is cheaper for three days from next week on.
    """
    listed = [variant for one in goods if one.category == LISTED for variant in one.variants]
    for slug in (MEMBERS, WHOLESALE):
        row = create_list(
            connection,
            PriceListInput(
                name=NAMES[slug],
                slug=slug,
                channel_ids=(shop.home,),
                group_ids=(groups[slug],),
                priority=PRIORITY[slug],
            ),
            known_groups=groups.values(),
            actor=actor,
            now=now,
        )
        entries = list(_entries(listed, BREAKS[slug]))
        for start in range(0, len(entries), MOST_AT_ONCE):
            part = entries[start : start + MOST_AT_ONCE]
            set_entries(connection, row, part, actor=actor, now=now)
    tea = next((one for one in goods if one.category == SCHEDULED and one.published_at), None)
    if tea is not None:
        _schedule(connection, tea, shop=shop, actor=actor, now=now)


def _schedule(
    connection: Connection, tea: SavedProduct, *, shop: SavedShop, actor: str, now: int
) -> None:
    wishes = [
        ScheduleInput(
            variant_id=variant.id,
            channel_id=shop.home,
            price=shown(less_percent(variant.price_minor, OFF), DECIMALS),
            starts_at=now + 7 * DAY,
            ends_at=now + 10 * DAY,
        )
        for variant in tea.variants
    ]
    create_schedules(connection, wishes, actor=actor, reason="新茶上市 New harvest", now=now)


def _entries(listed: Sequence[SavedVariant], breaks: Mapping[int, str]) -> Iterator[EntryInput]:
    for variant in listed:
        for quantity, percent in breaks.items():
            yield EntryInput(variant_id=variant.id, from_quantity=quantity, percent_off=percent)

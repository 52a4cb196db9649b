"""How an order goes on after it is paid: packed in hours, on its way for days, kept in the end."""

from __future__ import annotations

from random import Random

from msgspec import Struct

from storeql.demo.plan.order_times import DAY, HOUR

MINUTE = 60_000
NEWEST, OF_THEM_HELD, ALWAYS_WAITING = 6, (2, 4), 3
RECENT = 4 * DAY
LEFT_LYING, NOT_LONG_AGO = 0.04, 9 * DAY
CONFIRMS = 0.35
UNTIL_COMPLETED = 7 * DAY
DAYS_ON_THE_WAY = {"pickup": (0.1, 1.5), "express": (0.8, 2.2), "standard": (1.5, 4.5)}
ABROAD_TAKES_LONGER = 3
CARRIERS = ("顺丰速运", "中通快递", "京东快递")


class PlannedParcel(Struct, frozen=True, kw_only=True):
    """When what becomes of an order, instants in milliseconds; those after now never come.

    `is_held`: it waits for staff instead. `confirmed`: the buyer completes it, not the shop.
    """

    packed_at: int
    shipped_at: int
    delivered_at: int
    completed_at: int
    carrier: str
    is_held: bool
    confirmed: bool


def plan_parcel(
    random: Random, *, paid_at: int, delivery: str, abroad: bool, newer: int, now: int
) -> PlannedParcel:
    """The way of an order that goes ahead; `newer` orders were placed after it.

    The newest ones still wait, and a few older ones were left lying.
    """
    packed_at = paid_at + random.randrange(4 * HOUR, 52 * HOUR)
    shipped_at = packed_at + random.randrange(30 * MINUTE, 7 * HOUR)
    least, most = DAYS_ON_THE_WAY[delivery]
    days = random.uniform(least, most) * (ABROAD_TAKES_LONGER if abroad else 1)
    delivered_at = shipped_at + round(days * DAY)
    confirmed = random.random() < CONFIRMS
    waits = random.randrange(6 * HOUR, UNTIL_COMPLETED) if confirmed else UNTIL_COMPLETED + MINUTE
    is_new = newer < ALWAYS_WAITING or (newer < NEWEST and paid_at > now - RECENT)
    lies = is_new or (random.random() < LEFT_LYING and paid_at > now - NOT_LONG_AGO)
    carrier = "DHL" if abroad else random.choice(CARRIERS)
    return PlannedParcel(
        packed_at=now if lies else packed_at,
        shipped_at=now if lies else shipped_at,
        delivered_at=now if lies else delivered_at,
        completed_at=now if lies else delivered_at + waits,
        carrier="" if delivery == "pickup" else carrier,
        is_held=is_new and newer in OF_THEM_HELD,
        confirmed=confirmed,
    )

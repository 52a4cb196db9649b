"""Who ordered what, when, and how it went on; placing it is for the real engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import accumulate
from random import Random

from msgspec import Struct

from storeql.demo.plan.customers import PlannedCustomer
from storeql.demo.plan.order_times import DAY, HOUR, order_times
from storeql.demo.plan.parcels import PlannedParcel, plan_parcel
from storeql.demo.plan.shelf import Shelf

GUESTS = 0.12
LINES = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4)
QUANTITIES = (1, 1, 1, 1, 1, 1, 2, 2, 3)
DELIVERIES = ("standard", "standard", "standard", "standard", "express", "express", "pickup")
PAYMENTS = ("fake_card", "fake_card", "fake_card", "cash_on_delivery", "bank_transfer")
CANCELLED, CANCELLED_BY_STAFF = 0.07, 0.35
DECLINED = 0.35
RECENT = 10 * DAY
VOUCHER_USED = 0.18


class Outcome(Enum):
    """PAID by card or cash; TRANSFERRED later; still AWAITED; DECLINED; CANCELLED afterwards."""

    PAID = "PAID"
    TRANSFERRED = "TRANSFERRED"
    AWAITED = "AWAITED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"


class PlannedOrder(Struct, frozen=True, kw_only=True):
    """An order to place; `customer` is a place in the list of customers, also of a guest.

    `lines` are (variant id, quantity). `settled_at` is when the transfer came, or when the order
    was cancelled. `parcel` is how it goes on when it goes ahead.
    """

    token: str
    customer: int
    is_guest: bool
    is_abroad: bool
    placed_at: int
    lines: tuple[tuple[int, int], ...]
    delivery: str
    payment: str
    uses_voucher: bool
    outcome: Outcome
    settled_at: int
    by_staff: bool
    parcel: PlannedParcel


def plan_orders(
    people: Sequence[PlannedCustomer], shelf: Shelf, *, count: int, seed: int, now: int
) -> Iterator[PlannedOrder]:
    """Orders in the order they were placed; fewer when the shelf is nearly empty."""
    chances = list(accumulate(one.loyalty for one in people))
    times = order_times(count, seed=seed, now=now) if people else ()
    for place, placed_at in enumerate(times):
        random = Random(f"{seed} order {place}")
        customer = _customer(people, chances, random=random, at=placed_at)
        order = _order(
            people[customer],
            customer,
            shelf=shelf,
            random=random,
            at=placed_at,
            newer=count - place - 1,
            now=now,
        )
        if order.lines:
            yield order


def _customer(
    people: Sequence[PlannedCustomer], chances: Sequence[float], *, random: Random, at: int
) -> int:
    """Somebody who was a customer by then; loyal ones more often."""
    for _ in range(20):
        place = random.choices(range(len(people)), cum_weights=chances)[0]
        if people[place].created_at < at:
            return place
    return min(range(len(people)), key=lambda place: people[place].created_at)


def _order(
    who: PlannedCustomer,
    place: int,
    *,
    shelf: Shelf,
    random: Random,
    at: int,
    newer: int,
    now: int,
) -> PlannedOrder:
    abroad = who.is_abroad
    payment = "fake_card" if abroad else random.choice(PAYMENTS)
    longest = 7 * DAY if payment == "bank_transfer" else 2 * DAY
    later = at + random.randrange(2 * HOUR, longest)
    delivery = random.choice(DELIVERIES[:6] if abroad else DELIVERIES)
    return PlannedOrder(
        token=f"demo-{random.randbytes(18).hex()}",
        customer=place,
        is_guest=who.created_at >= at or random.random() < GUESTS,
        is_abroad=abroad,
        placed_at=at,
        lines=_lines(shelf, random, at=at, abroad=abroad),
        delivery=delivery,
        payment=payment,
        uses_voucher=not abroad and random.random() < VOUCHER_USED,
        outcome=_outcome(random, payment, at=at, later=later, now=now),
        settled_at=later,
        by_staff=random.random() < CANCELLED_BY_STAFF,
        parcel=plan_parcel(
            random,
            paid_at=later if payment == "bank_transfer" else at,
            delivery=delivery,
            abroad=abroad,
            newer=newer,
            now=now,
        ),
    )


def _lines(shelf: Shelf, random: Random, *, at: int, abroad: bool) -> tuple[tuple[int, int], ...]:
    """A few different products, the popular ones more often."""
    lines: list[tuple[int, int]] = []
    products: set[int] = set()
    for _ in range(random.choice(LINES)):
        quantity = random.choice(QUANTITIES)
        offer = shelf.take(random, quantity, at=at, abroad=abroad, without=products)
        if offer is not None:
            products.add(offer.product_id)
            lines.append((offer.variant_id, quantity))
    return tuple(lines)


def _outcome(random: Random, payment: str, *, at: int, later: int, now: int) -> Outcome:
    """Money that has not come yet is awaited only for recent orders."""
    if later < now and random.random() < CANCELLED:
        return Outcome.CANCELLED
    if payment == "bank_transfer":
        return Outcome.TRANSFERRED if later < now else Outcome.AWAITED
    is_recent = at > now - RECENT
    if payment == "fake_card" and is_recent and random.random() < DECLINED:
        return Outcome.DECLINED
    return Outcome.PAID

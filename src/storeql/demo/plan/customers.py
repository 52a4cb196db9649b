"""One customer of the demo shop, with believable names, numbers that reach nobody, and a home."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from storeql.customers.address import Address
from storeql.demo.content import Content, Foreigner, People

DAY = 86_400_000
OLDEST_DAYS = 480
MAIL = ("example.com", "example.net", "example.org")
# Block 0000 behind an operator's prefix is not given to subscribers.
PREFIXES = ("130", "131", "133", "135", "138", "139", "150", "152", "158", "180", "186", "189")
GOLD, SILVER = 0.08, 0.28
SECOND_ADDRESS = 0.25
MOST_LOYAL = 7.0
FOREIGN_EVERY, FOREIGN_AT = 10, 7


class PlannedCustomer(Struct, frozen=True, kw_only=True):
    """A customer to create; the first address is the default one, `loyalty` how often they buy."""

    email: str
    name: str
    phone: str
    tier: str | None
    groups: tuple[str, ...]
    addresses: tuple[Address, ...]
    is_abroad: bool
    loyalty: float
    created_at: int


def plan_customers(
    content: Content, count: int, *, shopper_email: str, seed: int, now: int
) -> Iterator[PlannedCustomer]:
    """The first `count` customers; number 0 is the shopper with the known address."""
    for place in range(count):
        random = Random(f"{seed} customer {place}")
        foreigner = _foreigner(content.people, place)
        created_at = now - round(OLDEST_DAYS * DAY * random.random() ** 1.3) - DAY
        loyalty = min(random.paretovariate(1.1), MOST_LOYAL)
        if foreigner is not None:
            yield _abroad(foreigner, created_at=created_at, loyalty=loyalty)
            continue
        local = _local(content.people, place, random=random, created_at=created_at, loyalty=loyalty)
        yield local if place else replace(local, email=shopper_email, tier="silver")


def _foreigner(people: People, place: int) -> Foreigner | None:
    turn, rest = divmod(place, FOREIGN_EVERY)
    if rest != FOREIGN_AT or turn >= len(people.foreigners):
        return None
    return people.foreigners[turn]


def _local(
    people: People, place: int, *, random: Random, created_at: int, loyalty: float
) -> PlannedCustomer:
    surname, given = random.choice(people.surnames), random.choice(people.given)
    name = surname.zh + given.zh
    phone = f"+86{random.choice(PREFIXES)}0000{place % 10_000:04d}"
    email = f"{given.en}.{surname.en}{place + 11}@{random.choice(MAIL)}"
    addresses = [_address(people, random, name=name, phone=phone)]
    if random.random() < SECOND_ADDRESS:
        addresses.append(_address(people, random, name=name, phone=phone))
    return PlannedCustomer(
        email=email,
        name=name,
        phone=phone,
        tier=_tier(random),
        groups=_groups(people, place),
        addresses=tuple(addresses),
        is_abroad=False,
        loyalty=loyalty,
        created_at=created_at,
    )


def _abroad(foreigner: Foreigner, *, created_at: int, loyalty: float) -> PlannedCustomer:
    address = Address(
        name=foreigner.name,
        phone=foreigner.phone,
        country=foreigner.country,
        region=foreigner.region,
        city=foreigner.city,
        street=foreigner.street,
        postal_code=foreigner.postal_code,
    )
    return PlannedCustomer(
        email=f"{foreigner.name.lower().replace(' ', '.')}@example.org",
        name=foreigner.name,
        phone=foreigner.phone,
        tier=None,
        groups=(),
        addresses=(address,),
        is_abroad=True,
        loyalty=loyalty,
        created_at=created_at,
    )


def _address(people: People, random: Random, *, name: str, phone: str) -> Address:
    place = random.choices(people.places, [place.weight for place in people.places])[0]
    house, block, room = random.randint(1, 480), random.randint(1, 24), random.randint(1, 30)
    return Address(
        name=name,
        phone=phone,
        country="CN",
        region=place.region,
        city=place.city,
        district=random.choice(place.districts),
        street=f"{random.choice(people.streets)}{house}号{block}幢{room}0{random.randint(1, 4)}室",
        postal_code=place.postal_code,
    )


def _tier(random: Random) -> str | None:
    drawn = random.random()
    if drawn < GOLD:
        return "gold"
    return "silver" if drawn < SILVER else None


def _groups(people: People, place: int) -> tuple[str, ...]:
    """Every n-th customer; the shopper is in the first group."""
    return tuple(
        group.slug for shift, group in enumerate(people.groups) if place % group.one_in == shift * 5
    )

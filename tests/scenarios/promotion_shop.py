"""The small shop of tests.carts.shop with a member of marketing at its door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop


@contextmanager
def open_promotion_shop(
    database_url: str, media_dir: str
) -> Iterator[tuple[Door, Database, Marketing]]:
    """The door, the database behind it, and marketing."""
    with open_small_shop(database_url, media_dir) as (door, database):
        hired(database, MARKETING, "marketing")
        yield door, database, Marketing(door)


def total(shopper: Shopper) -> str:
    """What the shopper's cart costs now."""
    amount: str = shopper.cart()["price"]["total"]["amount"]
    return amount

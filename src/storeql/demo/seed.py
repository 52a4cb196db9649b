"""Makes the demo shop: draws its pictures, then writes all of it in one transaction.

Because nothing is committed before the end, a seeding that was interrupted has left nothing
behind but pictures, which the next one draws over with the same ones.
"""

from __future__ import annotations

from pathlib import Path

from storeql.customers.passwords import PASSWORDS
from storeql.db import Connection, Database
from storeql.demo.accounts import PASSWORD
from storeql.demo.build import Builder, Plan, Progress
from storeql.demo.content import Content, load_content
from storeql.demo.drawing import draw_pictures
from storeql.demo.drawing.album import Keep
from storeql.demo.plan.pictures import pictures_of
from storeql.demo.plan.products import plan_products
from storeql.demo.summary import DemoShop, demo_shop, has_products, is_seeded
from storeql.demo.transfer import can_transfer, transfer
from storeql.errors import StoreError
from storeql.media.names import WEBP
from storeql.media.storage import Storage

SEED = 20260101


class AlreadySeeded(StoreError):
    """There are products in the database: a demo shop would be mixed up with them."""

    code = "ALREADY_SEEDED"


def seed_demo(
    database: Database,
    *,
    media_dir: Path,
    products: int = 200,
    customers: int = 60,
    orders: int = 300,
    seed: int = SEED,
    now: int,
    variants: int | None = None,
    images: bool = True,
    bucket: Storage | None = None,
    progress: Progress | None = None,
) -> DemoShop:
    """Makes the shop as it stands at `now` (milliseconds) in a migrated database.

    The same arguments make the same rows, password hashes apart. Pictures go below `media_dir`, or
    into the `bucket`. `progress` is told a label, how much is done, and of how much. Raises
    AlreadySeeded when there is a shop in it.
    """
    if is_seeded(database):
        raise _taken()
    plan = Plan(
        products=products,
        customers=customers,
        orders=orders,
        variants=variants,
        pictures=images,
        seed=seed,
        now=now,
    )
    content, tell = load_content(), progress or _silent
    if images:
        _draw(content, plan, keep=_keeper(media_dir, bucket), tell=tell)
    password_hash = PASSWORDS.hash(PASSWORD)

    def build(connection: Connection) -> None:
        Builder(connection, content, plan=plan, tell=tell).build(password_hash)

    def write(connection: Connection) -> None:
        if has_products(connection):
            raise _taken()
        if can_transfer(connection):
            transfer(connection, build)
        else:
            build(connection)

    database.write(write)
    return demo_shop(database)


def _keeper(media_dir: Path, bucket: Storage | None) -> Keep:
    """How a picture is kept: drawn again when it is lost, so that nobody waits for the disk."""

    def write(name: str, content: bytes) -> None:
        path = media_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return write if bucket is None else lambda name, content: bucket.put(name, content, WEBP)


def _draw(content: Content, plan: Plan, *, keep: Keep, tell: Progress) -> None:
    planned = plan_products(
        content, plan.products, seed=plan.seed, now=plan.now, variants=plan.variants
    )
    pictures = [picture for product in planned for picture in pictures_of(product)]
    draw_pictures(pictures, keep, tell=lambda done, total: tell("pictures", done, total))


def _taken() -> AlreadySeeded:
    return AlreadySeeded("There is a shop in this database already.")


def _silent(label: str, done: int, total: int) -> None:
    """Progress that nobody watches."""

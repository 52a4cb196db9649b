"""What `storeql demo` does: makes the shop once, keeps it ever after, says how to get in."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from storeql.db import Database
from storeql.db.revisions import OWN_HISTORY, current_revision, newest_revision
from storeql.demo.summary import DemoShop, demo_shop, is_seeded
from storeql.errors import SettingsError
from storeql.hooks import load_hooks
from storeql.media.storage import Storage, storage_of
from storeql.settings import Settings
from storeql.shop import system_clock

PRODUCTS_PER_ORDER = 200 / 300
PRODUCTS_PER_CUSTOMER = 200 / 60


def prepare_demo(settings: Settings, *, products: int, seed: int, console: Console) -> DemoShop:
    """The demo shop in the settings' database, seeded with a progress bar unless it is there.

    Raises SettingsError outside development: everybody knows the demo's passwords.
    """
    if not settings.development:
        raise SettingsError("The demo shop has passwords that everybody knows: development only.")
    _bring_up_to_date(settings)
    database = Database(settings.database_url, deadline_seconds=settings.deadline_seconds)
    try:
        if is_seeded(database):
            return demo_shop(database)
        return _seed(database, settings, products=products, seed=seed, console=console)
    finally:
        database.close()


def _bring_up_to_date(settings: Settings) -> None:
    """Migrates unless there is nothing to do: loading Alembic takes a while."""
    hooks = load_hooks(enabled=settings.plugins_enabled, disabled=settings.plugins_disabled)
    histories = (OWN_HISTORY, *hooks.histories)
    database = Database(settings.database_url, pool_size=1)
    try:
        is_newest = all(
            current_revision(database, history) == newest_revision(history) for history in histories
        )
    finally:
        database.close()
    if not is_newest:
        from storeql.db.migrate import migrate

        migrate(settings.database_url, *hooks.histories)


def welcome(settings: Settings, shop: DemoShop, console: Console) -> None:
    """Prints where the shop is and how staff and a shopper sign in."""
    address = f"http://{settings.host}:{settings.port}"
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("GraphiQL", f"{address}/graphiql")
    table.add_row("API", f"{address}/graphql")
    for account in shop.staff:
        table.add_row(f"Staff ({account.role})", f"{account.email}   {account.password}")
    table.add_row("Shopper", f"{shop.shopper.email}   {shop.shopper.password}")
    table.add_row("Voucher", shop.voucher_code)
    console.print(
        f"\nA shop with {shop.products} products, {shop.customers} customers "
        f"and {shop.orders} orders.",
        highlight=False,
    )
    console.print(table, highlight=False)
    console.print()


def _seed(
    database: Database, settings: Settings, *, products: int, seed: int, console: Console
) -> DemoShop:
    # Imported here: a second start needs neither the drawing nor the engine.
    from storeql.demo.seed import seed_demo

    with _bar(console) as bar:
        return seed_demo(
            database,
            media_dir=Path(settings.media_dir),
            bucket=_bucket(settings),
            products=products,
            customers=max(round(products / PRODUCTS_PER_CUSTOMER), 1),
            orders=round(products / PRODUCTS_PER_ORDER),
            seed=seed,
            now=system_clock(),
            progress=_Steps(bar).tell,
        )


def _bucket(settings: Settings) -> Storage | None:
    """Where pictures go when they do not go below the folder."""
    if not settings.media_store:
        return None
    return storage_of(settings.media_dir, settings.media_store)


class _Steps:
    """One line of the progress bar for each label that seeding tells."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def tell(self, label: str, done: int, total: int) -> None:
        """Moves the label's line to where it is."""
        if label not in self._tasks:
            self._tasks[label] = self._bar.add_task(label.capitalize(), total=total)
        self._bar.update(self._tasks[label], completed=done, total=total)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), console=console
    )

"""A whole shop in one process, for trying a plugin through GraphQL as a front end would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from storeql.app import create_app
from storeql.carts.save_delivery_method import NewDeliveryMethod, create_delivery_method
from storeql.db import Database
from storeql.db.migrate import migrate
from storeql.db.revisions import History
from storeql.hooks import load_hooks
from storeql.schema.ids import opaque_id
from storeql.settings import Settings
from storeql.testing.builders import NOON
from storeql.testing.goods import Ground, lay_ground, put_on_sale, staff_token

SECRET = "a secret for tests, long enough for any shop"


class SaleItem(NamedTuple):
    """What `sell` puts on sale; both are GraphQL ids."""

    product_id: str
    variant_id: str


class RunningShop:
    """A shop with one channel, `web`, where only what `sell` adds is on sale.

    `at` is the shop's instant: set it to move the shop's clock. `staff_token` may do everything
    that staff may.
    """

    def __init__(self, database: Database, *, currency: str, at: datetime) -> None:
        self.at = at
        self._database = database
        self._client: httpx2.AsyncClient | None = None
        self._portal: BlockingPortal | None = None
        self._ground: Ground = database.write(lambda c: lay_ground(c, currency=currency))
        self.staff_token: str = database.write(
            lambda c: staff_token(c, secret=SECRET, now=self.now())
        )

    def now(self) -> int:
        """The shop's instant in milliseconds since 1970 UTC."""
        return int(self.at.timestamp() * 1000)

    def sell(self, name: str, *, price_minor: int, on_hand: int = 100) -> SaleItem:
        """Puts a product with one variant on sale, so many pieces on hand."""
        goods = self._database.write(
            lambda connection: put_on_sale(
                connection,
                self._ground,
                name=name,
                price_minor=price_minor,
                on_hand=on_hand,
                now=self.now(),
            )
        )
        return SaleItem(
            opaque_id("Product", goods.product_id), opaque_id("ProductVariant", goods.variant_id)
        )

    def deliver(self, name: str, *, price_minor: int) -> str:
        """Offers a way of delivery; returns its GraphQL id."""
        channel_id = self._ground.channel_id
        offered = NewDeliveryMethod(channel_id=channel_id, name=name, price_minor=price_minor)
        row_id = self._database.write(
            lambda connection: create_delivery_method(connection, offered)
        )
        return str(opaque_id("DeliveryMethod", row_id))

    def promote(self, name: str, rule: Mapping[str, Any], **fields: Any) -> str:
        """Sets up a promotion and switches it on; returns its GraphQL id.

        `rule` is a PromotionRuleInput, such as {"happyHour": {"percentOff": "20"}}; `fields` are
        the others of PromotionCreateInput.
        """
        wanted = {"name": name, "rule": rule, **fields}
        promotion_id = self._promotion("promotionCreate", "PromotionCreateInput", wanted)
        return self._promotion("promotionActivate", "PromotionStepInput", {"id": promotion_id})

    def graphql(
        self, query: str, variables: Mapping[str, Any] | None = None, *, token: str = ""
    ) -> dict[str, Any]:
        """The `data` of the answer; raises AssertionError when it has errors."""
        answered = self.answer(query, variables, token=token)
        if "errors" in answered:
            raise AssertionError(f"the shop answered with errors: {answered['errors']}")
        data: dict[str, Any] = answered["data"]
        return data

    def answer(
        self, query: str, variables: Mapping[str, Any] | None = None, *, token: str = ""
    ) -> dict[str, Any]:
        """The whole answer: data, errors, extensions."""
        assert self._portal is not None
        return self._portal.call(self._post, {"query": query, "variables": variables}, token)

    def _promotion(self, mutation: str, input_type: str, values: Mapping[str, Any]) -> str:
        asked = (
            f"mutation ($input: {input_type}!) {{ done: {mutation}(input: $input) "
            "{ promotion { id } userErrors { code field message } } }"
        )
        done = self.graphql(asked, {"input": values}, token=self.staff_token)["done"]
        if done["userErrors"]:
            raise AssertionError(f"{mutation} was refused: {done['userErrors']}")
        promotion_id: str = done["promotion"]["id"]
        return promotion_id

    async def _post(self, body: Mapping[str, Any], token: str) -> dict[str, Any]:
        assert self._client is not None
        headers = {"authorization": f"Bearer {token}"} if token else {}
        response = await self._client.post("/graphql", json=body, headers=headers)
        answered: dict[str, Any] = response.json()
        return answered

    @contextmanager
    def _serving(self, settings: Settings, plugins: Iterable[object]) -> Iterator[RunningShop]:
        app = create_app(settings, plugins=plugins, clock=self.now)
        transport = httpx2.ASGITransport(app)
        with (
            start_blocking_portal() as self._portal,
            self._portal.wrap_async_context_manager(app.router.lifespan_context(app)),
            self._portal.wrap_async_context_manager(
                httpx2.AsyncClient(transport=transport, base_url="http://shop.test")
            ) as self._client,
        ):
            yield self


@cache
def _empty_database(histories: tuple[History, ...]) -> bytes:
    """A SQLite file with the newest schema: migrating takes longer than many a test."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shop.sqlite"
        migrate(f"sqlite:///{file}", *histories)
        return file.read_bytes()


def _histories(plugins: Sequence[object], settings: Mapping[str, Any]) -> tuple[History, ...]:
    return load_hooks(
        enabled=settings.get("plugins_enabled", ()),
        disabled=settings.get("plugins_disabled", ()),
        extra_plugins=plugins,
    ).histories


@contextmanager
def a_shop(
    folder: Path,
    *,
    plugins: Iterable[object] = (),
    at: datetime = NOON,
    currency: str = "CNY",
    **settings: Any,
) -> Iterator[RunningShop]:
    """A shop on a new SQLite file in `folder`, behind its real ASGI application.

    `plugins` take part beside the installed ones; `settings` are fields of
    `storeql.settings.Settings`.
    """
    url = f"sqlite:///{folder / 'shop.sqlite'}"
    plugins = tuple(plugins)
    empty = _empty_database(_histories(plugins, settings))
    (folder / "shop.sqlite").write_bytes(empty)
    chosen = Settings(database_url=url, media_dir=str(folder / "media"), secret=SECRET, **settings)
    database = Database(url)
    try:
        shop = RunningShop(database, currency=currency, at=at)
        with shop._serving(chosen, plugins):
            yield shop
    finally:
        database.close()

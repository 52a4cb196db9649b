"""A shop to prove things on: set up by storeql's own writes, served by two processes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from soak.caller import Caller
from soak.engines import migrated_database
from soak.servers import Servers
from storeql.carts.tables import delivery_methods
from storeql.db import Database, statement
from storeql.schema.ids import opaque_id, row_of
from storeql.testing.goods import Ground, lay_ground, put_on_sale, staff_token

SECRET = "a secret of the soak, long enough for any shop"
DELIVERY_MINOR = 1_000
DELIVERY = {"slug": "standard", "name": "Standard", "price_minor": DELIVERY_MINOR}
_DELIVERY = statement(
    insert(delivery_methods).returning(delivery_methods.c.id),
    "channel_id",
    "slug",
    "name",
    "price_minor",
)


@dataclass(frozen=True)
class Goods:
    """A product with one variant on sale; both are GraphQL ids."""

    product: str
    variant: str

    @property
    def variant_row(self) -> int:
        """The variant's row number."""
        return row_of("ProductVariant", self.variant)


@dataclass(frozen=True)
class Shop:
    """A running shop with one channel, one warehouse, and one way of delivery at 10.00."""

    engine: str
    database: Database
    servers: Servers
    ground: Ground
    delivery: str
    token: str

    def caller(self, token: str = "") -> Caller:
        """A client of its own; a guest without a token."""
        return Caller(self.servers.port, token)

    def sell(self, name: str, *, price_minor: int, on_hand: int) -> Goods:
        """Puts a product on sale, so many pieces on hand."""
        made = self.database.write(
            lambda connection: put_on_sale(
                connection,
                self.ground,
                name=name,
                price_minor=price_minor,
                on_hand=on_hand,
                now=now_ms(),
            )
        )
        return Goods(
            opaque_id("Product", made.product_id), opaque_id("ProductVariant", made.variant_id)
        )

    async def promote(self, name: str, rule: Mapping[str, Any], goods: Goods, **fields: Any) -> str:
        """Sets up a promotion of these goods and switches it on; its GraphQL id."""
        wanted = {
            "name": name,
            "rule": rule,
            "currency": "CNY",
            "scope": {"include": {"productIds": [goods.product]}},
            **fields,
        }
        created = await self.staff_write("promotionCreate", "PromotionCreateInput", wanted)
        promotion: str = created["promotion"]["id"]
        await self.staff_write("promotionActivate", "PromotionStepInput", {"id": promotion})
        return promotion

    async def add_code(self, promotion: str, code: str, *, usage_limit: int) -> None:
        """A voucher code that holds for so many orders."""
        wanted = {"promotionId": promotion, "codes": [{"code": code, "usageLimit": usage_limit}]}
        await self.staff_write(
            "voucherCodesCreate", "VoucherCodesCreateInput", wanted, "voucherCodes { code }"
        )

    async def staff_write(
        self,
        mutation: str,
        input_type: str,
        values: Mapping[str, Any],
        selected: str = "promotion { id }",
    ) -> Any:
        """The payload of a mutation by staff; raises AssertionError when it is refused."""
        query = (
            f"mutation ($input: {input_type}!) {{ {mutation}(input: $input) "
            f"{{ {selected} userErrors {{ code field message }} }} }}"
        )
        payload = await self.staff_ask(query, input=values)
        if payload["userErrors"]:
            raise AssertionError(f"{mutation} was refused: {payload['userErrors']}")
        return payload

    async def staff_ask(self, query: str, **variables: Any) -> Any:
        """The value of the one root field, asked by staff."""
        caller = self.caller(self.token)
        try:
            return await caller.ask(query, **variables)
        finally:
            await caller.close()


@asynccontextmanager
async def running_shop(engine: str, folder: Path, log: Path) -> AsyncIterator[Shop]:
    """A new shop of this engine, served until the context ends."""
    with migrated_database(engine, folder) as url:
        database = Database(url, pool_size=2)
        servers = Servers(_environment(url, folder), log)
        try:
            ground, delivery, token = database.write(_set_up)
            await servers.start()
            yield Shop(engine, database, servers, ground, delivery, token)
        finally:
            servers.end()
            database.close()


def now_ms() -> int:
    """This instant in milliseconds since 1970 UTC."""
    return int(time.time() * 1000)


def _set_up(connection: Any) -> tuple[Ground, str, str]:
    ground = lay_ground(connection, currency="CNY")
    delivery = connection.scalar(_DELIVERY, channel_id=ground.channel_id, **DELIVERY)
    token = staff_token(connection, secret=SECRET, now=now_ms())
    return ground, opaque_id("DeliveryMethod", delivery), token


def _environment(url: str, folder: Path) -> dict[str, str]:
    """Development's settings, for its test card; attempts for a crowd at one address."""
    return {
        "STOREQL_ENVIRONMENT": "development",
        "STOREQL_DATABASE_URL": url,
        "STOREQL_SECRET": SECRET,
        "STOREQL_HOST": "127.0.0.1",
        "STOREQL_MEDIA_DIR": str(folder / "media"),
        "STOREQL_COUPON_ATTEMPTS": "10000",
        "STOREQL_SIGN_IN_ATTEMPTS": "1000",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode"),
    }

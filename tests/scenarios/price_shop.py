"""The small shop of tests.carts.shop with a merchant who sets its prices over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import NOW
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop, variant

WEB, APP = (str(opaque_id("Channel", key)) for key in (1, 2))
HOUR, DAY = 3_600_000, 86_400_000
ERRORS = """userErrors {
  __typename code field index message ... on StaleVersion { current }
}"""
HISTORY = """
query ($filter: PriceHistoryFilterInput, $planned: Boolean! = false, $first: Int = 50) {
  priceHistory(filter: $filter, includePlanned: $planned, first: $first) {
    nodes {
      at before { amount } price { amount } compareAtPrice { amount } regularPrice { amount }
      lowestPriceBefore { amount } floor { amount } percentOff fromQuantity priceListName
      cause reference actor reason isPlanned channelId priceListId
    }
    totalCount
  }
}"""
GOODS = """
query ($id: ID!, $channel: String) {
  productVariant(id: $id, channel: $channel, includeUnpublished: false) {
    price { amount } compareAtPrice { amount } lowestPriceLast30Days { amount }
    priceBreaks { fromQuantity price { amount } }
    product { price { amount } }
  }
}"""
LISTED = """
query ($sort: ProductSortInput, $filter: ProductFilterInput) {
  products(sort: $sort, filter: $filter) { nodes { name price { amount } } totalCount }
}"""


def instant(at: int) -> str:
    """Milliseconds as the API writes them."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z")


def amount(money: dict[str, str] | None) -> str | None:
    """The amount of a Money."""
    return None if money is None else money["amount"]


class Merchant:
    """Staff with a role, at the door of the shop."""

    def __init__(self, door: Door, email: str = "owner@example.cn") -> None:
        self.door = door
        self.token = door.staff(email)

    def send(self, mutation: str, answer: str = "", /, **given: Any) -> dict[str, Any]:
        """The payload of a mutation."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"""mutation ($input: {kind}!) {{
          {mutation}(input: $input) {{ {answer} {ERRORS} }} }}"""
        payload: dict[str, Any] = self.door.ask(query, self.token, input=given)
        return payload

    def make(self, mutation: str, answer: str = "", /, **given: Any) -> Any:
        """What a mutation answers first; fails when there are user errors."""
        payload = self.send(mutation, answer, **given)
        assert payload.pop("userErrors") == []
        return next(iter(payload.values()), None)

    def codes(self, mutation: str, /, **given: Any) -> dict[str, str]:
        """Code by field of a mutation that was refused."""
        errors = self.send(mutation, **given)["userErrors"]
        assert errors
        return {".".join(error["field"] or ()): error["code"] for error in errors}

    def ask(self, query: str, /, **variables: Any) -> Any:
        """The value of the one root field."""
        return self.door.ask(query, self.token, **variables)

    def price(self, key: int, price: str, /, channel: str = WEB, **more: Any) -> None:
        """Sets one price of a channel."""
        reason = more.pop("reason", "")
        one = {"variantId": variant(key), "channelId": channel, "price": price, **more}
        self.make("variantPricesSet", prices=[one], reason=reason)

    def group(self, slug: str, *customer_ids: int) -> str:
        """The id of a new customer group with these members."""
        made = self.make("customerGroupCreate", "customerGroup { id }", slug=slug, name=slug)
        add = [str(opaque_id("Customer", row)) for row in customer_ids]
        self.make("customerGroupMembersUpdate", id=made["id"], add=add)
        return str(made["id"])

    def price_list(self, name: str, /, *groups: str, **more: Any) -> str:
        """The id of a new list on the web, for everybody without groups."""
        given = {
            "name": name,
            "channelIds": [WEB],
            "customerGroupIds": list(groups),
            "isForEverybody": not groups,
            **more,
        }
        return str(self.make("priceListCreate", "priceList { id }", **given)["id"])

    def entries(self, price_list: str, /, *entries: dict[str, Any], reason: str = "") -> Any:
        """Sets prices of a list."""
        return self.make(
            "priceListEntriesSet",
            "entries { id fromQuantity price { amount } percentOff }",
            priceListId=price_list,
            entries=list(entries),
            reason=reason,
        )

    def history(self, key: int, /, planned: bool = False, **more: Any) -> list[dict[str, Any]]:
        """The price history of a variant on the web, the latest first."""
        given = {"variantIds": [variant(key)], "channelId": WEB, **more}
        nodes: list[dict[str, Any]] = self.ask(HISTORY, filter=given, planned=planned)["nodes"]
        return nodes


def entry(key: int, price: str = "", *, start: int = 1, off: str = "") -> dict[str, Any]:
    """A price of a list, from so many pieces on."""
    value = {"percentOff": off} if off else {"price": price}
    return {"variantId": variant(key), "fromQuantity": start, "value": value}


class Prices:
    """A small shop with its merchant, a guest, and a customer who is not in any group yet."""

    def __init__(self, door: Door, database: Database) -> None:
        self.door, self.database = door, database
        hired(database, "owner@example.cn", "owner")
        self.merchant = Merchant(door)
        self.customer = door.customer("vip@example.cn")
        me = door.ask("{ me { id } }", self.customer)["id"]
        self.customer_id = next(row for row in range(1, 99) if opaque_id("Customer", row) == me)

    def later(self, milliseconds: int) -> None:
        """Turns the clock on."""
        self.door.clock.now += milliseconds

    def shown(self, key: int, session: str = "", channel: str | None = None) -> dict[str, Any]:
        """A variant as somebody sees it, amounts alone."""
        found = self.door.ask(GOODS, session, id=variant(key), channel=channel)
        return {
            "price": amount(found["price"]),
            "compareAt": amount(found["compareAtPrice"]),
            "lowest": amount(found["lowestPriceLast30Days"]),
            "breaks": [(one["fromQuantity"], amount(one["price"])) for one in found["priceBreaks"]],
            "product": amount(found["product"]["price"]),
        }

    def listed(self, session: str = "", **variables: Any) -> list[tuple[str, str]]:
        """Names and prices of a listing."""
        nodes = self.door.ask(LISTED, session, **variables)["nodes"]
        return [(node["name"], node["price"]["amount"]) for node in nodes]

    def shopper(self, session: str = "", **lines: int) -> Shopper:
        """Somebody with a cart that could be ordered; `lines` are pieces by `v1`, `v2` …"""
        shopper = Shopper(self.door, session)
        shopper.ready()
        wanted = {int(name[1:]): pieces for name, pieces in lines.items()}
        if wanted:
            cart = shopper.cart()
            out = [{"lineId": line["id"], "quantity": 0} for line in cart["lines"]]
            shopper.change(
                "cartLinesUpdate", "CartLinesUpdateInput", token=shopper.token, lines=out
            )
            added = [{"variantId": variant(key), "quantity": n} for key, n in wanted.items()]
            shopper.change("cartLinesAdd", "CartLinesAddInput", token=shopper.token, lines=added)
        return shopper


@contextmanager
def open_price_shop(database_url: str, media_dir: str, **settings: Any) -> Iterator[Prices]:
    """The shop behind HTTP at its instant."""
    with open_small_shop(database_url, media_dir, **settings) as (door, database):
        yield Prices(door, database)


__all__ = ["APP", "DAY", "HOUR", "NOW", "WEB", "Merchant", "Prices", "open_price_shop"]

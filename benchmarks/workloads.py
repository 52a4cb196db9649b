"""What is measured: each workload as a GraphQL request and as the hand-written one."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

import orjson

from benchmarks.client import Connection, Request, graphql
from benchmarks.seed import Seeded

CART_LINES = 50

LISTING = """
query Listing($after: String) { products(first: 50, after: $after) {
  nodes { id name slug description categories { id name slug }
    variants { id sku price { amount currency } availableStock } }
  pageInfo { hasNextPage endCursor } } }
"""
PRODUCT = """
query Product($slug: String!) { product(slug: $slug) {
  id name slug description options { name values } price { amount currency } isAvailable
  productType { name } attributes { slug name value } images { url alt } tags { slug name }
  categories { id slug name }
  variants { id sku price { amount currency } availableStock } } }
"""
SEARCH = """
query Search($text: String!) {
  products(first: 24, filter: { search: $text }, sort: { by: PRICE }) {
    nodes { id name slug price { amount currency } } }
  productFacets(filter: { search: $text }) { total
    categories { key label count } tags { key label count }
    attributes { key values { key count } } } }
"""
ORDERS = """
query Orders { orders(first: 50) { nodes { id number state placedAt total { amount currency }
  customer { id name email } lines { sku productName quantity netPrice { amount currency } } } } }
"""
SHOWN = """
  cart { lines { id sku productName quantity }
    price { lines { lineId listPrice { amount } netPrice { amount }
        discounts { promotionName amount { amount } } }
      gifts { sku } discountTotal { amount } total { amount currency } } }
  userErrors { code message }
"""
ADD = f"mutation Add($input: CartLinesAddInput!) {{ cartLinesAdd(input: $input) {{ {SHOWN} }} }}"
CHANGE = f"""
mutation Change($input: CartLinesUpdateInput!) {{ cartLinesUpdate(input: $input) {{ {SHOWN} }} }}
"""
CREATE = """
mutation Create($input: CartCreateInput!) { cartCreate(input: $input) {
  cart { token price { total { amount currency } } } userErrors { code message } } }
"""
PLACE = """
mutation Place($input: OrderPlaceInput!) { orderPlace(input: $input) {
  order { number state total { amount currency } } userErrors { code message } } }
"""

Story = Callable[[Connection, int], Awaitable[int]]


@dataclass(frozen=True)
class Workload:
    """One workload: how storeql and the floor are asked, the n-th time."""

    key: str
    title: str
    storeql: Callable[[int], Request]
    floor: Callable[[int], Request]


def workloads(shop: Seeded) -> list[Workload]:
    """All workloads that are one request each, A to E and G."""
    slugs, texts = itertools.cycle(shop.slugs), itertools.cycle(shop.searches)
    other_slugs, other_texts = itertools.cycle(shop.slugs), itertools.cycle(shop.searches)
    return [
        Workload(
            "A",
            "50 products, 3 variants each",
            lambda n: graphql(LISTING),
            lambda n: Request("/products"),
        ),
        Workload(
            "A deep",
            "the same, a page from the middle",
            lambda n: graphql(LISTING, after=shop.middle_cursor),
            lambda n: Request(f"/products?key={quote(shop.middle_key)}&row={shop.middle_row}"),
        ),
        Workload(
            "B",
            "one product with everything",
            lambda n: graphql(PRODUCT, slug=next(slugs)),
            lambda n: Request(f"/products/{next(other_slugs)}"),
        ),
        Workload(
            "C",
            "text search with facets",
            lambda n: graphql(SEARCH, text=next(texts)),
            lambda n: Request(f"/search?text={quote(next(other_texts))}"),
        ),
        Workload(
            "D",
            "add to a cart",
            lambda n: graphql(ADD, input=_adding(shop, n)),
            lambda n: _post(f"/carts/{shop.small(n)}/add", variant=shop.variant(n), quantity=1),
        ),
        Workload(
            "E",
            f"change a quantity, {CART_LINES} lines, 3 promotions",
            lambda n: graphql(CHANGE, input=_changing(shop, n)),
            lambda n: _post(
                f"/carts/{shop.large(n).token}/change",
                line=shop.large(n).lines[n % CART_LINES],
                quantity=1 + n % 3,
            ),
        ),
        Workload(
            "G",
            "staff list of 50 orders",
            lambda n: graphql(ORDERS, token=shop.staff_token),
            lambda n: Request("/orders", token=shop.staff_token),
        ),
    ]


def storeql_checkout(shop: Seeded) -> Story:
    """F: from no cart to a placed order, two requests."""

    async def story(connection: Connection, n: int) -> int:
        made = await _answer(
            connection,
            graphql(
                CREATE,
                input={
                    "lines": [
                        {"variantId": shop.variant_id(n + place * 7), "quantity": 1}
                        for place in range(3)
                    ],
                    "email": f"buyer{n}@example.com",
                    "address": ADDRESS,
                    "deliveryMethodId": shop.delivery_id,
                    "paymentMethod": "cash_on_delivery",
                },
            ),
        )
        cart = made["data"]["cartCreate"]["cart"]
        assert cart, made
        placing = {
            "cartToken": cart["token"],
            "confirmedTotal": cart["price"]["total"],
            "idempotencyKey": str(uuid.uuid4()),
        }
        placed = await _answer(connection, graphql(PLACE, input=placing))
        assert placed["data"]["orderPlace"]["order"]["state"] == "AWAITING_FULFILMENT", placed
        return len(orjson.dumps(placed))

    return story


def floor_checkout(shop: Seeded) -> Story:
    """F by hand: the same two requests."""

    async def story(connection: Connection, n: int) -> int:
        body = {
            "lines": [
                {"variant": shop.variant(n + place * 7), "quantity": 1} for place in range(3)
            ],
            "email": f"buyer{n}@example.com",
            "address": ADDRESS,
        }
        made = await _answer(connection, _post("/carts", **body))
        placing = {**made["data"], "key": str(uuid.uuid4())}
        placed = await _answer(connection, _post("/orders/place", **placing))
        assert placed["data"]["number"], placed
        return len(orjson.dumps(placed))

    return story


ADDRESS = {
    "name": "林静",
    "phone": "13800000001",
    "country": "CN",
    "region": "上海市",
    "city": "上海市",
    "district": "黄浦区",
    "street": "人民大道 1 号",
    "postalCode": "200001",
}


async def _answer(connection: Connection, request: Request) -> dict[str, dict[str, dict[str, str]]]:
    status, body = await connection.send(request)
    assert status == 200, (status, body[:400])
    answer: dict[str, dict[str, dict[str, str]]] = json.loads(body)
    assert "errors" not in answer, body[:400]
    return answer


def _post(path: str, **body: object) -> Request:
    return Request(path, orjson.dumps(body))


def _adding(shop: Seeded, n: int) -> dict[str, object]:
    return {
        "token": shop.small(n),
        "lines": [{"variantId": shop.variant_id(n), "quantity": 1}],
    }


def _changing(shop: Seeded, n: int) -> dict[str, object]:
    cart = shop.large(n)
    line = {"lineId": cart.line_ids[n % CART_LINES], "quantity": 1 + n % 3}
    return {"token": cart.token, "lines": [line]}

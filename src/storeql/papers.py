"""Papers that staff of the warehouse print: PDF over HTTP, behind the permissions of the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from storeql.access import Permission, require
from storeql.db import Connection
from storeql.door import HEADERS, STATUS, actor_of, token_of
from storeql.errors import BadInput, Rejected, StoreError
from storeql.orders.papers.packing_slip import packing_slips
from storeql.orders.papers.sender import sender_of
from storeql.orders.papers.stacks import labels_for, slips_for
from storeql.orders.papers.waybill import waybills
from storeql.schema.ids import row_of
from storeql.shop import Shop

MOST_AT_ONCE = 50
WORK = (Permission.FULFIL_ORDERS, Permission.MANAGE_ORDERS)

Draw = Callable[[Connection, Sequence[str], int], bytes]


def paper_routes(shop: Shop, cookie_name: str) -> Sequence[BaseRoute]:
    """The routes of papers; `id` may come up to 50 times, for a stack of them in one document."""

    def route(path: str, draw: Draw) -> Route:
        return Route(path, partial(_paper, shop, cookie_name, draw), methods=["GET"])

    return [route("/papers/packing-slips.pdf", _slips), route("/papers/waybills.pdf", _waybills)]


async def _paper(shop: Shop, cookie_name: str, draw: Draw, request: Request) -> Response:
    token, ids = token_of(request, cookie_name), request.query_params.getlist("id")
    try:
        content = await run_in_threadpool(_drawn, shop, token, draw, ids)
    except Rejected as rejected:
        return PlainTextResponse(rejected.problems[0].message, 404, headers=HEADERS)
    except StoreError as refusal:
        status = STATUS.get(type(refusal), 404)
        return PlainTextResponse(refusal.message, status, headers=HEADERS)
    return Response(content, media_type="application/pdf", headers=HEADERS)


def _drawn(shop: Shop, token: str, draw: Draw, ids: Sequence[str]) -> bytes:
    """The document; raises NotSignedIn or Forbidden before anything is looked up."""
    require(actor_of(shop, token), *WORK)
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise BadInput(f"Ask for 1 to {MOST_AT_ONCE} papers: ?id=…&id=…")
    with shop.database.reading() as connection:
        return draw(connection, ids, shop.clock())


def _slips(connection: Connection, ids: Sequence[str], now: int) -> bytes:
    found = slips_for(connection, [row_of("Fulfilment", one) for one in ids], now=now)
    return packing_slips(found, sender_of(connection))


def _waybills(connection: Connection, ids: Sequence[str], now: int) -> bytes:
    labels = labels_for(connection, [row_of("Package", one) for one in ids], now=now)
    return waybills(labels, sender_of(connection))

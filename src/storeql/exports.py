"""Files that staff fetch over HTTP, streamed in pieces and behind the permissions of the API."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from storeql.access import Permission, require
from storeql.door import HEADERS, STATUS, actor_of, token_of
from storeql.errors import BadInput, StoreError
from storeql.promotions.vouchers.export import batch_csv, batch_exists
from storeql.schema.ids import row_of
from storeql.shop import Shop


def export_routes(shop: Shop, cookie_name: str) -> Sequence[BaseRoute]:
    """The routes of exports; a token, or the cookie of a session, says who asks."""
    codes = partial(_voucher_codes, shop, cookie_name)
    return [Route("/exports/voucher-batches/{batch}.csv", codes, methods=["GET"])]


async def _voucher_codes(shop: Shop, cookie_name: str, request: Request) -> Response:
    token, opaque = token_of(request, cookie_name), request.path_params["batch"]
    try:
        batch_id = await run_in_threadpool(_found, shop, token, opaque)
    except StoreError as refusal:
        status = STATUS.get(type(refusal), 404)
        return PlainTextResponse(refusal.message, status, headers=HEADERS)
    name = f'attachment; filename="vouchers-{batch_id}.csv"'
    return StreamingResponse(
        batch_csv(shop.database, batch_id),
        media_type="text/csv; charset=utf-8",
        headers={**HEADERS, "content-disposition": name},
    )


def _found(shop: Shop, token: str, opaque: str) -> int:
    """The batch's row number; raises NotSignedIn or Forbidden before anything is looked up."""
    require(actor_of(shop, token), Permission.MANAGE_PROMOTIONS)
    batch_id = row_of("VoucherBatch", opaque)
    if not batch_exists(shop.database, batch_id):
        raise BadInput("There is no such batch.")
    return batch_id

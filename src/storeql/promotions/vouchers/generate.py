"""The job that makes a batch's codes, some thousands a step."""

from __future__ import annotations

import secrets

from msgspec import Struct
from sqlalchemy import bindparam, insert, select

from storeql.access import Permission
from storeql.db import Connection, statement
from storeql.errors import StoreError
from storeql.jobs import JobKind, Step
from storeql.promotions.tables import voucher_batches, voucher_codes
from storeql.promotions.vouchers.create_codes import free_codes

CODES_PER_STEP = 2_000

_batch = voucher_batches.c
_BATCH = statement(
    select(
        _batch.promotion_id,
        _batch.prefix,
        _batch.length,
        _batch.codes,
        _batch.usage_limit,
        _batch.starts_at,
        _batch.ends_at,
        _batch.customer_limit,
        _batch.valid_days,
    ).where(_batch.id == bindparam("id"))
)
_ADD = statement(
    insert(voucher_codes),
    "batch_id",
    "promotion_id",
    "code",
    "usage_limit",
    "starts_at",
    "ends_at",
    "claim_first",
    "created_at",
)


class BatchWork(Struct, frozen=True, kw_only=True):
    """Which batch a job makes the codes of."""

    batch_id: int


class BatchCursor(Struct, frozen=True, kw_only=True):
    """How many of them are made."""

    made: int = 0


class BatchMade(Struct, frozen=True, kw_only=True):
    """What the job answers."""

    codes: int


def make_codes(connection: Connection, work: BatchWork, cursor: BatchCursor, now: int) -> Step:
    """The next codes of the batch; raises StoreError when it went with its promotion."""
    batch = connection.one(_BATCH, id=work.batch_id)
    if batch is None:
        raise StoreError("The batch was deleted with its promotion.")
    promotion_id, prefix, length, wanted, usage_limit, starts_at, ends_at, *claims = batch
    count = min(CODES_PER_STEP, wanted - cursor.made)
    codes = free_codes(connection, prefix, count, secrets.randbelow, length=length)
    common = {
        "batch_id": work.batch_id,
        "promotion_id": promotion_id,
        "usage_limit": usage_limit,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "claim_first": claims != [None, None],
        "created_at": now,
    }
    made = cursor.made + count
    return Step(
        cursor=BatchCursor(made=made),
        done=made,
        total=wanted,
        save=lambda saving: saving.run_many(_ADD, [common | {"code": code} for code in codes]),
        result=BatchMade(codes=made) if made == wanted else None,
    )


VOUCHER_BATCH = JobKind(
    key="VOUCHER_BATCH",
    permission=Permission.MANAGE_PROMOTIONS,
    Arguments=BatchWork,
    Cursor=BatchCursor,
    step=make_codes,
)

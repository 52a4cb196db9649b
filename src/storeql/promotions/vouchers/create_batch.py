"""Sets up a batch of codes and queues the job that makes them."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, insert, update

from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.jobs import start_job
from storeql.promotions.tables import voucher_batches
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.codes import RANDOM_CHARACTERS, normal_code
from storeql.promotions.vouchers.create_codes import (
    LONGEST_PREFIX,
    check_characters,
    check_limit,
    open_for_codes,
)
from storeql.promotions.vouchers.generate import VOUCHER_BATCH, BatchWork
from storeql.promotions.vouchers.offers import MOST_DAYS, MOST_EACH

MOST_CODES = 100_000
# 30 to the 10th: a guess finds one of 100,000 codes once in 6 billion tries.
LEAST_LENGTH, MOST_LENGTH = 10, 20

_COLUMNS = (
    "promotion_id",
    "prefix",
    "length",
    "codes",
    "usage_limit",
    "starts_at",
    "ends_at",
    "customer_limit",
    "valid_days",
    "created_by",
    "created_at",
)
_ADD = statement(insert(voucher_batches).returning(voucher_batches.c.id), *_COLUMNS)
_SET_JOB = statement(
    update(voucher_batches)
    .where(voucher_batches.c.id == bindparam("b_id"))
    .values(job_id=bindparam("new_job_id"))
)


class BatchWish(Struct, frozen=True, kw_only=True):
    """Codes to make: `usage_limit` counts orders of each, the window is half-open.

    With `customer_limit` (of the batch's codes for one customer) or `valid_days` (from claiming)
    a code has to be claimed before it is of use.
    """

    promotion_id: int
    codes: int
    prefix: str = ""
    length: int = RANDOM_CHARACTERS
    usage_limit: int | None = 1
    starts_at: int | None = None
    ends_at: int | None = None
    customer_limit: int | None = None
    valid_days: int | None = None


def create_batch(
    connection: Connection, wish: BatchWish, *, types: PromotionTypes, actor: str, now: int
) -> int:
    """The row number of the batch; its job begins when this is committed.

    Raises Rejected for a promotion that needs no code or has ended, and with everything wrong
    with the wish.
    """
    open_for_codes(connection, wish.promotion_id, types)
    prefix = _checked_prefix(wish, now)
    values = {name: getattr(wish, name, None) for name in _COLUMNS}
    values |= {"prefix": prefix, "created_by": actor, "created_at": now}
    batch_id: int = connection.scalar(_ADD, **values)
    job_id = start_job(
        connection,
        VOUCHER_BATCH.key,
        BatchWork(batch_id=batch_id),
        permission=VOUCHER_BATCH.permission,
        total=wish.codes,
        actor=actor,
        now=now,
    )
    connection.run(_SET_JOB, b_id=batch_id, new_job_id=job_id)
    return batch_id


def _checked_prefix(wish: BatchWish, now: int) -> str:
    fields = Fields()
    fields.whole("codes", wish.codes, least=1, most=MOST_CODES)
    fields.whole("length", wish.length, least=LEAST_LENGTH, most=MOST_LENGTH)
    check_limit(wish.usage_limit, fields)
    if wish.customer_limit is not None:
        fields.whole("customerLimit", wish.customer_limit, least=1, most=MOST_EACH)
    if wish.valid_days is not None:
        fields.whole("validDays", wish.valid_days, least=1, most=MOST_DAYS)
    if wish.ends_at is not None and wish.ends_at <= max(wish.starts_at or 0, now):
        fields.report("ENDS_BEFORE_START", "This must be after the start, and to come.", "endsAt")
    prefix = normal_code(wish.prefix)
    if prefix:
        check_characters(prefix, fields, "prefix", least=1, most=LONGEST_PREFIX)
        if not prefix[0].isalnum():  # a spreadsheet takes what begins with - for a formula
            fields.report("INVALID_CHARACTER", "It begins with a letter or a digit.", "prefix")
    fields.refuse_problems()
    return prefix

"""Makes voucher codes: ones that staff thought of, and batches that nobody can guess."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, any_of, statement
from storeql.errors import Rejected
from storeql.inputs import Fields
from storeql.promotions.records import Status
from storeql.promotions.rules.fields import MOST_WHOLE
from storeql.promotions.set_up.stored import not_in, take_for_change
from storeql.promotions.tables import voucher_codes
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.codes import RANDOM_CHARACTERS, Draw, new_code, normal_code

LARGEST_BATCH = 1000
MOST_TYPED = 100
SHORTEST_CODE, LONGEST_CODE, LONGEST_PREFIX = 3, 32, 16
PUNCTUATION = frozenset("-_.")

_ADD = statement(
    insert(voucher_codes)
    .on_conflict_do_nothing(index_elements=["code"])
    .returning(voucher_codes.c.id),
    "promotion_id",
    "code",
    "usage_limit",
    "created_at",
)
_ADD_BATCH = statement(insert(voucher_codes), "promotion_id", "code", "usage_limit", "created_at")
_TAKEN = statement(select(voucher_codes.c.code).where(any_of(voucher_codes.c.code, "codes")))
_IDS = statement(
    select(voucher_codes.c.id)
    .where(any_of(voucher_codes.c.code, "codes"))
    .order_by(voucher_codes.c.id)
)


class CodeInput(Struct, frozen=True, kw_only=True):
    """A code to be typed by shoppers; `usage_limit` counts orders, None is no limit."""

    code: str
    usage_limit: int | None = None


class BatchInput(Struct, frozen=True, kw_only=True):
    """How many codes to make; each holds for `usage_limit` orders."""

    count: int
    prefix: str = ""
    usage_limit: int | None = 1


def create_codes(
    connection: Connection,
    promotion_id: int,
    codes: Sequence[CodeInput],
    *,
    types: PromotionTypes,
    now: int,
) -> list[int]:
    """Row numbers of the new codes, in order; all or none.

    Raises Rejected for a promotion that needs no code or has ended, and with every code that
    cannot be one or is taken.
    """
    open_for_codes(connection, promotion_id, types)
    fields = Fields()
    fields.count("codes", codes, least=1, most=MOST_TYPED)
    typed = [_checked(entry, fields.at("codes", str(i))) for i, entry in enumerate(codes)]
    fields.refuse_problems()
    rows: list[int] = []
    for place, (code, entry) in enumerate(zip(typed, codes, strict=True)):
        row = connection.scalar(
            _ADD,
            promotion_id=promotion_id,
            code=code,
            usage_limit=entry.usage_limit,
            created_at=now,
        )
        if row is None:
            fields.report("CODE_TAKEN", "This code is taken.", "codes", str(place), "code")
        else:
            rows.append(row)
    fields.refuse_problems()
    return rows


def generate_codes(
    connection: Connection,
    promotion_id: int,
    batch: BatchInput,
    *,
    types: PromotionTypes,
    now: int,
    draw: Draw = secrets.randbelow,
) -> list[int]:
    """Row numbers of a batch of new, unguessable codes; 1 to 1,000 of them.

    Raises Rejected for a promotion that needs no code or has ended, and with everything wrong
    with the input.
    """
    open_for_codes(connection, promotion_id, types)
    fields = Fields()
    fields.whole("count", batch.count, least=1, most=LARGEST_BATCH)
    prefix = normal_code(batch.prefix)
    if prefix:
        check_characters(prefix, fields, "prefix", least=1, most=LONGEST_PREFIX)
    check_limit(batch.usage_limit, fields)
    fields.refuse_problems()
    codes = free_codes(connection, prefix, batch.count, draw)
    connection.run_many(
        _ADD_BATCH,
        [
            {
                "promotion_id": promotion_id,
                "code": code,
                "usage_limit": batch.usage_limit,
                "created_at": now,
            }
            for code in codes
        ],
    )
    return [row for (row,) in connection.rows(_IDS, codes=codes)]


def open_for_codes(connection: Connection, promotion_id: int, types: PromotionTypes) -> None:
    """Raises Rejected for a promotion that needs no code or has ended; takes it for the change."""
    promotion = take_for_change(connection, promotion_id, None, types, field="promotionId")
    if promotion.status is Status.ENDED:
        raise Rejected([not_in(promotion.status, "takes no more codes", field="promotionId")])
    if not promotion.terms.needs_code:
        fields = Fields()
        fields.report("NEEDS_NO_CODE", "This promotion applies without a code.", "promotionId")
        fields.refuse_problems()


def free_codes(
    connection: Connection,
    prefix: str,
    count: int,
    draw: Draw,
    *,
    length: int = RANDOM_CHARACTERS,
) -> list[str]:
    """Codes that nobody has yet, each with `length` random characters."""
    codes: dict[str, None] = {}
    while len(codes) < count:
        wanted = range(count - len(codes))
        fresh = {new_code(prefix, length=length, draw=draw): None for _ in wanted}
        for (taken,) in connection.rows(_TAKEN, codes=list(fresh)):
            del fresh[taken]
        codes |= fresh
    return list(codes)


def _checked(entry: CodeInput, fields: Fields) -> str:
    code = normal_code(entry.code)
    check_characters(code, fields, "code", least=SHORTEST_CODE, most=LONGEST_CODE)
    check_limit(entry.usage_limit, fields)
    return code


def check_characters(code: str, fields: Fields, name: str, *, least: int, most: int) -> None:
    """Notes a length or a character that no code has."""
    if not least <= len(code) <= most:
        fields.report("WRONG_LENGTH", f"This must have {least} to {most} characters.", name)
    elif not all(character.isalnum() or character in PUNCTUATION for character in code):
        fields.report("INVALID_CHARACTER", "Letters, digits, - _ and . are allowed.", name)


def check_limit(usage_limit: int | None, fields: Fields) -> None:
    """Notes a number of orders that no code can be for."""
    if usage_limit is not None:
        fields.whole("usageLimit", usage_limit, least=1, most=MOST_WHOLE)

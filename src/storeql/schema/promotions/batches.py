"""Batches of voucher codes: made by a background job, followed by what became of them."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.promotion_watch import voucher_batches
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers import records
from storeql.promotions.vouchers.create_batch import BatchWish, create_batch
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, opaque_id, row_of
from storeql.schema.jobs.types import Job
from storeql.schema.money import Money, money
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import row_or_none
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS
MUTATION = "voucherBatchGenerate"


@strawberry.type(description="What became of a batch's codes, over the orders that hold them.")
@answers(records.BatchFigures)
class VoucherBatchStatistics:
    """A batch's figures."""

    issued: int = attribute("Codes that are made.")
    claimed: int = attribute("Codes that are in customers' wallets.")
    used: int = attribute("Times that orders which stand used one.")

    @pure("What those orders cost their buyers, by currency.")
    def revenue(self: records.BatchFigures) -> list[Money]:
        return _amounts(self.revenue_minor)

    @pure("What the codes took off those orders, by currency.")
    def granted(self: records.BatchFigures) -> list[Money]:
        return _amounts(self.granted_minor)


@strawberry.type(description="Codes that nobody can guess, made together by a background job.")
@answers(records.VoucherBatch)
class VoucherBatch(Node):
    """A batch of codes."""

    prefix: str = attribute("What every code begins with; may be empty.")
    length: int = attribute("Random characters of each code; a check character follows them.")
    codes: int = attribute("How many codes are wanted.")
    usage_limit: int | None = attribute("For how many orders each is; null for no limit.")
    starts_at: DateTime | None = attribute("From when the codes hold; null for at once.")
    ends_at: DateTime | None = attribute("The instant they no longer hold at; null for never.")
    customer_limit: int | None = attribute(
        "How many of them one customer may claim; null for no limit."
    )
    valid_days: int | None = attribute(
        "For how many days each holds once it is claimed; null for no limit of its own."
    )
    created_by: str = attribute("Who asked for it.")
    created_at: DateTime = attribute("When it was asked for.")
    job: Job | None = attribute("The job that makes the codes; null once it is forgotten.")

    @pure("The promotion the codes belong to.")
    def promotion_id(self: records.VoucherBatch) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("What became of the codes.")
    def statistics(self: records.VoucherBatch) -> VoucherBatchStatistics:
        return self.figures  # type: ignore[return-value]

    @pure("Where the codes can be fetched as CSV, signed in or with a token as here.")
    def export_path(self: records.VoucherBatch) -> str:
        return f"/exports/voucher-batches/{opaque_id('VoucherBatch', self.id)}.csv"


@strawberry.type
class VoucherBatchQuery:
    """Reads of batches."""

    @field("Batches of voucher codes, newest first.", PROMOTIONS)
    def voucher_batches(
        self,
        info: Info_,
        promotion_id: Annotated[
            strawberry.ID | None, argument("Only those of this promotion.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[VoucherBatch] | None:
        context = context_of(info)
        return voucher_batches.batches_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            promotion_id=row_or_none("Promotion", promotion_id),
            granted=context.granted,
        )

    @field("One batch of voucher codes; null when there is none.", PROMOTIONS)
    def voucher_batch(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The batch's id.")]
    ) -> VoucherBatch | None:
        row = row_of("VoucherBatch", id)
        return _batches(info, [row]).get(row)


@strawberry.input(description="Codes to make in the background.")
class VoucherBatchGenerateInput:
    """A new batch."""

    promotion_id: strawberry.ID = strawberry.field(
        description="The promotion, one that requires a code."
    )
    codes: int = strawberry.field(description="How many, at most 100000.")
    prefix: str = strawberry.field(
        default="", description="What each begins with, at most 16 letters, digits, - _ or ."
    )
    length: int = strawberry.field(
        default=11, description="Random characters of each, 10 to 20; a check character follows."
    )
    usage_limit: int | None = strawberry.field(
        default=1, description="For how many orders each is; null for no limit."
    )
    starts_at: DateTime | None = strawberry.field(
        default=None, description="From when they hold; null for at once."
    )
    ends_at: DateTime | None = strawberry.field(
        default=None, description="The instant they no longer hold at; null for never."
    )
    customer_limit: int | None = strawberry.field(
        default=None,
        description="How many of them one customer may claim, at most 100; each then has to be"
        " claimed before it is of use.",
    )
    valid_days: int | None = strawberry.field(
        default=None,
        description="For how many days each holds once it is claimed; each then has to be claimed"
        " before it is of use.",
    )
    idempotency_key: str = strawberry.field(
        description="Your name for this call: sent again, it answers the same batch."
    )


@strawberry.type(description="A batch after a change.")
class VoucherBatchPayload:
    """What asking for a batch answers."""

    voucher_batch: VoucherBatch | None = attribute("The batch; its job tells how far it is.")
    user_errors: list[UserError] = user_errors()


def batch_mutation(types: PromotionTypes) -> type:
    """The root fields that write batches, for the kinds of one shop."""

    @strawberry.type
    class VoucherBatchMutation:
        @mutation("Makes up to 100,000 codes that nobody can guess, in the background.", PROMOTIONS)
        def voucher_batch_generate(
            self, info: Info_, input: Annotated[VoucherBatchGenerateInput, argument("The codes.")]
        ) -> VoucherBatchPayload | None:
            return _generate(info, input, types)

    return VoucherBatchMutation


def _generate(
    info: Info_, input: VoucherBatchGenerateInput, types: PromotionTypes
) -> VoucherBatchPayload:
    context, wish = context_of(info), _wish(input)

    def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
        key = key_of(context.actor, MUTATION, input.idempotency_key, wish)
        batch_id = object_of(connection, key)
        if batch_id is None:
            actor, now = context.actor.key, context.now
            batch_id = create_batch(connection, wish, types=types, actor=actor, now=now)
            keep_key(connection, key, object_id=batch_id, now=now)
        wanted = selection.of("voucher_batch")
        found = voucher_batches.batches_by_id(
            connection, [batch_id], wanted, granted=context.granted
        )
        return {"voucher_batch": found.get(batch_id)}

    return run(info, VoucherBatchPayload, work)


def _wish(input: VoucherBatchGenerateInput) -> BatchWish:
    return BatchWish(
        promotion_id=row_of("Promotion", input.promotion_id),
        codes=input.codes,
        prefix=input.prefix,
        length=input.length,
        usage_limit=input.usage_limit,
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        customer_limit=input.customer_limit,
        valid_days=input.valid_days,
    )


def _amounts(by_currency: Mapping[str, int]) -> list[Money]:
    return [money(minor, currency) for currency, minor in sorted(by_currency.items())]


@refetches("VoucherBatch")
def _batches(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Batches, for staff who manage promotions."""
    context = context_of(info)
    if PROMOTIONS not in context.granted:
        return {}
    return voucher_batches.batches_by_id(
        context.connection, rows, selection_of(info), granted=context.granted
    )

"""Vouchers of customers: what may be claimed, the wallet they go into, and staff's offers."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers import records, wallet
from storeql.promotions.vouchers.claim import ClaimWish, claim_code, claim_offer
from storeql.promotions.vouchers.guessing import entering
from storeql.promotions.vouchers.offers import OfferWish, remove_offer, set_offer
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.people.context import attempted, guesser_of, own_customer_id
from storeql.schema.promotions.wallet_types import CustomerVoucher
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
CUSTOMER, PROMOTIONS = Permission.CUSTOMER, Permission.MANAGE_PROMOTIONS
CLAIM = "voucherClaim"


@strawberry.type(description="Vouchers of a promotion that customers may claim.")
@answers(records.VoucherOffer)
class VoucherOffer:
    """An offer of vouchers."""

    promotion_name: str = attribute("The promotion's name.")
    claim_limit: int | None = attribute("How many there are in all; null for no limit.")
    customer_limit: int = attribute("How many one customer may claim.")
    valid_days: int | None = attribute(
        "For how many days each holds once it is claimed; null for as long as the promotion runs."
    )
    starts_at: DateTime | None = attribute("From when they can be claimed; null for at once.")
    ends_at: DateTime | None = attribute("The instant they can no longer be; null for never.")
    claimed_by_you: int = attribute("How many you have claimed; 0 for guests.")
    claim_count: int | None = attribute("How many have been claimed.", PROMOTIONS)
    version: int | None = attribute("Give it as `expectedVersion`.", PROMOTIONS)

    @pure("The promotion, for `voucherClaim`.")
    def promotion_id(self: records.VoucherOffer) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type
class WalletQuery:
    """Reads of offers."""

    @field("Vouchers that can be claimed now, newest first.")
    def voucher_offers(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[VoucherOffer]:
        context = context_of(info)
        return wallet.open_offers_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            customer_id=context.actor.customer_id,
            page=page_request(first, after, last, before),
            now=context.now,
        )

    @field("What is offered of a promotion, whether it can be claimed now or not.", PROMOTIONS)
    def voucher_offer(
        self, info: Info_, promotion_id: Annotated[strawberry.ID, argument("The promotion's id.")]
    ) -> VoucherOffer | None:
        row = row_of("Promotion", promotion_id)
        return wallet.offer_of(  # type: ignore[return-value]
            context_of(info).connection, row, customer_id=None
        )


@strawberry.input(description="Which voucher to claim.", one_of=True)
class VoucherChoice:
    """A new one of an offer, or one whose code is known."""

    promotion_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A new voucher of this promotion's offer."
    )
    code: str | None = strawberry.field(
        default=strawberry.UNSET, description="The voucher with this code, out of a batch."
    )


@strawberry.input(description="A voucher for your wallet.")
class VoucherClaimInput:
    """What to claim."""

    voucher: VoucherChoice = strawberry.field(description="Which one.")
    idempotency_key: str = strawberry.field(
        description="Your name for this call: sent again, it answers the same voucher."
    )


@strawberry.type(description="A voucher in your wallet.")
class VoucherClaimPayload:
    """What claiming answers."""

    voucher: CustomerVoucher | None = attribute("The voucher; its code goes into a cart.")
    user_errors: list[UserError] = user_errors()


@strawberry.input(description="What customers may claim of a promotion.")
class VoucherOfferSetInput:
    """An offer as it is to be."""

    promotion_id: strawberry.ID = strawberry.field(
        description="The promotion, one that requires a code."
    )
    claim_limit: int | None = strawberry.field(
        default=None, description="How many there are in all; null for no limit."
    )
    customer_limit: int = strawberry.field(
        default=1, description="How many one customer may claim, at most 100."
    )
    valid_days: int | None = strawberry.field(
        default=None, description="For how many days each holds once claimed; null for no limit."
    )
    starts_at: DateTime | None = strawberry.field(
        default=None, description="From when they can be claimed; null for at once."
    )
    ends_at: DateTime | None = strawberry.field(
        default=None, description="The instant they can no longer be; null for never."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version that was read; left out for a new offer."
    )


@strawberry.type(description="An offer after a change.")
class VoucherOfferPayload:
    """What changing an offer answers."""

    voucher_offer: VoucherOffer | None = attribute("The offer; null once it is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.input(description="An offer to end.")
class VoucherOfferRemoveInput:
    """Which offer to end."""

    promotion_id: strawberry.ID = strawberry.field(description="The promotion's id.")


def wallet_mutation(types: PromotionTypes) -> type:
    """The root fields that write offers and wallets, for the kinds of one shop."""

    @strawberry.type
    class WalletMutation:
        @mutation("Puts a voucher into your wallet: yours alone from then on.", CUSTOMER)
        def voucher_claim(
            self, info: Info_, input: Annotated[VoucherClaimInput, argument("Which one.")]
        ) -> VoucherClaimPayload | None:
            return _claim(info, input)

        @mutation("Offers vouchers of a promotion for claiming, or changes the offer.", PROMOTIONS)
        def voucher_offer_set(
            self, info: Info_, input: Annotated[VoucherOfferSetInput, argument("The offer.")]
        ) -> VoucherOfferPayload | None:
            now, wish = context_of(info).now, _offer_wish(input)
            return _offered(
                info, wish.promotion_id, lambda c: set_offer(c, wish, types=types, now=now)
            )

        @mutation("Offers no more; what was claimed stays in the wallets.", PROMOTIONS)
        def voucher_offer_remove(
            self, info: Info_, input: Annotated[VoucherOfferRemoveInput, argument("Which one.")]
        ) -> VoucherOfferPayload | None:
            row = row_of("Promotion", input.promotion_id)
            return _offered(info, row, partial(remove_offer, promotion_id=row))

    return WalletMutation


def _claim(info: Info_, input: VoucherClaimInput) -> VoucherClaimPayload:
    context, wish = context_of(info), _claim_wish(input.voucher)
    customer_id, now = own_customer_id(context), context.now

    def claim(connection: DbConnection) -> int:
        key = key_of(context.actor, CLAIM, input.idempotency_key, wish)
        found = object_of(connection, key)
        if found is not None:
            return found
        if wish.promotion_id is not None:
            made = claim_offer(connection, wish.promotion_id, customer_id=customer_id, now=now)
        else:
            made = claim_code(connection, wish.code, customer_id=customer_id, now=now)
        keep_key(connection, key, object_id=made, now=now)
        return made

    def work() -> dict[str, Any]:
        if wish.promotion_id is None:
            made = entering(context.write, guesser_of(context), claim, now=now)
        else:
            made = context.write(claim)
        found = wallet.wallet_voucher(context.connection, made, customer_id=customer_id, now=now)
        return {"voucher": found}

    return attempted(VoucherClaimPayload, work)


def _claim_wish(voucher: VoucherChoice) -> ClaimWish:
    if voucher.promotion_id is not None and voucher.promotion_id is not strawberry.UNSET:
        return ClaimWish(promotion_id=row_of("Promotion", voucher.promotion_id))
    return ClaimWish(code=voucher.code or "")


def _offer_wish(input: VoucherOfferSetInput) -> OfferWish:
    return OfferWish(
        promotion_id=row_of("Promotion", input.promotion_id),
        claim_limit=input.claim_limit,
        customer_limit=input.customer_limit,
        valid_days=input.valid_days,
        starts_at=input.starts_at,
        ends_at=input.ends_at,
        expected_version=input.expected_version,
    )


def _offered(
    info: Info_, promotion_id: int, write: Callable[[DbConnection], None]
) -> VoucherOfferPayload:
    def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
        write(connection)
        return {"voucher_offer": wallet.offer_of(connection, promotion_id, customer_id=None)}

    return run(info, VoucherOfferPayload, work)

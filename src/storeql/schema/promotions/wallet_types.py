"""A voucher as its owner sees it."""

import strawberry

from storeql.promotions.vouchers import records
from storeql.promotions.vouchers.records import VoucherState
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.scalars import DateTime

strawberry.enum(
    VoucherState,
    name="VoucherState",
    description="USABLE: now. UPCOMING: not yet, or the promotion pauses. USED. EXPIRED: unused.",
)


@strawberry.type(description="A voucher in your wallet: yours alone; a cart takes its code.")
@answers(records.WalletVoucher)
class CustomerVoucher:
    """A customer's voucher."""

    code: str = attribute("What to enter in a cart.")
    promotion_name: str = attribute("What it is for: the promotion's name.")
    state: VoucherState = attribute("Whether it can be used now.")
    starts_at: DateTime | None = attribute("From when it holds; null for at once.")
    ends_at: DateTime | None = attribute("The instant it no longer holds at; null for never.")
    claimed_at: DateTime = attribute("When it came into your wallet.")

    @pure("The voucher's opaque id.")
    def id(self: records.WalletVoucher) -> strawberry.ID:
        return opaque_id("CustomerVoucher", self.id)

    @pure("The promotion it belongs to.")
    def promotion_id(self: records.WalletVoucher) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

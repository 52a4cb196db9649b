"""What reads of voucher batches, offers and wallets return."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from storeql.jobs import Job


class BatchFigures(Struct, frozen=True, kw_only=True):
    """What became of a batch's codes, counted over the orders that hold them now.

    `revenue_minor` is what those orders cost their buyers and `granted_minor` what the codes took
    off, in minor units by currency.
    """

    issued: int = 0
    claimed: int = 0
    used: int = 0
    revenue_minor: Mapping[str, int] = {}
    granted_minor: Mapping[str, int] = {}


class VoucherBatch(Struct, frozen=True, kw_only=True):
    """A batch of codes; `codes` is how many are wanted, the figures tell how many there are."""

    id: int
    promotion_id: int
    prefix: str
    length: int
    codes: int
    usage_limit: int | None
    starts_at: int | None
    ends_at: int | None
    customer_limit: int | None
    valid_days: int | None
    created_by: str
    created_at: int
    job: Job | None = None
    figures: BatchFigures | None = None


class VoucherState(Enum):
    """USABLE now; UPCOMING: not yet, or its promotion pauses; USED; EXPIRED, unused."""

    USABLE = "USABLE"
    UPCOMING = "UPCOMING"
    USED = "USED"
    EXPIRED = "EXPIRED"


class WalletVoucher(Struct, frozen=True, kw_only=True):
    """A voucher in a customer's wallet; its window is its own within the promotion's."""

    id: int
    code: str
    promotion_id: int
    promotion_name: str
    state: VoucherState
    starts_at: int | None
    ends_at: int | None
    claimed_at: int


class VoucherOffer(Struct, frozen=True):
    """What may be claimed of a promotion; `claimed_by_you` counts the reader's own claims."""

    promotion_id: int
    promotion_name: str
    claim_limit: int | None
    claim_count: int
    customer_limit: int
    valid_days: int | None
    starts_at: int | None
    ends_at: int | None
    created_at: int
    version: int
    claimed_by_you: int

"""What reads of promotions return, and the terms that every kind has in common."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from storeql.pricing import (
    SHOP_PAYS,
    Conditions,
    EnteredCode,
    FunderShare,
    Lane,
    Promotion,
    Remaining,
    Scope,
)
from storeql.promotions.limits.gift_goods import GiftGoods
from storeql.promotions.limits.policy import GiveBack


class Status(Enum):
    """Where a promotion is in its life, see `states`; a stored one is never SCHEDULED.

    DRAFT: never ran. SCHEDULED: active, before its window. ACTIVE: runs. PAUSED: may run again.
    ENDED: for good, by hand or because its window is over.
    """

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


class Terms(Struct, frozen=True, kw_only=True):
    """Scope, audience, stacking and funding of a promotion, kept as one JSON document.

    The window in `conditions` holds weekdays and hours only: when a promotion starts and ends is
    kept in columns of its own.
    """

    scope: Scope = Scope()
    conditions: Conditions = Conditions()
    exclusion_group: str | None = None
    stacking_group: str | None = None
    stackable_with: tuple[str, ...] = ()
    needs_code: bool = False
    funders: tuple[FunderShare, ...] = SHOP_PAYS
    give_back: GiveBack = GiveBack()


class GiftStock(Struct, frozen=True, kw_only=True):
    """How many units of a variant a promotion may give away, and how many it gave."""

    variant_id: int
    quantity: int
    used: int


class VariantQuota(Struct, frozen=True, kw_only=True):
    """How many units of a variant a promotion may sell at its price, and how many it sold."""

    variant_id: int
    quantity: int
    used: int


class RedemptionCounts(Struct, frozen=True, kw_only=True):
    """How many orders hold a promotion (not paid yet), used it for good, and gave it back."""

    held: int = 0
    committed: int = 0
    released: int = 0


class StoredPromotion(Struct, frozen=True, kw_only=True):
    """A promotion as it is set up; what was not asked for is empty.

    `rule` is the kind's own struct, None in a draft without one and when the kind's plugin is gone;
    `rule_json` is what is stored ("null" for none yet). `lane` is None when the plugin is gone.
    `currency` is None for a promotion without amounts. `status` is its state at the instant of the
    read, and its switch alone where it is taken for a change. `usage_count` and `granted_minor`
    count the orders that hold it now. `is_running` is true while it is active in its window.
    """

    id: int
    name: str = ""
    description: str = ""
    kind: str = ""
    lane: Lane | None = None
    rule: Struct | None = None
    rule_json: str = ""
    terms: Terms = Terms()
    currency: str | None = None
    status: Status = Status.DRAFT
    is_running: bool = False
    priority: int = 100
    starts_at: int | None = None
    ends_at: int | None = None
    usage_limit: int | None = None
    usage_count: int = 0
    customer_limit: int | None = None
    budget_minor: int | None = None
    campaign_id: int | None = None
    granted_minor: int = 0
    code_count: int = 0
    created_at: int = 0
    updated_at: int = 0
    version: int = 1
    gift_stocks: tuple[GiftStock, ...] = ()
    quotas: tuple[VariantQuota, ...] = ()
    redemptions: RedemptionCounts = RedemptionCounts()


class VoucherCode(Struct, frozen=True, kw_only=True):
    """One code of a promotion; `usage_count` counts the orders that hold it now."""

    id: int
    promotion_id: int
    code: str
    usage_limit: int | None
    usage_count: int
    created_at: int


class Unavailable(Struct, frozen=True, kw_only=True):
    """An active promotion that cannot run, and why: its plugin is gone, or its rule is."""

    id: str
    name: str
    kind: str
    reason: str


class Offered(Struct, frozen=True, kw_only=True):
    """What the pricing of one basket needs of promotions, all of it read at one instant.

    `promotions` go into `price`; `codes`, `remaining` and what comes of the stacking settings into
    the basket; `giving` names the variants (row numbers as text) that a candidate may add, by its
    id, and `goods` are these. `floors` are by line id: what a unit may not go below.
    """

    promotions: tuple[Promotion, ...]
    codes: tuple[EnteredCode, ...] = ()
    remaining: Mapping[str, Remaining] = {}
    floors: Mapping[str, int] = {}
    giving: Mapping[str, tuple[str, ...]] = {}
    goods: GiftGoods = GiftGoods()
    in_order_lanes: tuple[Lane, ...] = ()
    stacking_version: int = 1

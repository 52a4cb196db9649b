"""What staff send to set a promotion up or to change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from storeql.pricing import Conditions, FunderShare, Scope
from storeql.promotions.limits.policy import GiveBack


class RuleInput(Struct, frozen=True):
    """A rule as the API takes it: the kind's key, and values by the attributes of its struct.

    Amounts and percentages are decimal texts, ids row numbers as text, groups mappings. An
    attribute that is left out has its default.
    """

    kind: str
    values: Mapping[str, Any]


class GiftStockInput(Struct, frozen=True):
    """How many units of a variant the promotion may give away over its whole life."""

    variant_id: int
    quantity: int


class QuotaInput(Struct, frozen=True):
    """How many units of a variant may be sold at the promotion's price over its whole life."""

    variant_id: int
    quantity: int


class PromotionChange(Struct, frozen=True, kw_only=True):
    """Fields of a promotion; one left UNSET stays as it is, or has its default in a new one.

    `kind` alone sets a draft up before its rule is known. `conditions` hold weekdays and hours in
    their window, never its ends. `budget` is a decimal text. `gift_stocks` replaces the list; a
    gift without a stock is not limited. `quotas` replaces the list; a variant without a quota is
    not limited.
    """

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    rule: RuleInput | UnsetType = UNSET
    currency: str | UnsetType | None = UNSET
    priority: int | UnsetType = UNSET
    starts_at: int | UnsetType | None = UNSET
    ends_at: int | UnsetType | None = UNSET
    usage_limit: int | UnsetType | None = UNSET
    customer_limit: int | UnsetType | None = UNSET
    budget: str | UnsetType | None = UNSET
    campaign_id: int | UnsetType | None = UNSET
    give_back: GiveBack | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET
    conditions: Conditions | UnsetType = UNSET
    exclusion_group: str | UnsetType | None = UNSET
    stacking_group: str | UnsetType | None = UNSET
    stackable_with: tuple[str, ...] | UnsetType = UNSET
    needs_code: bool | UnsetType = UNSET
    funders: tuple[FunderShare, ...] | UnsetType = UNSET
    gift_stocks: Sequence[GiftStockInput] | UnsetType = UNSET
    quotas: Sequence[QuotaInput] | UnsetType = UNSET

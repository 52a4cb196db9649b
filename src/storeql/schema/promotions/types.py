"""Promotions as staff see them: what one grants, to whom, until when, and what was used of it."""

from collections.abc import Iterable, Sequence
from typing import Any

import strawberry
from msgspec import Struct

import storeql.schema.promotions.words  # noqa: F401 - makes enums of Lane and Status
from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.pricing import Conditions, FunderShare, Lane, Scope, Selection
from storeql.promotions import records
from storeql.promotions.limits.policy import CommitAt, GiveBack, Taken
from storeql.promotions.records import Status, StoredPromotion
from storeql.promotions.rules.form import form_of
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.promotions.rules import PromotionRule, ShownRule
from storeql.schema.scalars import CurrencyCode, DateTime, Decimal


@strawberry.type(description="Products by any of their ids; a category stands for all below it.")
@answers(Selection)
class ProductSelection:
    """A part of the catalogue."""

    @pure("These products.")
    def product_ids(self: Selection) -> list[strawberry.ID]:
        return _ids("Product", self.product_ids)

    @pure("These variants.")
    def variant_ids(self: Selection) -> list[strawberry.ID]:
        return _ids("ProductVariant", self.variant_ids)

    @pure("Products in these categories.")
    def category_ids(self: Selection) -> list[strawberry.ID]:
        return _ids("Category", self.category_ids)

    @pure("Products in these collections.")
    def collection_ids(self: Selection) -> list[strawberry.ID]:
        return _ids("Collection", self.collection_ids)

    @pure("Products with one of these tags.")
    def tag_ids(self: Selection) -> list[strawberry.ID]:
        return _ids("Tag", self.tag_ids)


@strawberry.type(description="What a promotion is about: all that is included and not excluded.")
@answers(Scope)
class PromotionScope:
    """A promotion's products."""

    include: ProductSelection = attribute("These; everything when nothing is named.")
    exclude: ProductSelection = attribute("Never these.")


@strawberry.type(description="For whom and when; an empty list asks for nothing.")
@answers(Conditions)
class PromotionAudience:
    """A promotion's common conditions."""

    channels: Sequence[str] = attribute("Slugs of channels.")
    tiers: Sequence[str] = attribute("Member tiers.")
    first_order_only: bool = attribute("Only for a customer's first order.")
    countries: Sequence[str] = attribute("Countries of the delivery.")
    regions: Sequence[str] = attribute("Regions of the delivery.")
    delivery_methods: Sequence[str] = attribute("Slugs of delivery methods.")
    payment_methods: Sequence[str] = attribute("Keys of payment methods.")
    minimum_quantity: int = attribute("Pieces in scope that a cart needs at least.")

    @pure("Customer groups.")
    def group_ids(self: Conditions) -> list[strawberry.ID]:
        return _ids("CustomerGroup", self.group_ids)

    @pure("Days of the week by the shop's clock, Monday is 1.")
    def weekdays(self: Conditions) -> list[int]:
        return list(self.window.weekdays)

    @pure("Minutes after midnight from which it runs each day.")
    def from_minute(self: Conditions) -> int:
        return self.window.from_minute

    @pure("Minutes after midnight until which it runs; before `fromMinute`: over midnight.")
    def until_minute(self: Conditions) -> int:
        return self.window.until_minute


@strawberry.type(description="Who pays for a part of the discount.")
@answers(FunderShare)
class PromotionFunder:
    """A funder's share."""

    @pure("The one who pays, such as shop, platform or a supplier.")
    def name(self: FunderShare) -> str:
        return self.funder

    @pure("The part of it, of 100.")
    def percent(self: FunderShare) -> Decimal:
        return Decimal(shown(self.basis_points, PERCENT_DECIMALS))


@strawberry.type(description="How many units of a gift a promotion may give away in all.")
@answers(records.GiftStock)
class PromotionGiftStock:
    """A gift's stock."""

    quantity: int = attribute("Units over the promotion's whole life.")
    used: int = attribute("Units that orders hold now.")

    @pure("The variant that is given.")
    def variant_id(self: records.GiftStock) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("Units that are left.")
    def remaining(self: records.GiftStock) -> int:
        return self.quantity - self.used


@strawberry.type(description="How many units of a variant may be sold at the promotion's price.")
@answers(records.VariantQuota)
class PromotionQuota:
    """A variant's quota."""

    quantity: int = attribute("Units over the promotion's whole life.")
    used: int = attribute("Units that orders hold now.")

    @pure("The variant.")
    def variant_id(self: records.VariantQuota) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("Units that are left.")
    def remaining(self: records.VariantQuota) -> int:
        return self.quantity - self.used


@strawberry.type(description="The orders that were granted a promotion, by what became of it.")
@answers(records.RedemptionCounts)
class PromotionRedemptions:
    """Counts of redemptions."""

    held: int = attribute("Orders that are not paid yet.")
    committed: int = attribute("Orders that are paid, or count as paid.")
    released: int = attribute("Orders that were undone.")


@strawberry.type(description="What an order that is undone gives back; gifts always go back.")
@answers(GiveBack)
class PromotionGiveBack:
    """A promotion's policy."""

    on_cancel: Sequence[Taken] = attribute("Of an order that was not paid.")
    on_refund: Sequence[Taken] = attribute("Of an order that was paid.")
    commit_at: CommitAt = attribute("When an order that is paid later counts as paid.")


@strawberry.type(description="A discount, a gift or free delivery, with its rule and its terms.")
@answers(StoredPromotion)
class Promotion(Node):
    """A promotion."""

    name: str = attribute("The name buyers and staff see.")
    description: str = attribute("Notes for staff.")
    kind: str = attribute("The key of its kind, as in `promotionTypes`.")
    lane: Lane | None = attribute("When it is granted; null when its plugin is gone.")
    currency: CurrencyCode | None = attribute("The currency of its amounts; null for none.")
    status: Status = attribute("Where it is in its life.")
    is_running: bool = attribute("Whether it is active and in its window now.")
    priority: int = attribute("1 goes first where the best answer leaves a choice.")
    starts_at: DateTime | None = attribute("When it starts; null for at once.")
    ends_at: DateTime | None = attribute("The instant it no longer runs at; null for never.")
    usage_limit: int | None = attribute("For how many orders it is; null for no limit.")
    usage_count: int = attribute("How many orders hold it now.")
    customer_limit: int | None = attribute(
        "For how many orders of one customer; with a limit, guests cannot use it."
    )
    code_count: int = attribute("How many codes it has.")
    gift_stocks: Sequence[PromotionGiftStock] = attribute("The gifts whose number is limited.")
    quotas: Sequence[PromotionQuota] = attribute(
        "The variants of which only so many are sold at its price."
    )
    redemptions: PromotionRedemptions = attribute("The orders that were granted it.")
    created_at: DateTime = attribute("When it was set up.")
    updated_at: DateTime = attribute("When it was last changed.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("What it grants.")
    def rule(self: StoredPromotion) -> PromotionRule:
        return shown_rule(self)  # type: ignore[return-value]

    @pure("What it is about.")
    def scope(self: StoredPromotion) -> PromotionScope:
        return self.terms.scope  # type: ignore[return-value]

    @pure("For whom and when.")
    def audience(self: StoredPromotion) -> PromotionAudience:
        return self.terms.conditions  # type: ignore[return-value]

    @pure("Whether a cart has to enter one of its codes.")
    def requires_code(self: StoredPromotion) -> bool:
        return self.terms.needs_code

    @pure("Promotions of one exclusion group never apply together.")
    def exclusion_group(self: StoredPromotion) -> str | None:
        return self.terms.exclusion_group

    @pure("The group by which others name it as stackable.")
    def stacking_group(self: StoredPromotion) -> str | None:
        return self.terms.stacking_group

    @pure("Stacking groups it shares units with, when they name it too.")
    def stackable_with(self: StoredPromotion) -> list[str]:
        return list(self.terms.stackable_with)

    @pure("Who pays for the discount.")
    def funders(self: StoredPromotion) -> list[PromotionFunder]:
        return list(self.terms.funders)  # type: ignore[arg-type]

    @pure("The campaign it belongs to; null for none.")
    def campaign_id(self: StoredPromotion) -> strawberry.ID | None:
        return None if self.campaign_id is None else opaque_id("Campaign", self.campaign_id)

    @pure("What orders that are undone give back.")
    def give_back(self: StoredPromotion) -> PromotionGiveBack:
        return self.terms.give_back  # type: ignore[return-value]

    @pure("The most it may grant in all; null for no limit.")
    def budget(self: StoredPromotion) -> Money | None:
        return money_or_none(self.budget_minor, self.currency) if self.currency else None

    @pure("What it granted to orders that hold it now; null without a currency.")
    def granted(self: StoredPromotion) -> Money | None:
        return money(self.granted_minor, self.currency) if self.currency else None


@strawberry.type(description="A code that lets a promotion apply to the cart it is entered in.")
@answers(records.VoucherCode)
class VoucherCode(Node):
    """A voucher code."""

    code: str = attribute("What the buyer enters; small letters and spaces do not matter.")
    usage_limit: int | None = attribute("For how many orders it is; null for no limit.")
    usage_count: int = attribute("How many orders hold it now.")
    created_at: DateTime = attribute("When it was made.")

    @pure("The promotion it belongs to.")
    def promotion_id(self: records.VoucherCode) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


def shown_rule(promotion: StoredPromotion) -> ShownRule:
    """The rule of a promotion; unknown when its plugin is gone or now wants a currency."""
    rule: Struct | None = promotion.rule
    if rule is not None and promotion.currency is None and form_of(type(rule)).has_amounts:
        rule = None
    return ShownRule(promotion.kind, rule, promotion.currency or "", promotion.rule_json)


def _ids(type_name: str, keys: Iterable[str]) -> list[Any]:
    return [opaque_id(type_name, int(key)) for key in sorted(keys, key=int)]

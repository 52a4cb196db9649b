"""What staff send about promotions; the inputs that lead to a rule are made with the schema."""

from collections.abc import Mapping
from types import new_class
from typing import Any, NamedTuple

import msgspec
import strawberry

from storeql.decimals import PERCENT_DECIMALS, scaled
from storeql.pricing import Conditions, FunderShare, Scope, Selection, Window
from storeql.promotions.records import Status
from storeql.promotions.set_up.inputs import PromotionChange
from storeql.schema.ids import row_of, rows_of
from storeql.schema.promotions.limit_inputs import (
    PromotionGiftStockInput,
    PromotionGiveBackInput,
    PromotionQuotaInput,
    gift_stocks_of,
    give_back_of,
    quotas_of,
)
from storeql.schema.promotions.rules import RuleTypes
from storeql.schema.scalars import CurrencyCode, DateTime, Decimal

KEEP: Any = strawberry.UNSET


def _given(description: str) -> Any:
    """A field that may be left out."""
    return strawberry.field(default=KEEP, description=description)


def _list(description: str) -> Any:
    return strawberry.field(default_factory=list, description=description)


@strawberry.input(description="Products by any of their ids; a category stands for all below it.")
class ProductSelectionInput:
    """A part of the catalogue."""

    product_ids: list[strawberry.ID] = _list("These products.")
    variant_ids: list[strawberry.ID] = _list("These variants.")
    category_ids: list[strawberry.ID] = _list("Products in these categories.")
    collection_ids: list[strawberry.ID] = _list("Products in these collections.")
    tag_ids: list[strawberry.ID] = _list("Products with one of these tags.")


@strawberry.input(description="What a promotion is about: all that is included and not excluded.")
class PromotionScopeInput:
    """A promotion's products."""

    include: ProductSelectionInput | None = strawberry.field(
        default=None, description="These; everything when nothing is named."
    )
    exclude: ProductSelectionInput | None = strawberry.field(
        default=None, description="Never these."
    )


@strawberry.input(description="For whom and when; an empty list asks for nothing.")
class PromotionAudienceInput:
    """A promotion's common conditions."""

    channels: list[str] = _list("Slugs of channels.")
    group_ids: list[strawberry.ID] = _list("Customer groups.")
    tiers: list[str] = _list("Member tiers.")
    first_order_only: bool = strawberry.field(
        default=False, description="Only for a customer's first order."
    )
    countries: list[str] = _list("Countries of the delivery.")
    regions: list[str] = _list("Regions of the delivery.")
    delivery_methods: list[str] = _list("Slugs of delivery methods.")
    payment_methods: list[str] = _list("Keys of payment methods.")
    minimum_quantity: int = strawberry.field(
        default=0, description="Pieces in scope that a cart needs at least."
    )
    weekdays: list[int] = _list("Days of the week by the shop's clock, Monday is 1.")
    from_minute: int = strawberry.field(
        default=0, description="Minutes after midnight from which it runs each day."
    )
    until_minute: int = strawberry.field(
        default=1440, description="Until which minute; before `fromMinute`: over midnight."
    )


@strawberry.input(description="Who pays for a part of the discount.")
class PromotionFunderInput:
    """A funder's share."""

    name: str = strawberry.field(description="Who pays, such as shop, platform or a supplier.")
    percent: Decimal = strawberry.field(description="The part of it; all parts sum to 100.")


@strawberry.input(description="What a promotion is made of besides its name and its rule.")
class PromotionFields:
    """The fields that a new promotion and a change have in common."""

    description: str | None = _given("Notes for staff, at most 2000 characters.")
    currency: CurrencyCode | None = _given(
        "The currency of all its amounts; needed when its rule has any."
    )
    priority: int | None = _given("1 to 10000: 1 goes first. 100 when left out.")
    starts_at: DateTime | None = _given("When it starts; null for at once.")
    ends_at: DateTime | None = _given("The instant it no longer runs at; null for never.")
    usage_limit: int | None = _given("For how many orders it is; null for no limit.")
    customer_limit: int | None = _given(
        "For how many orders of one customer; with a limit, guests cannot use it."
    )
    budget: Decimal | None = _given("The most it may grant in all; null for no limit.")
    scope: PromotionScopeInput | None = _given("What it is about; replaces the whole scope.")
    audience: PromotionAudienceInput | None = _given(
        "For whom and when; replaces the whole audience."
    )
    requires_code: bool | None = _given("Whether a cart has to enter one of its codes.")
    exclusion_group: str | None = _given("Promotions of one group never apply together.")
    stacking_group: str | None = _given("The group by which others name it as stackable.")
    stackable_with: list[str] | None = _given(
        "Stacking groups it shares units with, if they name it."
    )
    funders: list[PromotionFunderInput] | None = _given("Who pays; the shop when left out.")
    gift_stocks: list[PromotionGiftStockInput] | None = _given(
        "Gifts whose number is limited; replaces the whole list."
    )
    campaign_id: strawberry.ID | None = _given(
        "The campaign it belongs to, in the same currency and around its window; null for none."
    )
    give_back: PromotionGiveBackInput | None = _given(
        "What orders that are undone give back; replaces the whole policy."
    )
    quotas: list[PromotionQuotaInput] | None = _given(
        "Variants of which only so many are sold at its price; replaces the whole list."
    )


@strawberry.input(description="Conditions that all have to hold.")
class PromotionFilterInput:
    """What to narrow the promotions by."""

    statuses: list[Status] | None = strawberry.field(
        default=None, description="Only in one of these states."
    )
    kinds: list[str] | None = strawberry.field(
        default=None, description="Only of one of these kinds."
    )


class PromotionInputs(NamedTuple):
    """The two inputs that lead to a rule, for one schema."""

    create: type
    update: type


def promotion_inputs(rules: RuleTypes) -> PromotionInputs:
    """The inputs of promotionCreate and promotionUpdate with these rules."""
    rule: Any = rules.input
    create = _extended(
        "PromotionCreateInput",
        "A new promotion; it starts as a draft, for which a name and a kind are enough.",
        {
            "name": (str, strawberry.field(description="The name buyers and staff see.")),
            "kind": (str | None, _given("The key of its kind, when the rule is not known yet.")),
            "rule": (rule | None, _given("What it grants; a draft may be given it later.")),
        },
    )
    update = _extended(
        "PromotionUpdateInput",
        "What to change; fields left out stay as they are.",
        {
            "id": (strawberry.ID, strawberry.field(description="The promotion's id.")),
            "expected_version": (
                int,
                strawberry.field(description="The version that was read."),
            ),
            "name": (str | None, _given("The name buyers and staff see.")),
            "kind": (
                str | None,
                _given("The key of another kind; a draft of that kind has no rule then."),
            ),
            "rule": (rule | None, _given("What it grants; replaces the whole rule.")),
        },
    )
    return PromotionInputs(create, update)


def change_of(typed: Any, rules: RuleTypes) -> PromotionChange:
    """The change in a create or update input; a null where there can be none changes nothing."""
    given: dict[str, Any] = {name: _kept(getattr(typed, name)) for name in NULLABLE}
    given |= {name: _kept(_or_keep(getattr(typed, name))) for name in ("name", "kind", *PLAIN)}
    given["needs_code"] = _kept(_or_keep(typed.requires_code))
    for name, read in READERS.items():
        value = _or_keep(getattr(typed, "audience" if name == "conditions" else name))
        given[name] = msgspec.UNSET if value is KEEP else read(value)
    given["campaign_id"] = _kept(_campaign(typed.campaign_id))
    rule = _or_keep(typed.rule)
    given["rule"] = msgspec.UNSET if rule is KEEP else rules.read(rule)
    return PromotionChange(**given)


def statuses_of(filter: PromotionFilterInput | None) -> tuple[Status, ...] | None:
    """The states a filter names."""
    if filter is None or filter.statuses is None:
        return None
    return tuple(filter.statuses)


def _extended(name: str, what: str, members: Mapping[str, tuple[Any, Any]]) -> type:
    body: dict[str, Any] = {key: field for key, (_, field) in members.items()}
    body["__annotations__"] = {key: kind for key, (kind, _) in members.items()}
    made = new_class(name, (PromotionFields,), {}, lambda namespace: namespace.update(body))
    return strawberry.input(made, description=what)


def _or_keep(value: Any) -> Any:
    return KEEP if value is None else value


def _kept(value: Any) -> Any:
    return msgspec.UNSET if value is KEEP else value


def _campaign(typed: Any) -> Any:
    return typed if typed is KEEP or typed is None else row_of("Campaign", typed)


def _scope(typed: PromotionScopeInput) -> Scope:
    return Scope(include=_selection(typed.include), exclude=_selection(typed.exclude))


def _selection(typed: ProductSelectionInput | None) -> Selection:
    if typed is None:
        return Selection()
    return Selection(
        product_ids=_keys("Product", typed.product_ids),
        variant_ids=_keys("ProductVariant", typed.variant_ids),
        category_ids=_keys("Category", typed.category_ids),
        collection_ids=_keys("Collection", typed.collection_ids),
        tag_ids=_keys("Tag", typed.tag_ids),
    )


def _keys(type_name: str, ids: list[strawberry.ID]) -> frozenset[str]:
    return frozenset(str(row) for row in rows_of(type_name, ids))


def _conditions(typed: PromotionAudienceInput) -> Conditions:
    return Conditions(
        window=Window(
            weekdays=tuple(sorted(set(typed.weekdays))),
            from_minute=typed.from_minute,
            until_minute=typed.until_minute,
        ),
        channels=tuple(typed.channels),
        group_ids=tuple(str(row) for row in rows_of("CustomerGroup", typed.group_ids)),
        tiers=tuple(typed.tiers),
        first_order_only=typed.first_order_only,
        countries=tuple(typed.countries),
        regions=tuple(typed.regions),
        delivery_methods=tuple(typed.delivery_methods),
        payment_methods=tuple(typed.payment_methods),
        minimum_quantity=typed.minimum_quantity,
    )


def _funders(typed: list[PromotionFunderInput]) -> tuple[FunderShare, ...]:
    # A part with more decimals than basis points hold counts as 0, which the domain refuses.
    return tuple(
        FunderShare(share.name, scaled(share.percent, PERCENT_DECIMALS) or 0) for share in typed
    )


NULLABLE = (
    "currency",
    "starts_at",
    "ends_at",
    "usage_limit",
    "customer_limit",
    "budget",
    "exclusion_group",
    "stacking_group",
)
PLAIN = ("description", "priority")
READERS: dict[str, Any] = {
    "scope": _scope,
    "conditions": _conditions,
    "funders": _funders,
    "gift_stocks": gift_stocks_of,
    "quotas": quotas_of,
    "give_back": give_back_of,
    "stackable_with": tuple,
}

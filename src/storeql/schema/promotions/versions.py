"""Versions of a promotion and what changed between two of them."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.promotions.records import Status
from storeql.promotions.set_up import difference, versions
from storeql.promotions.set_up.difference import FieldChange, Measure, Told
from storeql.promotions.types import PromotionTypes
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.money import decimal_text
from storeql.schema.mutation import context_of
from storeql.schema.promotions.rules import PromotionRule
from storeql.schema.promotions.types import shown_rule
from storeql.schema.promotions.words import LocalizedText
from storeql.schema.scalars import DateTime, Json, instant_text
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS
BY_VARIANT = ("giftStocks", "quotas")


@strawberry.type(description="What a promotion was from one change to the next.")
@answers(versions.PromotionVersion)
class PromotionVersion:
    """A version of a promotion."""

    version: int = attribute("Its number; orders name the version that priced them.")
    actor: str = attribute("Who made the change.")
    changed_at: DateTime = attribute("Since when it holds.")

    @pure("The promotion.")
    def promotion_id(self: versions.PromotionVersion) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("Its name then.")
    def name(self: versions.PromotionVersion) -> str:
        return self.promotion.name

    @pure("How it was switched; its window told when it ran.")
    def status(self: versions.PromotionVersion) -> Status:
        return self.promotion.status

    @pure("When it was to start; null for at once.")
    def starts_at(self: versions.PromotionVersion) -> DateTime | None:
        return self.promotion.starts_at  # type: ignore[return-value]

    @pure("The instant it was no longer to run at; null for never.")
    def ends_at(self: versions.PromotionVersion) -> DateTime | None:
        return self.promotion.ends_at  # type: ignore[return-value]

    @pure("What it granted.")
    def rule(self: versions.PromotionVersion) -> PromotionRule:
        return shown_rule(self.promotion)  # type: ignore[return-value]


@strawberry.type(description="A field of a promotion that is not what it was.")
@answers(FieldChange)
class PromotionFieldChange:
    """One difference."""

    label: LocalizedText = attribute("What the field is called.")

    @pure("Where an update takes the field, such as rule.tiers.0.off; gifts by their variant's id.")
    def path(self: FieldChange) -> str:
        head, _, row = self.path.partition(".")
        if head not in BY_VARIANT:
            return self.path
        return f"{head}.{opaque_id('ProductVariant', int(row))}"

    @pure("What it was, as an update takes it; null for nothing.")
    def before(self: FieldChange) -> Json | None:
        return _shown(self.before)

    @pure("What it became, as an update takes it; null for nothing.")
    def after(self: FieldChange) -> Json | None:
        return _shown(self.after)


@strawberry.type(description="What changed from one version of a promotion to another.")
@answers(difference.Difference)
class PromotionDifference:
    """A comparison of two versions."""

    before: int = attribute("The version compared from.")
    after: int = attribute("The version compared to.")
    changes: Sequence[PromotionFieldChange] = attribute("The fields that differ, in their order.")

    @pure("The promotion.")
    def promotion_id(self: difference.Difference) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


def version_query(types: PromotionTypes) -> type:
    """The root fields about versions, for the kinds of one shop."""

    @strawberry.type
    class PromotionVersionQuery:
        @field("The versions of a promotion, newest first.", PROMOTIONS)
        def promotion_versions(
            self,
            info: Info_,
            id: Annotated[strawberry.ID, argument("The promotion's id.")],
            first: First = None,
            after: After = None,
            last: Last = None,
            before: Before = None,
        ) -> Connection[PromotionVersion] | None:
            return versions.versions_page(  # type: ignore[return-value]
                context_of(info).connection,
                selection_of(info),
                promotion_id=row_of("Promotion", id),
                types=types,
                page=page_request(first, after, last, before),
            )

        @field("What changed between two versions; null when one is not there.", PROMOTIONS)
        def promotion_difference(
            self,
            info: Info_,
            id: Annotated[strawberry.ID, argument("The promotion's id.")],
            before: Annotated[int, argument("The version to compare from.", name="from")],
            after: Annotated[int, argument("The version to compare to.", name="to")],
        ) -> PromotionDifference | None:
            connection, row = context_of(info).connection, row_of("Promotion", id)
            return difference.difference(  # type: ignore[return-value]
                connection, row, before, after, types=types
            )

    return PromotionVersionQuery


def _shown(told: Told | None) -> Json | None:
    if told is None:
        return None
    if isinstance(told.value, tuple):
        return Json([_one(value, told) for value in told.value])
    return Json(_one(told.value, told))


def _one(value: Any, told: Told) -> Any:
    if told.measure is Measure.AMOUNT:
        return decimal_text(value, told.unit) if told.unit else value
    if told.measure is Measure.PERCENT:
        return shown(value, PERCENT_DECIMALS)
    if told.measure is Measure.INSTANT:
        return instant_text(value)
    if told.measure is Measure.ID:
        return opaque_id(told.unit, int(value))
    return value

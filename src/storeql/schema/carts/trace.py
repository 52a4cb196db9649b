"""Why a price is what it is: what became of each promotion, how lanes were solved, remarks."""

from collections.abc import Sequence

import strawberry
from msgspec import Struct

from storeql.carts import price_records as records
from storeql.carts.shopper_messages import shopper_message
from storeql.pricing import Found, Lane, Outcome, Text
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, decimal_text, money, money_or_none
from storeql.schema.promotions.words import LocalizedText

strawberry.enum(
    Outcome,
    name="PromotionOutcome",
    description=(
        "APPLIED: granted. CLAMPED: granted in part. MISSED: a condition is not met. LOST: another"
        " answer saves more. EXCLUDED: cannot be combined with what applies. EXHAUSTED: used up."
        " FAILED: left out because its plugin failed."
    ),
)


@strawberry.type(description="A promotion by name.")
@answers(records.PromotionName)
class PromotionReference:
    """A promotion that is named in an explanation."""

    name: str = attribute("The promotion's name.")

    @pure("The promotion's id.")
    def promotion_id(self: records.PromotionName) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type(description="What became of one candidate promotion, and why.")
@answers(records.Explanation)
class PromotionExplanation:
    """An entry of a price's trace."""

    promotion_name: str = attribute("The promotion's name.")
    promotion_version: int = attribute("The version that was looked at.")
    lane: Lane = attribute("When in the calculation it has its turn.")
    kind: str = attribute("The key of its kind, as in `promotionTypes`.")
    plugin: str = attribute("The plugin that brings its kind.")
    outcome: Outcome = attribute("What became of it.")
    vouchers: int = attribute("Vouchers that come into your wallet once the order is paid.")
    condition: str | None = attribute("The condition that decided, such as spend_minor.")
    lost_to: Sequence[PromotionReference] = attribute("What stood in its way.")

    @pure("The promotion's id.")
    def promotion_id(self: records.Explanation) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("What it granted; gifts count at their price.")
    def amount(self: records.Explanation) -> Money:
        return money(self.amount_minor, self.currency)

    @pure("What the condition asks for: an amount, a number, or alternatives.")
    def expected(self: records.Explanation) -> Sequence[str]:
        return _words(self.expected, self)

    @pure("What the cart has.")
    def found(self: records.Explanation) -> Sequence[str]:
        return _words(self.found, self)

    @pure("How many more are missing, where the condition counts pieces or uses.")
    def shortfall(self: records.Explanation) -> int | None:
        return None if _is_money(self) else self.shortfall

    @pure("How much more is missing, where the condition is an amount.")
    def shortfall_amount(self: records.Explanation) -> Money | None:
        return money_or_none(self.shortfall, self.currency) if _is_money(self) else None

    @pure("How much less the best answer with it would save.")
    def lost_by(self: records.Explanation) -> Money | None:
        return money_or_none(self.lost_by_minor, self.currency)

    @pure("Variants of which fewer are left at its price than the cart holds.")
    def short_variant_ids(self: records.Explanation) -> list[strawberry.ID]:
        return [opaque_id("ProductVariant", key) for key in self.short_variant_ids]

    @pure("The same in a sentence for the buyer.")
    def message(self: records.Explanation) -> LocalizedText:
        return shopper_message(self)  # type: ignore[return-value]


@strawberry.type(description="Something a plugin says of the price.")
@answers(records.PriceRemark)
class PriceRemark:
    """A remark or a refusal."""

    code: str = attribute("A stable code for front ends.")
    plugin: str = attribute("The plugin that says it.")

    @pure("The words for the buyer.")
    def message(self: records.PriceRemark) -> LocalizedText:
        return Text(self.en, self.zh)  # type: ignore[return-value]

    @pure("The cart line it is about, if it is about one.")
    def line_id(self: records.PriceRemark) -> strawberry.ID | None:
        return None if self.line_id is None else opaque_id("CartLine", self.line_id)


class LaneAnswer(Struct, frozen=True):
    """The record behind LaneResult."""

    lane: Lane
    saving: Money
    gap: Money | None
    nodes: int


@strawberry.type(description="How well a lane was solved.")
@answers(LaneAnswer)
class LaneResult:
    """A lane's answer."""

    lane: Lane = attribute("The lane.")
    saving: Money = attribute("What its promotions save.")
    gap: Money | None = attribute(
        "At most how much more was possible: 0 is proven best, null when it goes by priority."
    )
    nodes: int = attribute("How many assignments were looked at.")


def _is_money(entry: records.Explanation) -> bool:
    return (entry.condition or "").endswith("_minor")


def _words(value: Found, entry: records.Explanation) -> list[str]:
    if value is None:
        return []
    if isinstance(value, int):
        return [decimal_text(value, entry.currency) if _is_money(entry) else str(value)]
    return [value] if isinstance(value, str) else list(value)

"""The history of prices: what changed, when, by whom and why."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog.prices import history_page as reads
from storeql.catalog.prices.causes import CauseKind
from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, rows_of
from storeql.schema.money import Money, money_or_none
from storeql.schema.mutation import context_of
from storeql.schema.optional import defaulting, row_or_none
from storeql.schema.scalars import DateTime, Decimal
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS

strawberry.enum(
    CauseKind,
    name="PriceChangeCause",
    description="MANUAL: somebody set it. IMPORT: a file did. SCHEDULE: a scheduled price began or"
    " ended. PRICE_LIST: a list changed, began or ended. REPRICING: a bulk repricing, UNDO its"
    " undoing. PROPAGATION: another channel's change was carried over.",
)


@strawberry.type(
    description="A change of what everybody pays for a variant in a channel, or of a list's price."
)
@answers(reads.PriceChange)
class PriceChange:
    """An entry of the price history."""

    at: DateTime = attribute("The instant from which it holds.")
    cause: CauseKind = attribute("What changed it.")
    reference: str = attribute("What did it, such as `price_schedule:7`; empty for a person.")
    actor: str = attribute("Who did it, or planned it, such as staff:3.")
    reason: str = attribute("Why, as they said.")
    recorded_at: DateTime = attribute("When it was noted: before `at` where it was planned.")
    is_planned: bool = attribute("Whether it is still to come; plans may change.")
    from_quantity: int = attribute("The pieces that the list's price begins at; 1 otherwise.")

    @pure("The opaque id.")
    def id(self: reads.PriceChange) -> strawberry.ID:
        return opaque_id("PriceChange", self.id)

    @pure("The variant.")
    def variant_id(self: reads.PriceChange) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("The channel; null for a price list's own price.")
    def channel_id(self: reads.PriceChange) -> strawberry.ID | None:
        return _id("Channel", self.channel_id)

    @pure("The price list whose price it is; it may be gone by now.")
    def price_list_id(self: reads.PriceChange) -> strawberry.ID | None:
        return _id("PriceList", self.price_list_id)

    @pure("The name then of the price list whose price it is, or that made the change.")
    def price_list_name(self: reads.PriceChange) -> str | None:
        return self.price_list_name or None

    @pure("The price until then; null where there was none, or a percentage.")
    def before(self: reads.PriceChange) -> Money | None:
        return money_or_none(self.before_minor, self.currency)

    @pure("The price from then on; null for a percentage, and for a list's price that was removed.")
    def price(self: reads.PriceChange) -> Money | None:
        return money_or_none(self.price_minor, self.currency)

    @pure("The percentage off the channel's price, of a list.")
    def percent_off(self: reads.PriceChange) -> Decimal | None:
        if self.percent_off_basis_points is None:
            return None
        return Decimal(shown(self.percent_off_basis_points, PERCENT_DECIMALS))

    @pure("The price to compare with from then on.")
    def compare_at_price(self: reads.PriceChange) -> Money | None:
        return money_or_none(self.compare_at_minor, self.currency)

    @pure("The channel's own price then, whatever stood in for it.")
    def regular_price(self: reads.PriceChange) -> Money | None:
        return money_or_none(self.regular_minor, self.currency)

    @pure("Of a price that fell, the lowest of the 30 days before.")
    def lowest_price_before(self: reads.PriceChange) -> Money | None:
        return money_or_none(self.lowest_before_minor, self.currency)

    @pure("The floor that it went below, for the reason given.")
    def floor(self: reads.PriceChange) -> Money | None:
        return money_or_none(self.floor_minor, self.currency)


@strawberry.input(description="Which changes of prices to show; all of these have to hold.")
class PriceHistoryFilterInput:
    """A filter of the price history."""

    variant_ids: list[strawberry.ID] | None = defaulting(None, "Of these variants, at most 100.")
    product_id: strawberry.ID | None = defaulting(None, "Of the variants of this product.")
    channel_id: strawberry.ID | None = defaulting(None, "Of what everybody pays in this channel.")
    price_list_id: strawberry.ID | None = defaulting(None, "Of this price list's own prices.")
    causes: list[CauseKind] | None = defaulting(None, "By one of these.")
    from_: DateTime | None = strawberry.field(
        name="from", default=None, description="From this instant on."
    )
    to: DateTime | None = defaulting(None, "Before this instant.")


@strawberry.type
class PriceHistoryQuery:
    """Reads of the price history."""

    @field("How prices changed, the latest first; with what is planned when asked.", PRODUCTS)
    def price_history(
        self,
        info: Info_,
        filter: Annotated[
            PriceHistoryFilterInput | None, argument("Which changes; all when left out.")
        ] = None,
        include_planned: Annotated[
            bool, argument("Whether to show changes that are planned for instants to come.")
        ] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PriceChange] | None:
        context = context_of(info)
        return reads.history_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            filter=_filter(filter or PriceHistoryFilterInput(), include_planned),
            page=page_request(first, after, last, before),
            now=context.now,
        )


def _filter(typed: PriceHistoryFilterInput, include_planned: bool) -> reads.HistoryFilter:
    variant_ids = typed.variant_ids
    return reads.HistoryFilter(
        variant_ids=None if variant_ids is None else rows_of("ProductVariant", variant_ids),
        product_id=row_or_none("Product", typed.product_id),
        channel_id=row_or_none("Channel", typed.channel_id),
        price_list_id=row_or_none("PriceList", typed.price_list_id),
        causes=typed.causes,
        from_at=typed.from_,
        to_at=typed.to,
        is_planned=None if include_planned else False,
    )


def _id(type_name: str, row: int | None) -> strawberry.ID | None:
    return None if row is None else opaque_id(type_name, row)

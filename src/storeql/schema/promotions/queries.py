"""Root fields about promotions: what is set up, its codes, and the kinds there are to choose."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.hooks import Hooks
from storeql.promotions import resolvers
from storeql.promotions.resolvers import PromotionFilter, View
from storeql.promotions.types import PromotionTypes
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.ids import row_of
from storeql.schema.mutation import context_of
from storeql.schema.promotions.inputs import PromotionFilterInput, statuses_of
from storeql.schema.promotions.kinds import Plugin, PromotionKind, kinds_of
from storeql.schema.promotions.types import Promotion, VoucherCode
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS, SETTINGS = Permission.MANAGE_PROMOTIONS, Permission.MANAGE_SETTINGS


def promotion_query(hooks: Hooks, types: PromotionTypes) -> type:
    """The root fields, for the plugins of one shop."""
    kinds = kinds_of(types)

    @strawberry.type
    class PromotionQuery:
        @field("The kinds of promotion there are, by key: what each does, when, and its form.")
        def promotion_types(self) -> list[PromotionKind]:
            return kinds  # type: ignore[return-value]

        @field("The plugins found when the shop started, by name.", SETTINGS)
        def plugins(self) -> list[Plugin] | None:
            return hooks.plugins()  # type: ignore[return-value]

        @field("Promotions, newest first.", PROMOTIONS)
        def promotions(
            self,
            info: Info_,
            filter: Annotated[
                PromotionFilterInput | None, argument("What they must have in common.")
            ] = None,
            first: First = None,
            after: After = None,
            last: Last = None,
            before: Before = None,
        ) -> Connection[Promotion] | None:
            context = context_of(info)
            return resolvers.promotions_page(  # type: ignore[return-value]
                context.connection,
                selection_of(info),
                view=View(types, context.now),
                page=page_request(first, after, last, before),
                filter=_filter(filter),
            )

        @field("One promotion; null when there is none.", PROMOTIONS)
        def promotion(
            self, info: Info_, id: Annotated[strawberry.ID, argument("The promotion's id.")]
        ) -> Promotion | None:
            context = context_of(info)
            return resolvers.promotion(  # type: ignore[return-value]
                context.connection,
                row_of("Promotion", id),
                selection_of(info),
                view=View(types, context.now),
            )

        @field("The codes of a promotion in the order they were made.", PROMOTIONS)
        def voucher_codes(
            self,
            info: Info_,
            promotion_id: Annotated[strawberry.ID, argument("The promotion's id.")],
            first: First = None,
            after: After = None,
            last: Last = None,
            before: Before = None,
        ) -> Connection[VoucherCode] | None:
            return resolvers.codes_page(  # type: ignore[return-value]
                context_of(info).connection,
                selection_of(info),
                promotion_id=row_of("Promotion", promotion_id),
                page=page_request(first, after, last, before),
            )

    return PromotionQuery


def _filter(typed: PromotionFilterInput | None) -> PromotionFilter:
    if typed is None:
        return PromotionFilter()
    # PostgreSQL cannot even be asked for a text with NUL; no kind has such a key.
    kinds = None if typed.kinds is None else tuple(key for key in typed.kinds if "\0" not in key)
    return PromotionFilter(statuses=statuses_of(typed), kinds=kinds)

"""Floors of the margin guard in the schema: staff say what no discount may go below."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog.prices.floors import Basis
from storeql.db import Connection as Database
from storeql.db import Selection
from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.promotions.floors import reads as floor_list
from storeql.promotions.floors.save import FloorInput, remove_floors, set_floor
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, opaque_id, row_of
from storeql.schema.money import Money, money_or_none
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import row_or_none
from storeql.schema.scalars import DateTime, Decimal
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS

strawberry.enum(
    Basis,
    name="PriceFloorBasis",
    description="PRICE: an amount. COST: what the variant costs the shop, and a margin on it.",
)


@strawberry.type(description="What a unit may not go below, whatever promotions grant.")
@answers(floor_list.PriceFloor)
class PriceFloor(Node):
    """A floor of the margin guard."""

    basis: Basis = attribute("What it is reckoned from.")
    updated_at: DateTime = attribute("When it was set.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("The product it is about; null for a category or the whole shop.")
    def product_id(self: floor_list.PriceFloor) -> strawberry.ID | None:
        return _id("Product", self.product_id)

    @pure("The category it is about, with all below it.")
    def category_id(self: floor_list.PriceFloor) -> strawberry.ID | None:
        return _id("Category", self.category_id)

    @pure("The channel it holds in; null for all.")
    def channel_id(self: floor_list.PriceFloor) -> strawberry.ID | None:
        return _id("Channel", self.channel_id)

    @pure("The amount of a PRICE.")
    def price(self: floor_list.PriceFloor) -> Money | None:
        return money_or_none(self.price_minor, self.currency) if self.currency else None

    @pure("What a COST puts on the cost, of 100; a fraction of a unit's floor is rounded up.")
    def margin_percent(self: floor_list.PriceFloor) -> Decimal | None:
        if self.basis is Basis.PRICE:
            return None
        return Decimal(shown(self.margin_basis_points, PERCENT_DECIMALS))


@strawberry.input(description="The cost of the variant with a margin on it.")
class PriceFloorCostInput:
    """A floor by cost."""

    margin_percent: Decimal = strawberry.field(
        default=Decimal("0"), description="What is put on the cost: 10 is cost × 1.1."
    )


@strawberry.input(description="What a floor is reckoned from: one of these.", one_of=True)
class PriceFloorRuleInput:
    """A floor's rule."""

    price: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="An amount in the currency of the channel."
    )
    cost: PriceFloorCostInput | None = strawberry.field(
        default=strawberry.UNSET, description="The cost and a margin on it."
    )


@strawberry.input(description="A floor; it takes the place of the one there is.")
class PriceFloorSetInput:
    """A floor to set at its place."""

    rule: PriceFloorRuleInput = strawberry.field(description="What it is reckoned from.")
    product_id: strawberry.ID | None = strawberry.field(
        default=None, description="The product it is about."
    )
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="Or the category, with all below it; neither is the whole shop."
    )
    channel_id: strawberry.ID | None = strawberry.field(
        default=None, description="The channel it holds in; all when left out."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="The version of the floor that was read; any when left out."
    )


@strawberry.input(description="Floors to remove.")
class PriceFloorsRemoveInput:
    """Floors by id."""

    ids: list[strawberry.ID] = strawberry.field(description="At most 100; all or none.")


@strawberry.type(description="A floor that was set.")
class PriceFloorPayload:
    """What setting a floor answers."""

    price_floor: PriceFloor | None = attribute("The floor.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Floors that were removed.")
class PriceFloorsRemovePayload:
    """What removing floors answers."""

    removed_ids: Sequence[strawberry.ID] | None = attribute("The ids of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class FloorQuery:
    """Root fields about floors."""

    @field(
        "Floors of the margin guard, the one changed last first. Of those about a unit the most "
        "specific holds: product, deeper category, category, shop; the channel's before all's.",
        PRODUCTS,
    )
    def price_floors(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PriceFloor] | None:
        return floor_list.floors_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )


@strawberry.type
class FloorMutation:
    """Mutations of floors."""

    @mutation("Sets what no discount may go below; prices keep to it at once.", PRODUCTS)
    def price_floor_set(
        self, info: Info_, input: Annotated[PriceFloorSetInput, argument("The floor.")]
    ) -> PriceFloorPayload | None:
        given, now = _floor(input), context_of(info).now

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            row = set_floor(connection, given, expected_version=input.expected_version, now=now)
            return {"price_floor": floor_list.floors_by_id(connection, [row]).get(row)}

        return run(info, PriceFloorPayload, work)

    @mutation("Removes floors; less specific ones hold then.", PRODUCTS)
    def price_floors_remove(
        self, info: Info_, input: Annotated[PriceFloorsRemoveInput, argument("Which ones.")]
    ) -> PriceFloorsRemovePayload | None:
        rows = [row_of("PriceFloor", one) for one in input.ids]

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            removed = remove_floors(connection, rows)
            return {"removed_ids": [opaque_id("PriceFloor", row) for row in removed]}

        return run(info, PriceFloorsRemovePayload, work)


@refetches("PriceFloor")
def price_floors(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Floors, for staff who manage products."""
    context = context_of(info)
    if PRODUCTS not in context.granted:
        return {}
    return dict(floor_list.floors_by_id(context.connection, rows))


def _id(type_name: str, row: int | None) -> strawberry.ID | None:
    return None if row is None else opaque_id(type_name, row)


def _floor(typed: PriceFloorSetInput) -> FloorInput:
    cost = typed.rule.cost
    by_cost = cost is not None and cost is not strawberry.UNSET
    return FloorInput(
        product_id=row_or_none("Product", typed.product_id),
        category_id=row_or_none("Category", typed.category_id),
        channel_id=row_or_none("Channel", typed.channel_id),
        price=None if by_cost else typed.rule.price,
        margin_percent=cost.margin_percent if by_cost and cost else None,
    )

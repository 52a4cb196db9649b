"""The customer's points in GraphQL."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from storeql.errors import BadInput
from storeql.schema.extending import (
    DateTime,
    Permission,
    answers,
    argument,
    attribute,
    context_of,
    own_customer_id,
    query_field,
    selection_of,
)
from storeql_loyalty_points import points

MOST = 100


@strawberry.type(description="The loyalty points of one order.")
@answers(points.OrderPoints)
class LoyaltyOrder:
    """What an order earned."""

    order_number: str = attribute("The order's number.")
    points: int = attribute("What it earned; 0 once it is cancelled.")
    placed_at: DateTime = attribute("When it was placed.")
    taken_back_at: DateTime | None = attribute("When its points were taken back.")


@strawberry.type(description="The loyalty points of a customer.")
@answers(points.Points)
class LoyaltyPoints:
    """A customer's points."""

    balance: int = attribute("How many points there are.")
    orders: Sequence[LoyaltyOrder] = attribute("The latest orders behind them, newest first.")


@strawberry.type
class LoyaltyQuery:
    """Root fields about loyalty points."""

    @query_field("The points of the customer who is signed in.", Permission.CUSTOMER)
    def loyalty_points(
        self,
        info: Info[Any, Any],
        first: Annotated[int, argument("How many orders, at most 100.")] = 20,
    ) -> LoyaltyPoints | None:
        if not 1 <= first <= MOST:
            raise BadInput(f"Ask for 1 to {MOST} orders.")
        context = context_of(info)
        return points.points_of(  # type: ignore[return-value]
            context.connection,
            own_customer_id(context),
            first=first,
            with_orders=selection_of(info).wants("orders"),
        )

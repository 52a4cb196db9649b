"""Simulations: what a promotion would have done to past orders, and does to the open carts."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.replay import records
from storeql.orders.replay.results import simulations_by_id, simulations_page
from storeql.orders.replay.start import SimulationWish, start_simulation
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, opaque_id, row_of
from storeql.schema.jobs.types import Job
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import row_or_none
from storeql.schema.orders.simulation_figures import PromotionSimulationResult, Told
from storeql.schema.scalars import CurrencyCode, DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS
MUTATION = "promotionSimulate"


@strawberry.type(description="A promotion tried over the orders of a period, in the background.")
@answers(records.Simulation)
class PromotionSimulation(Node):
    """A simulation."""

    promotion_version: int = attribute("The version that is tried.")
    currency: CurrencyCode = attribute("Orders and carts in this currency.")
    from_at: DateTime = attribute("Orders placed from here on.")
    to_at: DateTime = attribute("Orders placed before this.")
    created_by: str = attribute("Who asked for it.")
    created_at: DateTime = attribute("When it was asked for.")
    job: Job | None = attribute("The job that works it out; null once it is forgotten.")

    @pure("The promotion.")
    def promotion_id(self: records.Simulation) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("The promotion whose place it takes.")
    def replaces_id(self: records.Simulation) -> strawberry.ID | None:
        return None if self.replaces_id is None else opaque_id("Promotion", self.replaces_id)

    @pure("What came of it; null until the job has succeeded, and once it is forgotten.")
    def result(self: records.Simulation) -> PromotionSimulationResult | None:
        if self.result is None:
            return None
        return Told(self.result, self.currency)  # type: ignore[return-value]


@strawberry.type
class SimulationQuery:
    """Reads of simulations."""

    @field("One simulation; null when there is none.", PROMOTIONS)
    def promotion_simulation(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The simulation's id.")]
    ) -> PromotionSimulation | None:
        row = row_of("PromotionSimulation", id)
        return _simulations(info, [row]).get(row)

    @field("The simulations of a promotion, newest first.", PROMOTIONS)
    def promotion_simulations(
        self,
        info: Info_,
        promotion_id: Annotated[strawberry.ID, argument("The promotion's id.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[PromotionSimulation] | None:
        context = context_of(info)
        return simulations_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            promotion_id=row_of("Promotion", promotion_id),
            page=page_request(first, after, last, before),
            granted=context.granted,
        )


@strawberry.input(description="What to try over which orders.")
class PromotionSimulateInput:
    """A simulation to be."""

    promotion_id: strawberry.ID = strawberry.field(
        description="The promotion as it is set up now, draft or not; its start and end, and a code"
        " that nobody has yet, do not matter."
    )
    from_: DateTime = strawberry.field(name="from", description="Orders placed from here on.")
    to: DateTime = strawberry.field(description="Orders placed before this; at most 366 days.")
    replaces_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The promotion whose place it takes: an edited copy shows what the edit does.",
    )
    currency: CurrencyCode | None = strawberry.field(
        default=None,
        description="Orders in this currency; the promotion's own, or the default channel's.",
    )
    idempotency_key: str = strawberry.field(
        description="Your name for this call: sent again, it answers the same simulation."
    )


@strawberry.type(description="A simulation that was asked for.")
class PromotionSimulatePayload:
    """What asking for a simulation answers."""

    simulation: PromotionSimulation | None = attribute("The simulation; its job tells how far.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class SimulationMutation:
    """Writes of simulations."""

    @mutation(
        "Replays past orders, and the open carts, with a promotion, in the background.", PROMOTIONS
    )
    def promotion_simulate(
        self, info: Info_, input: Annotated[PromotionSimulateInput, argument("What to try.")]
    ) -> PromotionSimulatePayload | None:
        context, wish = context_of(info), _wish(input)
        types = context.shop.price_desk.active_sets.types

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            key = key_of(context.actor, MUTATION, input.idempotency_key, wish)
            row = object_of(connection, key)
            if row is None:
                actor, now = context.actor.key, context.now
                row = start_simulation(connection, wish, types=types, actor=actor, now=now)
                keep_key(connection, key, object_id=row, now=now)
            wanted = selection.of("simulation")
            found = simulations_by_id(connection, [row], wanted, granted=context.granted)
            return {"simulation": found.get(row)}

        return run(info, PromotionSimulatePayload, work)


def _wish(input: PromotionSimulateInput) -> SimulationWish:
    return SimulationWish(
        promotion_id=row_of("Promotion", input.promotion_id),
        from_at=input.from_,
        to_at=input.to,
        replaces_id=row_or_none("Promotion", input.replaces_id),
        currency=input.currency,
    )


@refetches("PromotionSimulation")
def _simulations(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Simulations, for staff who manage promotions."""
    context = context_of(info)
    if PROMOTIONS not in context.granted:
        return {}
    return simulations_by_id(context.connection, rows, selection_of(info), granted=context.granted)

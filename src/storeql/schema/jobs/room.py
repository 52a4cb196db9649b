"""Root fields about background jobs; each actor sees those that their permissions are for."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, TypeAlias

import strawberry
from msgspec import Struct
from strawberry.types import Info

from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.jobs import resolvers
from storeql.jobs.cancel import cancel_job
from storeql.jobs.changes import job_state, job_topic
from storeql.jobs.records import JobState
from storeql.schema.access import ANY_GRANT as ANY
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, attribute, field, subscription
from storeql.schema.ids import row_of
from storeql.schema.jobs.types import Job
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.selection import selection_of
from storeql.schema.subscriptions import follow
from storeql.shop import Shop

Info_: TypeAlias = Info[Any, Any]


@strawberry.type
class JobQuery:
    """Reads of jobs."""

    @field("Background jobs that your permissions are for, newest first.", *ANY)
    def jobs(
        self,
        info: Info_,
        states: Annotated[list[JobState] | None, argument("Only in one of these states.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Job] | None:
        context = context_of(info)
        return resolvers.jobs_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            states=states,
            granted=context.granted,
        )

    @field("One background job; null when there is none that you may see.", *ANY)
    def job(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The job's id.")]
    ) -> Job | None:
        row = row_of("Job", id)
        return _jobs(info, [row]).get(row)


@strawberry.input(description="A job to cancel.")
class JobCancelInput:
    """Which job to cancel."""

    id: strawberry.ID = strawberry.field(description="The job's id.")


@strawberry.type(description="A job after a change.")
class JobPayload:
    """What a change of a job answers."""

    job: Job | None = attribute("The job after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class JobMutation:
    """Writes of jobs."""

    @mutation("Cancels a job; what its saved steps did stays done.", *ANY)
    def job_cancel(
        self, info: Info_, input: Annotated[JobCancelInput, argument("Which one.")]
    ) -> JobPayload | None:
        context, row = context_of(info), row_of("Job", input.id)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            cancel_job(connection, row, granted=context.granted, now=context.now)
            found = resolvers.jobs_by_id(connection, [row], granted=context.granted)
            return {"job": found[row]}

        return run(info, JobPayload, work)


class JobWatched(Struct, frozen=True):
    """The event behind JobUpdate."""

    job_id: int


@strawberry.type(description="A job has moved on.")
class JobUpdate:
    """One event of `jobChanged`."""

    @field("The job as it is now; null when you may no longer see it.")
    def job(self: JobWatched, info: Info_) -> Job | None:
        return _jobs(info, [self.job_id]).get(self.job_id)


@strawberry.type
class JobSubscription:
    """Subscriptions of jobs."""

    @subscription("A job that you may see: at once, and again with every step.", *ANY)
    async def job_changed(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The job's id.")]
    ) -> AsyncGenerator[JobUpdate | None, None]:
        row, granted = row_of("Job", id), context_of(info).granted
        shop: Shop = context_of(info).shop
        async for _ in follow(shop, job_topic(row), lambda c: job_state(c, row, granted=granted)):
            yield JobWatched(row)  # type: ignore[misc]


@refetches("Job")
def _jobs(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Jobs, for those whose permissions they are for."""
    context = context_of(info)
    return resolvers.jobs_by_id(context.connection, rows, granted=context.granted)

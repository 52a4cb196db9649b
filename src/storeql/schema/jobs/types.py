"""A background job as staff see it."""

import msgspec
import strawberry

from storeql.jobs import records
from storeql.jobs.records import JobState
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node
from storeql.schema.scalars import DateTime, Json

strawberry.enum(
    JobState,
    name="JobState",
    description="QUEUED: waits for a worker. RUNNING: has one. SUCCEEDED, FAILED, CANCELLED: over.",
)


@strawberry.type(description="Long work that a worker does in steps; it survives any restart.")
@answers(records.Job)
class Job(Node):
    """A background job."""

    kind: str = attribute("What it does, such as VOUCHER_BATCH.")
    state: JobState = attribute("Where it is in its life.")
    done: int = attribute("How much is done and saved.")
    total: int = attribute("How much there is to do; 0 while nobody knows.")
    error: str | None = attribute("Why it failed.")
    created_by: str = attribute("Who asked for it.")
    created_at: DateTime = attribute("When it was asked for.")
    started_at: DateTime | None = attribute("When a worker first took it.")
    updated_at: DateTime = attribute("When it last changed.")
    finished_at: DateTime | None = attribute("When it ended.")

    @pure("What came out of it, once it succeeded; its form depends on the kind.")
    def result(self: records.Job) -> Json | None:
        return None if self.result_json is None else Json(msgspec.json.decode(self.result_json))

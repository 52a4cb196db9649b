"""Root fields of the warehouse's work."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.orders.fulfilment.reads import fulfilments_by
from storeql.schema.fields import argument, field
from storeql.schema.ids import row_of
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.orders.fulfilments import WORK, Fulfilment
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]


@strawberry.type
class FulfilmentQuery:
    """Root fields of fulfilments."""

    @field("One fulfilment; null when there is none.", *WORK)
    def fulfilment(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The fulfilment's id.")]
    ) -> Fulfilment | None:
        row = row_of("Fulfilment", id)
        return _by_id(info, [row]).get(row)


@refetches("Fulfilment")
def fulfilments(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Fulfilments, for those who work on them."""
    granted = context_of(info).granted
    return _by_id(info, rows) if any(one.value in granted for one in WORK) else {}


def _by_id(info: Info_, rows: list[int]) -> dict[int, Any]:
    context = context_of(info)
    found = fulfilments_by(
        context.connection, selection_of(info), key="id", keys=rows, now=context.now
    )
    return {one.id: one for one in found}

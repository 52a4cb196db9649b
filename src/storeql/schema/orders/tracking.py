"""What carriers tell of packages, handed in by staff or by a program that speaks for a carrier."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.orders.tracking.add_events import add_tracking
from storeql.orders.tracking.events import ToldEvent, TrackingNews
from storeql.schema.fields import argument
from storeql.schema.mutation import mutation
from storeql.schema.optional import defaulting, listed, needed
from storeql.schema.orders.fulfilment_mutations import FulfilmentPayload, changed_fulfilment
from storeql.schema.orders.fulfilments import WORK
from storeql.schema.orders.words import TrackingKind
from storeql.schema.scalars import DateTime

Info_: TypeAlias = Info[Any, Any]


@strawberry.input(description="Something that happened to a package.")
class TrackingEventInput:
    """A tracking event."""

    kind: TrackingKind = needed("What happened.")
    at: DateTime = needed("When it happened.")
    source_id: str = defaulting(
        "", "The carrier's name for it, at most 64 characters: told again, it is not kept twice."
    )
    place: str = defaulting("", "Where, at most 200 characters.")
    message: str = defaulting("", "What the carrier says of it, at most 500 characters.")


@strawberry.input(description="What a carrier tells of a package.")
class TrackingAddInput:
    """News of a package."""

    tracking_number: str = needed("The package's number.")
    carrier: str = defaulting("", "Whose number it is; any carrier's when left out.")
    events: list[TrackingEventInput] = listed("At most 100, in any order, new or told before.")
    estimated_delivery_at: DateTime | None = defaulting(None, "When it is expected now.")
    told_at: DateTime | None = defaulting(
        None, "When the carrier said so: older news never replaces newer. Now when left out."
    )


@strawberry.type
class TrackingMutation:
    """Mutations of tracking."""

    @mutation("Takes in what a carrier tells of a package; a delivered one is delivered.", *WORK)
    def tracking_add(
        self, info: Info_, input: Annotated[TrackingAddInput, argument("The news.")]
    ) -> FulfilmentPayload | None:
        news = TrackingNews(
            tracking_number=input.tracking_number,
            carrier=input.carrier,
            events=[_told(one) for one in input.events],
            estimated_at=input.estimated_delivery_at,
            told_at=input.told_at,
        )
        return changed_fulfilment(info, add_tracking, news)


def _told(typed: TrackingEventInput) -> ToldEvent:
    return ToldEvent(
        kind=typed.kind,
        at=typed.at,
        source_id=typed.source_id,
        place=typed.place,
        message=typed.message,
    )

"""Inputs of webhooks, and how they are read."""

import strawberry

from storeql.errors import BadInput
from storeql.schema.events.types import EventName
from storeql.schema.ids import row_of
from storeql.schema.optional import (
    defaulting,
    kept,
    kept_or_null,
    needed,
    optional,
    row_or_none,
    value_or_none,
)
from storeql.schema.scalars import DateTime
from storeql.webhooks.forms import SubscriptionChange
from storeql.webhooks.replay import ReplayWish
from storeql.webhooks.rotate_secret import DEFAULT_HOURS

URL = "Where to send events: https, and outside of development a public address."
KINDS = "What to hear of; for each kind its owner needs the permission that it is for."
CHANNEL = "Leave out events about other channels; null for none."
QUERY = (
    "A GraphQL query with the one root field `event`, whose answer is sent; it runs with the "
    "owner's permissions. The plain facts of the event without one, or with an empty text."
)


@strawberry.input(description="Where events are to be sent.")
class WebhookSubscriptionCreateInput:
    """A subscription to add."""

    name: str = needed("The name staff see.")
    url: str = needed(URL)
    kinds: list[EventName] = needed(KINDS)
    channel_id: strawberry.ID | None = optional(CHANNEL)
    query: str | None = optional(QUERY)
    is_active: bool = defaulting(True, "Whether it listens from now on.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class WebhookSubscriptionUpdateInput:
    """A change of a subscription."""

    id: strawberry.ID = needed("The subscription's id.")
    expected_version: int = needed("The version that was read.")
    name: str | None = optional("The name staff see.")
    url: str | None = optional(URL)
    kinds: list[EventName] | None = optional(KINDS)
    channel_id: strawberry.ID | None = optional(CHANNEL)
    query: str | None = optional(QUERY)
    is_active: bool | None = optional("Whether it listens from now on.")
    take_over: bool = defaulting(False, "Own it from now on, with your permissions.")


@strawberry.input(description="A subscription to delete.")
class WebhookSubscriptionDeleteInput:
    """A subscription, as it was read."""

    id: strawberry.ID = needed("The subscription's id.")
    expected_version: int | None = defaulting(None, "The version that was read; any when left out.")


@strawberry.input(description="A subscription whose secret is to be replaced.")
class WebhookSecretRotateInput:
    """Which secret to replace."""

    id: strawberry.ID = needed("The subscription's id.")
    overlap_hours: int = defaulting(
        DEFAULT_HOURS,
        "For how many hours requests are signed with the old one too, at most 720; 0 ends it now.",
    )


@strawberry.input(description="A subscription to go on with.")
class WebhookSubscriptionResumeInput:
    """Which subscription to resume."""

    id: strawberry.ID = needed("The subscription's id.")


@strawberry.input(description="A time of which everything is to be sent again.")
class WebhookPeriodInput:
    """A period of one subscription."""

    subscription_id: strawberry.ID = needed("The subscription's id.")
    from_: DateTime = strawberry.field(
        name="from", description="Events that happened at this instant or later."
    )
    until: DateTime = needed("Events that happened before this instant.")


@strawberry.input(description="What to send again.", one_of=True)
class WebhookReplayChoice:
    """One delivery, the dead ones of a subscription, or those of a period."""

    delivery_id: strawberry.ID | None = optional("This one.")
    dead_of: strawberry.ID | None = optional("All that were given up for this subscription.")
    period: WebhookPeriodInput | None = optional(
        "All events of a period that this subscription wants to hear of and that are still kept, "
        "also those that happened before it was added."
    )


@strawberry.input(description="Deliveries to send again.")
class WebhookDeliveriesReplayInput:
    """What to replay."""

    deliveries: WebhookReplayChoice = needed("Which ones.")


def change_of(
    typed: WebhookSubscriptionCreateInput | WebhookSubscriptionUpdateInput,
) -> SubscriptionChange:
    """The change that an input asks for."""
    kinds, channel = kept(typed.kinds), kept_or_null(typed.channel_id)
    return SubscriptionChange(
        name=kept(typed.name),
        url=kept(typed.url),
        kinds=tuple(kind.value for kind in kinds) if kinds else kinds,
        channel_id=row_of("Channel", channel) if isinstance(channel, str) else channel,
        document=kept(typed.query),
        is_active=kept(typed.is_active),
    )


def replay_of(typed: WebhookReplayChoice) -> ReplayWish:
    """What is to be sent again; raises BadInput for ids of something else."""
    one, dead, period = (
        value_or_none(given) for given in (typed.delivery_id, typed.dead_of, typed.period)
    )
    if period is not None:
        return ReplayWish(
            period_of=row_of("WebhookSubscription", period.subscription_id),
            from_at=period.from_,
            until_at=period.until,
        )
    if one is None and dead is None:
        raise BadInput("Say what to send again.")
    return ReplayWish(
        delivery_id=row_or_none("WebhookDelivery", one),
        dead_of=row_or_none("WebhookSubscription", dead),
    )

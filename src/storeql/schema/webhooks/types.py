"""Subscriptions and deliveries as staff see them."""

from collections.abc import Sequence

import strawberry

from storeql.schema.events.types import Event, EventName
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.scalars import DateTime
from storeql.webhooks import records
from storeql.webhooks.records import DeliveryState
from storeql.webhooks.selections import text_of

strawberry.enum(
    DeliveryState,
    name="WebhookDeliveryState",
    description="WAITING: to be sent, now or later. DELIVERED: it was taken. DEAD: given up.",
)


@strawberry.type(description="Where the shop sends events to, and what it says of them.")
@answers(records.Subscription)
class WebhookSubscription(Node):
    """A webhook subscription."""

    name: str = attribute("The name staff see.")
    url: str = attribute("Where events are sent by POST.")
    is_active: bool = attribute("Whether it listens; what happens while it does not is not kept.")
    owner: str = attribute("Who owns it, such as app:2: their permissions are its permissions.")
    failing_since: DateTime | None = attribute("Since when nothing was taken; null if all is well.")
    paused_at: DateTime | None = attribute(
        "When it was paused, after failing for two days: nothing is sent until it is resumed, and "
        "what happens is kept."
    )
    pause_reason: str = attribute("Why it was paused; empty if it is not.")
    waiting: int = attribute("How many deliveries wait.")
    dead: int = attribute("How many deliveries were given up.")
    created_at: DateTime = attribute("When it was added.")
    updated_at: DateTime = attribute("When it was last changed.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("What it wants to hear of.")
    def kinds(self: records.Subscription) -> list[EventName]:
        return [EventName[name] for name in self.kinds if name in EventName.__members__]

    @pure("Events about other channels are left out; null for none. Some are about all channels.")
    def channel_id(self: records.Subscription) -> strawberry.ID | None:
        return None if self.channel_id is None else opaque_id("Channel", self.channel_id)

    @pure("Until when requests are signed with the secret before the last one too.")
    def previous_secret_until(self: records.Subscription) -> DateTime | None:
        return self.previous_until  # type: ignore[return-value]

    @pure("The GraphQL query whose answer is the body of what is sent.")
    def query(self: records.Subscription) -> str:
        return text_of(self.document)


@strawberry.type(description="One time that a delivery was sent.")
@answers(records.Attempt)
class WebhookAttempt:
    """An attempt."""

    number: int = attribute("Its number among the delivery's attempts, from 1.")
    at: DateTime = attribute("When it was sent.")
    milliseconds: int = attribute("How long it took until the answer, or until it was given up.")
    status: int | None = attribute("The receiver's HTTP status; null when nobody answered.")
    error: str = attribute("What went wrong; empty when it was taken.")
    response: str = attribute("The first 2,000 bytes of the answer, as text.")


@strawberry.type(description="One event for one subscription, and how sending it went.")
@answers(records.Delivery)
class WebhookDelivery(Node):
    """A delivery."""

    state: DeliveryState = attribute("Where it is.")
    attempt_count: int = attribute("How often it was sent.")
    attempts: Sequence[WebhookAttempt] = attribute("Each time it was sent, the first one first.")
    created_at: DateTime = attribute("When the event was put in line for the subscription.")
    finished_at: DateTime | None = attribute("When it was taken, or given up.")

    @pure("What happened.")
    def kind(self: records.Delivery) -> EventName:
        return EventName[self.kind]

    @pure("The event; null when your permissions are not for its kind.")
    def event(self: records.Delivery) -> Event | None:
        return self.event  # type: ignore[return-value]

    @pure("The subscription it is for.")
    def subscription_id(self: records.Delivery) -> strawberry.ID:
        return opaque_id("WebhookSubscription", self.subscription_id)

    @pure("When it is sent next; null once it is taken or given up.")
    def next_attempt_at(self: records.Delivery) -> DateTime | None:
        is_waiting = self.state is DeliveryState.WAITING
        return DateTime(self.due_at) if is_waiting else None

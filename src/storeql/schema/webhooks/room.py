"""Root fields about webhooks, for those who look after apps."""

from typing import Annotated, Any, TypeAlias

import strawberry
from msgspec.structs import replace
from strawberry.types import Info

from storeql.access import Permission
from storeql.context import RequestContext
from storeql.db import Connection as DbConnection
from storeql.db import Selection
from storeql.db.paging import Edge, Page, node_selection
from storeql.inputs import Fields
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.events.objects import with_objects
from storeql.schema.events.room import heard_kinds
from storeql.schema.events.types import EventName
from storeql.schema.fields import argument, attribute, field
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import optional, row_or_none, value_or_none
from storeql.schema.selection import selection_of
from storeql.schema.webhooks.inputs import (
    WebhookDeliveriesReplayInput,
    WebhookSecretRotateInput,
    WebhookSubscriptionCreateInput,
    WebhookSubscriptionDeleteInput,
    WebhookSubscriptionResumeInput,
    WebhookSubscriptionUpdateInput,
    change_of,
    replay_of,
)
from storeql.schema.webhooks.types import WebhookDelivery, WebhookSubscription
from storeql.shop import EVENT_KINDS
from storeql.webhooks import resolvers
from storeql.webhooks.create import create_subscription
from storeql.webhooks.delete import delete_subscription
from storeql.webhooks.forms import Rules, looked_up
from storeql.webhooks.records import Delivery, DeliveryState
from storeql.webhooks.replay import replay
from storeql.webhooks.resolvers import DeliveryFilter
from storeql.webhooks.resume import resume_subscription
from storeql.webhooks.rotate_secret import rotate_secret
from storeql.webhooks.signing_keys import secret_of
from storeql.webhooks.update import update_subscription

Info_: TypeAlias = Info[Any, Any]
APPS = Permission.MANAGE_APPS
SECRET = "The secret that signs what is sent, shown this once."


@strawberry.input(description="What deliveries have in common; all that is given must hold.")
class WebhookDeliveryFilterInput:
    """Which deliveries."""

    states: list[DeliveryState] | None = optional("In one of these states.")
    kinds: list[EventName] | None = optional("Of one of these kinds of events.")
    subscription_id: strawberry.ID | None = optional("For this subscription.")


@strawberry.type
class WebhookQuery:
    """Reads of subscriptions and deliveries."""

    @field("Where events are sent to, newest first.", APPS)
    def webhook_subscriptions(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookSubscription] | None:
        return resolvers.subscriptions_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One subscription; null when there is none.", APPS)
    def webhook_subscription(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The subscription's id.")]
    ) -> WebhookSubscription | None:
        row = row_of("WebhookSubscription", id)
        return subscriptions(info, [row]).get(row)

    @field("What was sent and is to be sent, newest first.", APPS)
    def webhook_deliveries(
        self,
        info: Info_,
        filter: Annotated[
            WebhookDeliveryFilterInput | None, argument("What they have in common.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[WebhookDelivery] | None:
        context, selection = context_of(info), selection_of(info)
        page = resolvers.deliveries_page(
            context.connection,
            selection,
            page=page_request(first, after, last, before),
            filter=_filter(filter),
            kinds=heard_kinds(context),
        )
        return _told_page(context, page, selection)  # type: ignore[return-value]


@strawberry.type(description="A subscription after a change.")
class WebhookSubscriptionPayload:
    """What a change of a subscription answers."""

    webhook_subscription: WebhookSubscription | None = attribute(
        "The subscription after the change."
    )
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A subscription and its new secret.")
class WebhookSecretPayload:
    """What adding a subscription and replacing its secret answer."""

    webhook_subscription: WebhookSubscription | None = attribute("The subscription.")
    secret: str | None = attribute(SECRET)
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A subscription that was deleted.")
class WebhookSubscriptionDeletePayload:
    """What deleting a subscription answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Deliveries that are in line again.")
class WebhookDeliveriesReplayPayload:
    """What sending again answers."""

    count: int | None = attribute("How many deliveries are sent again.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class WebhookMutation:
    """Writes of subscriptions and deliveries."""

    @mutation("Sends events to an address, with your permissions: you own it.", APPS)
    def webhook_subscription_create(
        self,
        info: Info_,
        input: Annotated[WebhookSubscriptionCreateInput, argument("The subscription.")],
    ) -> WebhookSecretPayload | None:
        context, fields, rules = context_of(info), Fields(), _rules(context_of(info))
        change = looked_up(change_of(input), fields, rules=rules)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            problems = Fields(problems=list(fields.problems))
            row, salt = create_subscription(
                connection,
                change,
                fields=problems,
                rules=rules,
                owner=context.actor,
                now=context.now,
            )
            return {**_read(connection, row, selection), **_secret(context, salt)}

        return run(info, WebhookSecretPayload, work)

    @mutation("Changes a subscription whose owner sees no more than you.", APPS)
    def webhook_subscription_update(
        self,
        info: Info_,
        input: Annotated[WebhookSubscriptionUpdateInput, argument("The change.")],
    ) -> WebhookSubscriptionPayload | None:
        context, fields, rules = context_of(info), Fields(), _rules(context_of(info))
        row = row_of("WebhookSubscription", input.id)
        change = looked_up(change_of(input), fields, rules=rules)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            update_subscription(
                connection,
                row,
                change,
                expected_version=input.expected_version,
                take_over=input.take_over,
                fields=Fields(problems=list(fields.problems)),
                rules=rules,
                actor=context.actor,
                now=context.now,
            )
            return _read(connection, row, selection)

        return run(info, WebhookSubscriptionPayload, work)

    @mutation("Deletes a subscription with all that was to be sent for it.", APPS)
    def webhook_subscription_delete(
        self,
        info: Info_,
        input: Annotated[WebhookSubscriptionDeleteInput, argument("Which one.")],
    ) -> WebhookSubscriptionDeletePayload | None:
        row = row_of("WebhookSubscription", input.id)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            delete_subscription(connection, row, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, WebhookSubscriptionDeletePayload, work)

    @mutation("Replaces a subscription's secret; the old one holds for a while.", APPS)
    def webhook_secret_rotate(
        self, info: Info_, input: Annotated[WebhookSecretRotateInput, argument("Which one.")]
    ) -> WebhookSecretPayload | None:
        context, row = context_of(info), row_of("WebhookSubscription", input.id)

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            salt = rotate_secret(
                connection, row, overlap_hours=input.overlap_hours, now=context.now
            )
            return {**_read(connection, row, selection), **_secret(context, salt)}

        return run(info, WebhookSecretPayload, work)

    @mutation("Goes on with a paused subscription: what waited is sent.", APPS)
    def webhook_subscription_resume(
        self,
        info: Info_,
        input: Annotated[WebhookSubscriptionResumeInput, argument("Which one.")],
    ) -> WebhookSubscriptionPayload | None:
        row, now = row_of("WebhookSubscription", input.id), context_of(info).now

        def work(connection: DbConnection, selection: Selection) -> dict[str, Any]:
            resume_subscription(connection, row, now=now)
            return _read(connection, row, selection)

        return run(info, WebhookSubscriptionPayload, work)

    @mutation("Sends again: one delivery, all dead ones, or those of a period.", APPS)
    def webhook_deliveries_replay(
        self,
        info: Info_,
        input: Annotated[WebhookDeliveriesReplayInput, argument("What to send again.")],
    ) -> WebhookDeliveriesReplayPayload | None:
        wish, now = replay_of(input.deliveries), context_of(info).now
        return run(
            info,
            WebhookDeliveriesReplayPayload,
            lambda connection, _: {"count": replay(connection, wish, now=now)},
        )


@refetches("WebhookSubscription")
def subscriptions(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Subscriptions, for those who look after apps."""
    context = context_of(info)
    if APPS not in context.granted:
        return {}
    return resolvers.subscriptions_by_id(context.connection, rows, selection_of(info))


@refetches("WebhookDelivery")
def deliveries(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Deliveries, for those who look after apps."""
    context, selection = context_of(info), selection_of(info)
    if APPS not in context.granted:
        return {}
    found = resolvers.deliveries_by_id(
        context.connection, rows, selection, kinds=heard_kinds(context)
    )
    return {one.id: one for one in _told(context, list(found.values()), selection)}


def _rules(context: RequestContext) -> Rules:
    shop = context.shop
    return Rules(kinds=EVENT_KINDS, selections=shop.selections, reach=shop.reach)


def _secret(context: RequestContext, salt: str) -> dict[str, Any]:
    return {"secret": secret_of(salt, secret=context.shop.settings.secret)}


def _read(connection: DbConnection, row: int, selection: Selection) -> dict[str, Any]:
    wanted = selection.of("webhook_subscription")
    return {"webhook_subscription": resolvers.subscriptions_by_id(connection, [row], wanted)[row]}


def _told(context: RequestContext, found: list[Delivery], selection: Selection) -> list[Delivery]:
    """The deliveries with what their events are about, where that is asked for."""
    events = [one.event for one in found if one.event is not None]
    shown = {one.id: one for one in with_objects(context, events, selection.of("event"))}
    return [replace(one, event=shown.get(one.event_id)) for one in found]


def _told_page(
    context: RequestContext, page: Page[Delivery], selection: Selection
) -> Page[Delivery]:
    nodes = _told(context, list(page.nodes), node_selection(selection))
    edges = [Edge(edge.cursor, node) for edge, node in zip(page.edges, nodes, strict=False)]
    return replace(page, nodes=nodes, edges=edges)


def _filter(given: WebhookDeliveryFilterInput | None) -> DeliveryFilter:
    if given is None:
        return DeliveryFilter()
    kinds = value_or_none(given.kinds)
    return DeliveryFilter(
        states=value_or_none(given.states),
        kinds=None if kinds is None else [kind.value for kind in kinds],
        subscription_id=row_or_none("WebhookSubscription", value_or_none(given.subscription_id)),
    )

"""Programs outside are told of what happens, in the words that they chose, signed and once more
if they did not take it; staff see how it went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.webhooks import InvalidWebhook, verify
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.webhooks.office import (
    CREATE,
    ERRORS,
    SUBSCRIPTION,
    app_token,
    deliver,
    deliveries,
    owner_of,
    subscribe,
)
from tests.webhooks.receiver import Receiver, Reply, receiving

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ORDER_QUERY = """{
  event {
    kind sequence at
    ... on OrderPlacedEvent { stateAfter order { number total { amount } lines { sku quantity } } }
    ... on OrderStateChangedEvent { stateBefore stateAfter order { number state } }
  }
}"""
UPDATE = f"""
  mutation ($input: WebhookSubscriptionUpdateInput!) {{
    webhookSubscriptionUpdate(input: $input) {{ webhookSubscription {{ {SUBSCRIPTION} }} {ERRORS} }}
  }}"""
DELETE = f"""
  mutation ($input: WebhookSubscriptionDeleteInput!) {{
    webhookSubscriptionDelete(input: $input) {{ deletedId {ERRORS} }}
  }}"""
ROTATE = f"""
  mutation ($input: WebhookSecretRotateInput!) {{
    webhookSecretRotate(input: $input) {{ secret webhookSubscription {{ version }} {ERRORS} }}
  }}"""
RESUME = f"""
  mutation ($input: WebhookSubscriptionResumeInput!) {{
    webhookSubscriptionResume(input: $input) {{ webhookSubscription {{ {SUBSCRIPTION} }} {ERRORS} }}
  }}"""
REPLAY = f"""
  mutation ($input: WebhookDeliveriesReplayInput!) {{
    webhookDeliveriesReplay(input: $input) {{ count {ERRORS} }}
  }}"""
SUBSCRIPTIONS = f"{{ webhookSubscriptions {{ totalCount nodes {{ {SUBSCRIPTION} }} }} }}"
EVENTS = """
  query ($filter: EventFilterInput) {
    events(filter: $filter) {
      totalCount
      nodes {
        __typename id kind sequence actor objectId ... on OrderPlacedEvent { order { number } }
      }
    }
  }"""
HOLD = """
  mutation ($input: OrderHoldInput!) {
    orderHold(input: $input) { order { state } userErrors { code } } }"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def placed(door: Door, key: str = "order-1", session: str = "") -> dict[str, Any]:
    """An order of two teas and a cup, delivered for 160.00; a guest's without a session."""
    shopper = Shopper(door, session)
    shopper.ready()
    order: dict[str, Any] = shopper.place("160.00", key)["order"]
    return order


def problems(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    assert all(value is None for name, value in payload.items() if name != "userErrors")
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


def test_an_order_is_told_in_the_selection_of_the_subscriber_and_signed(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    made = subscribe(door, token, receiver.url, "ORDER_PLACED", query=ORDER_QUERY)
    assert made["webhookSubscription"]["kinds"] == ["ORDER_PLACED"]

    order = placed(door)
    deliver(door)

    (request,) = receiver.received
    assert request.path == "/hooks"
    assert request.event == {
        "kind": "ORDER_PLACED",
        "sequence": 1,
        "at": "2025-11-24T16:00:00.000Z",
        "stateAfter": "AWAITING_FULFILMENT",
        "order": {
            "number": order["number"],
            "total": {"amount": "160.00"},
            "lines": [{"sku": "SKU-1", "quantity": 2}, {"sku": "SKU-2", "quantity": 1}],
        },
    }
    assert request.headers["content-type"] == "application/json"
    assert request.headers["storeql-event"] == "ORDER_PLACED"
    assert (request.headers["storeql-attempt"], request.headers["storeql-sequence"]) == ("1", "1")
    now = door.clock.now / 1000
    event_id = verify(made["secret"], request.headers, request.body, now=now)
    (delivery,) = deliveries(door, token)
    assert delivery["event"]["id"] == event_id
    assert (delivery["state"], delivery["attemptCount"]) == ("DELIVERED", 1)
    assert delivery["nextAttemptAt"] is None
    (attempt,) = delivery["attempts"]
    assert (attempt["number"], attempt["status"], attempt["error"]) == (1, 200, "")
    assert attempt["response"] == "ok"
    with pytest.raises(InvalidWebhook):
        verify(made["secret"], request.headers, request.body + b" ", now=now)

    deliver(door)
    assert len(receiver.received) == 1  # told once


def test_without_a_selection_the_plain_facts_are_sent_and_other_kinds_are_not(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_STATE_CHANGED")
    order = placed(door)
    door.clock.now += 5
    door.ask(HOLD, token, input={"orderId": order["id"], "reason": "the address looks odd"})
    deliver(door)

    (request,) = receiver.received
    event = request.event
    assert set(event) == {"id", "kind", "sequence", "at", "actor", "objectId"}
    assert (event["kind"], event["objectId"]) == ("ORDER_STATE_CHANGED", order["id"])
    assert event["actor"].startswith("staff:")


def test_what_is_not_taken_is_sent_again_with_growing_pauses_until_it_is(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url, "ORDER_PLACED")
    receiver.answer = lambda _: Reply(503 if len(receiver.received) < 3 else 204, b"x" * 5_000)
    placed(door)
    deliver(door)

    (delivery,) = deliveries(door, token)
    assert (delivery["state"], delivery["attemptCount"]) == ("WAITING", 1)
    assert delivery["attempts"][0]["error"] == "It answered 503."
    assert delivery["attempts"][0]["response"] == "x" * 2_000
    deliver(door)
    assert len(receiver.received) == 1  # not before its time
    for pause in (12_000, 48_000):
        door.clock.now += pause
        deliver(door)

    assert [one.headers["storeql-attempt"] for one in receiver.received] == ["1", "2", "3"]
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    (delivery,) = deliveries(door, token)
    assert (delivery["state"], delivery["attemptCount"]) == ("DELIVERED", 3)
    assert [attempt["status"] for attempt in delivery["attempts"]] == [503, 503, 204]
    (subscription,) = door.ask(SUBSCRIPTIONS, token)["nodes"]
    assert (subscription["failingSince"], subscription["waiting"]) == (None, 0)


def test_a_delivery_dies_after_fifteen_tries_and_its_subscription_pauses(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    made = subscribe(door, token, receiver.url, "ORDER_PLACED")["webhookSubscription"]
    receiver.answer = lambda _: Reply(500)
    placed(door)
    began = door.clock.now
    for _ in range(15):
        deliver(door)
        door.clock.now += 8 * HOUR
    assert len(receiver.received) == 15

    (delivery,) = deliveries(door, token, states=["DEAD"])
    assert delivery["finishedAt"] is not None
    (subscription,) = door.ask(SUBSCRIPTIONS, token)["nodes"]
    assert subscription["pausedAt"] is not None
    assert subscription["pauseReason"].endswith("It answered 500.")
    assert subscription["dead"] == 1
    assert door.clock.now - began > 2 * DAY

    # Paused: what happens is kept, nothing is sent. Resumed: both are sent, the dead one if asked.
    receiver.answer = lambda _: Reply()
    placed(door, "order-2")
    deliver(door)
    assert len(receiver.received) == 15
    resumed = door.ask(RESUME, token, input={"id": made["id"]})["webhookSubscription"]
    assert (resumed["pausedAt"], resumed["pauseReason"], resumed["waiting"]) == (None, "", 1)
    deliver(door)
    assert len(receiver.received) == 16
    again = door.ask(REPLAY, token, input={"deliveries": {"deadOf": made["id"]}})
    assert again == {"count": 1, "userErrors": []}
    deliver(door)
    assert len(receiver.received) == 17
    assert {one["state"] for one in deliveries(door, token)} == {"DELIVERED"}


def test_the_owner_of_a_paused_subscription_is_written_to(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    subscribe(door, owner_of(door, database), receiver.url, "ORDER_PLACED")
    receiver.answer = lambda _: Reply(500)
    placed(door)
    for _ in range(15):
        deliver(door)
        door.clock.now += 8 * HOUR
    with database.reading() as connection:
        rows = connection.text("SELECT recipient, subject FROM messages").fetchall()
    assert [tuple(row) for row in rows] == [("owner@example.cn", "The webhook “ERP” is paused")]


def test_one_delivery_and_a_period_are_replayed(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    first = subscribe(door, token, receiver.url, "ORDER_PLACED")["webhookSubscription"]
    began = door.clock.now
    placed(door)
    door.clock.now += HOUR
    placed(door, "order-2")
    deliver(door)
    newest, oldest = deliveries(door, token)

    one = door.ask(REPLAY, token, input={"deliveries": {"deliveryId": newest["id"]}})
    assert one["count"] == 1
    deliver(door)
    assert receiver.received[-1].headers["webhook-id"] == newest["event"]["id"]
    assert receiver.received[-1].headers["storeql-attempt"] == "2"

    # A subscription that is younger than the events can ask for them too.
    late = subscribe(door, token, receiver.url + "/late", "ORDER_PLACED")["webhookSubscription"]
    for subscription, path in ((first, "/hooks"), (late, "/hooks/late")):
        period = {
            "subscriptionId": subscription["id"],
            "from": instant(began),
            "until": instant(began + HOUR),
        }
        again = door.ask(REPLAY, token, input={"deliveries": {"period": period}})
        assert again == {"count": 1, "userErrors": []}
        deliver(door)
        assert receiver.received[-1].path == path
        assert receiver.received[-1].headers["webhook-id"] == oldest["event"]["id"]
    backwards = {"subscriptionId": late["id"], "from": instant(began), "until": instant(began)}
    refused = door.ask(REPLAY, token, input={"deliveries": {"period": backwards}})
    assert problems(refused) == [("OUT_OF_RANGE", ["deliveries", "period", "until"])]


def instant(milliseconds: int) -> str:
    from storeql.schema.scalars import instant_text

    return instant_text(milliseconds)


def test_a_rotated_secret_overlaps_and_then_ends(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    made = subscribe(door, token, receiver.url, "ORDER_PLACED")
    old = made["secret"]
    rotated = door.ask(ROTATE, token, input={"id": made["webhookSubscription"]["id"]})
    new = rotated["secret"]
    assert old.startswith("whsec_") and new.startswith("whsec_") and new != old

    placed(door)
    deliver(door)
    request, now = receiver.received[-1], door.clock.now / 1000
    for secret in (old, new):
        verify(secret, request.headers, request.body, now=now)

    door.clock.now += DAY
    placed(door, "order-2")
    deliver(door)
    request, now = receiver.received[-1], door.clock.now / 1000
    verify(new, request.headers, request.body, now=now)
    with pytest.raises(InvalidWebhook):
        verify(old, request.headers, request.body, now=now)


def test_a_selection_is_held_to_the_schema_the_root_field_and_the_owners_permissions(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    owner = owner_of(door, database)
    app = app_token(database, "MANAGE_APPS", "MANAGE_ORDERS")

    def refused(token: str, query: str, *kinds: str) -> list[tuple[str, list[str]]]:
        wish = {"name": "ERP", "url": receiver.url, "kinds": list(kinds), "query": query}
        return problems(door.ask(CREATE, token, input=wish))

    invalid = [("INVALID_QUERY", ["query"])]
    assert refused(owner, "{ event { nothing } }", "ORDER_PLACED") == invalid
    assert refused(owner, "{ event {", "ORDER_PLACED") == invalid
    assert refused(owner, "{ orders { nodes { id } } }", "ORDER_PLACED") == invalid
    assert refused(owner, "{ event { id } orders { totalCount } }", "ORDER_PLACED") == invalid
    assert refused(owner, '{ event(id: "x") { id } }', "ORDER_PLACED") == invalid
    assert refused(owner, "query ($a: ID) { event(id: $a) { id } }", "ORDER_PLACED") == invalid
    assert refused(owner, "mutation { staffSignOut { userErrors { code } } }", "ORDER_PLACED")
    assert refused(owner, "subscription { orderChanged(id: 1) { __typename } }", "ORDER_PLACED")
    deep = "{ event { ... on OrderPlacedEvent { order { customer { orders(first: 100) { nodes {"
    deep += " customer { orders(first: 100) { nodes { lines { sku } } } } } } } } } } }"
    assert refused(owner, deep, "ORDER_PLACED") == invalid  # too costly, or no such field

    # An app that may see orders may not see what customers are to the shop, nor hear of them.
    customer = "{ event { ... on OrderPlacedEvent { order { customer { groups { name } } } } } }"
    assert refused(app, customer, "ORDER_PLACED") == [("NOT_PERMITTED", ["query"])]
    assert refused(app, "", "ORDER_PLACED", "CUSTOMER_CREATED") == [
        ("NOT_PERMITTED", ["kinds", "1"])
    ]
    assert deliveries(door, owner) == []


def test_a_permission_that_is_revoked_later_nulls_the_field_or_kills_the_delivery(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    owner = owner_of(door, database)
    app = app_token(database, "MANAGE_APPS", "MANAGE_ORDERS", "MANAGE_CUSTOMERS")
    query = """{ event { kind
        ... on OrderPlacedEvent { order { number customer { addresses { id } } } } } }"""
    subscribe(door, app, receiver.url, "ORDER_PLACED", query=query)

    change_permissions(database, ["MANAGE_APPS", "MANAGE_ORDERS"])
    placed(door, session=door.customer())
    deliver(door)
    assert receiver.received[-1].event["order"]["customer"] == {"addresses": None}
    assert b'"FORBIDDEN"' in receiver.received[-1].body

    change_permissions(database, ["MANAGE_APPS"])
    placed(door, "order-2")
    deliver(door)
    assert len(receiver.received) == 1
    newest, _ = deliveries(door, owner)
    assert newest["state"] == "DEAD"
    assert "may not hear of this" in newest["attempts"][0]["error"]


def change_permissions(database: Database, permissions: list[str]) -> None:
    import json

    from sqlalchemy import update

    from storeql.customers.tables import app_tokens
    from storeql.db import statement

    change = statement(update(app_tokens).values(permissions=json.dumps(permissions)))
    database.write(lambda connection: connection.run(change))


def test_a_channel_can_be_filtered_and_a_subscription_switched_off(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    web, app = "Q2hhbm5lbDox", "Q2hhbm5lbDoy"
    subscribe(door, token, receiver.url + "/web", "ORDER_PLACED", channelId=web)
    subscribe(door, token, receiver.url + "/app", "ORDER_PLACED", channelId=app)
    placed(door)
    deliver(door)
    assert [one.path for one in receiver.received] == ["/hooks/web"]

    for one in door.ask(SUBSCRIPTIONS, token)["nodes"]:
        wish = {"id": one["id"], "expectedVersion": one["version"], "isActive": False}
        assert door.ask(UPDATE, token, input=wish)["webhookSubscription"]["isActive"] is False
    placed(door, "order-2")
    deliver(door)
    assert len(receiver.received) == 1
    assert door.ask(EVENTS, token)["totalCount"] == 1  # nobody listened to the second


def test_only_who_may_see_as_much_as_the_owner_changes_a_subscription_or_takes_it_over(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    owner = owner_of(door, database)
    app = app_token(database, "MANAGE_APPS", "MANAGE_ORDERS")
    made = subscribe(door, owner, receiver.url, "ORDER_PLACED")["webhookSubscription"]
    wish = {"id": made["id"], "expectedVersion": 1, "url": receiver.url + "/elsewhere"}

    payload = door.ask(UPDATE, app, input=wish)
    assert payload["userErrors"][0]["__typename"] == "GrantExceedsOwn"
    taken = door.ask(UPDATE, app, input={**wish, "takeOver": True})["webhookSubscription"]
    assert (taken["owner"], taken["version"]) == ("app:1", 2)
    stale = door.ask(UPDATE, owner, input=wish)
    assert [error["code"] for error in stale["userErrors"]] == ["STALE_VERSION"]
    changed = door.ask(UPDATE, owner, input={**wish, "expectedVersion": 2, "name": "Warehouse"})
    assert changed["webhookSubscription"]["owner"] == "app:1"  # the owner's staff may change it


def test_addresses_are_checked_all_at_once_with_the_rest(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    token = owner_of(door, database)
    wish = {"name": " ", "url": "ftp://example.com", "kinds": [], "channelId": "Q2hhbm5lbDo5OQ=="}
    assert problems(door.ask(CREATE, token, input=wish)) == [
        ("INVALID_URL", ["url"]),
        ("REQUIRED", ["name"]),
        ("REQUIRED", ["kinds"]),
        ("NOT_FOUND", ["channelId"]),
    ]


def test_in_production_webhooks_go_to_https_and_public_addresses_only(
    database_url: str, tmp_path: Path
) -> None:
    settings = {"environment": "production", "webhook_private_hosts": ("hooks.internal",)}
    with open_small_shop(database_url, str(tmp_path), **settings) as (door, database):
        token = owner_of(door, database)

        def codes(url: str) -> list[str]:
            wish = {"name": "ERP", "url": url, "kinds": ["ORDER_PLACED"]}
            return [one["code"] for one in door.ask(CREATE, token, input=wish)["userErrors"]]

        assert codes("http://203.0.113.9/x") == ["INVALID_URL"]
        for host in ("127.0.0.1", "localhost", "10.1.2.3", "[::1]", "169.254.169.254", "0x7f.1"):
            assert codes(f"https://{host}/x") == ["PRIVATE_ADDRESS"], host
        assert codes("https://user:password@8.8.8.8/") == ["INVALID_URL"]
        assert codes("https://hooks.internal/x") == []
        assert codes("https://8.8.8.8/x") == []


def test_a_name_that_points_inside_later_is_not_followed(
    shop: tuple[Door, Database], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, database = shop
    token = owner_of(door, database)
    subscribe(door, token, receiver.url.replace("127.0.0.1", "localhost"), "ORDER_PLACED")
    reach = door.http.app.state.shop.reach  # type: ignore[attr-defined]
    monkeypatch.setattr(reach, "development", False)
    placed(door)
    deliver(door)
    assert receiver.received == []
    (delivery,) = deliveries(door, token)
    assert "private network" in delivery["attempts"][0]["error"]


def test_deleting_a_subscription_ends_what_was_to_be_sent(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    token = owner_of(door, database)
    made = subscribe(door, token, receiver.url, "ORDER_PLACED")["webhookSubscription"]
    receiver.answer = lambda _: Reply(500)
    placed(door)
    deliver(door)
    wish = {"id": made["id"], "expectedVersion": 1}
    assert door.ask(DELETE, token, input=wish)["deletedId"] == made["id"]
    assert deliveries(door, token) == []
    placed(door, "order-2")
    assert door.ask(EVENTS, token)["totalCount"] == 1


def test_events_are_read_by_those_who_may_hear_of_them(
    shop: tuple[Door, Database], receiver: Receiver
) -> None:
    door, database = shop
    owner = owner_of(door, database)
    stock = app_token(database, "MANAGE_STOCK")
    subscribe(door, owner, receiver.url, "ORDER_PLACED", "VARIANT_STOCK_CHANGED")
    order = placed(door)
    deliver(door)
    page = door.ask(EVENTS, owner)
    assert page["totalCount"] == 3
    (told,) = [one for one in page["nodes"] if one["kind"] == "ORDER_PLACED"]
    assert told["__typename"] == "OrderPlacedEvent"
    assert told["order"] == {"number": order["number"]}
    about = door.ask(EVENTS, owner, filter={"objectId": order["id"]})
    assert [one["id"] for one in about["nodes"]] == [told["id"]]

    kinds = {one["kind"] for one in door.ask(EVENTS, stock)["nodes"]}
    assert kinds == {"VARIANT_STOCK_CHANGED"}
    one = "query ($id: ID!) { event(id: $id) { kind } }"
    assert door.ask(one, owner, id=told["id"]) == {"kind": "ORDER_PLACED"}
    assert door.ask(one, stock, id=told["id"]) is None
    assert door.refusal("{ event { kind } }", owner) == "BAD_USER_INPUT"
    assert door.refusal("{ event { kind } }") == "UNAUTHENTICATED"

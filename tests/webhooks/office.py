"""Staff who look after webhooks, and the courier that carries events, for stories through HTTP."""

from __future__ import annotations

from typing import Any

from storeql.access import Actor
from storeql.customers.staff.app_tokens import NewAppToken, create_app_token
from storeql.db import Database
from storeql.post_office import courier_of
from storeql.webhooks.courier import Courier
from tests.customers.people import hired
from tests.scenarios.people_door import SECRET, Door

ERRORS = "userErrors { __typename code field message }"
SUBSCRIPTION = """
  id name url kinds channelId query isActive owner version previousSecretUntil
  failingSince pausedAt pauseReason waiting dead"""
CREATE = f"""
  mutation ($input: WebhookSubscriptionCreateInput!) {{
    webhookSubscriptionCreate(input: $input) {{
      webhookSubscription {{ {SUBSCRIPTION} }} secret {ERRORS}
    }}
  }}"""
DELIVERIES = """
  query ($filter: WebhookDeliveryFilterInput) {
    webhookDeliveries(filter: $filter, first: 100) {
      totalCount
      nodes {
        id kind state attemptCount nextAttemptAt finishedAt subscriptionId
        event { id kind sequence }
        attempts { number at milliseconds status error response }
      }
    }
  }"""


def owner_of(door: Door, database: Database, role: str = "owner") -> str:
    """The token of a member of staff with this role."""
    hired(database, f"{role}@example.cn", role)
    return door.staff(f"{role}@example.cn")


def app_token(database: Database, *permissions: str) -> str:
    """The token of an app with these permissions."""
    everything = Actor("staff", 1, "owner", frozenset(permissions))
    typed = NewAppToken(name="erp", permissions=list(permissions))
    return database.write(
        lambda c: create_app_token(c, typed, actor=everything, secret=SECRET, now=0)
    ).token


def subscribe(door: Door, token: str, url: str, *kinds: str, **more: Any) -> dict[str, Any]:
    """A new subscription with its secret, as the mutation answers it."""
    wish = {"name": "ERP", "url": url, "kinds": list(kinds), **more}
    payload: dict[str, Any] = door.ask(CREATE, token, input=wish)
    assert payload["userErrors"] == [], payload["userErrors"]
    return payload


def courier(door: Door) -> Courier:
    """A courier of the shop behind the door."""
    return courier_of(door.http.app.state.shop)  # type: ignore[attr-defined]


def deliver(door: Door) -> None:
    """Delivers all that is due."""
    courier(door).run_once()


def deliveries(door: Door, token: str, **filter: Any) -> list[dict[str, Any]]:
    """What was sent and is to be sent, newest first."""
    page = door.ask(DELIVERIES, token, filter=filter or None)
    assert page["totalCount"] == len(page["nodes"])
    nodes: list[dict[str, Any]] = page["nodes"]
    return nodes

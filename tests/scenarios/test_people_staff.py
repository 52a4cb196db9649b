"""Staff's stories: who may do what, roles that take effect at once, tokens for apps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.people_door import Door, open_door

VIEWER = "{ staffViewer { id email permissions roles { slug isBuiltIn } } }"
ROLES = "{ roles { nodes { id slug permissions version } } }"
CREATE_MEMBER = """
mutation ($input: StaffMemberCreateInput!) {
  staffMemberCreate(input: $input) {
    staffMember { id email roles { slug } version }
    userErrors { code field ... on GrantExceedsOwn { permissions } }
  }
}"""
UPDATE_MEMBER = """
mutation ($input: StaffMemberUpdateInput!) {
  staffMemberUpdate(input: $input) {
    staffMember { isActive version roles { slug } }
    userErrors { code field ... on StaleVersion { current } }
  }
}"""
UPDATE_ROLE = """
mutation ($input: RoleUpdateInput!) {
  roleUpdate(input: $input) { role { permissions version } userErrors { code field } }
}"""
CREATE_TOKEN = """
mutation ($input: AppTokenCreateInput!) {
  appTokenCreate(input: $input) {
    token
    appToken { id name permissions createdBy expiresAt lastUsedAt revokedAt }
    userErrors { code field ... on GrantExceedsOwn { permissions } }
  }
}"""
CUSTOMERS = """
query ($filter: CustomerFilterInput, $first: Int, $after: String) {
  customers(filter: $filter, first: $first, after: $after) {
    nodes { id email tier version addresses { id } groups { slug } sessions { clientIp } }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}"""


@pytest.fixture
def door(database_url: str, database: Database, tmp_path: Path) -> Iterator[Door]:
    """A shop with an owner and somebody for each of three roles."""
    for role in ("owner", "service", "orders", "marketing"):
        hired(database, f"{role}@example.cn", role)
    with open_door(database_url, str(tmp_path)) as opened:
        yield opened


def roles(door: Door, token: str) -> dict[str, dict[str, Any]]:
    return {one["slug"]: one for one in door.ask(ROLES, token)["nodes"]}


def members(door: Door, token: str) -> dict[str, str]:
    listed = door.ask("{ staffMembers { nodes { id email } } }", token)
    return {one["email"]: one["id"] for one in listed["nodes"]}


def test_staff_see_who_they_are_and_what_they_may_do(door: Door) -> None:
    viewer = door.ask(VIEWER, door.staff("service@example.cn"))
    assert viewer["permissions"] == ["MANAGE_CUSTOMERS"]
    assert viewer["roles"] == [{"slug": "service", "isBuiltIn": False}]
    assert door.refusal(VIEWER, door.customer()) == "FORBIDDEN"
    assert door.refusal(VIEWER) == "UNAUTHENTICATED"


def test_an_owner_adds_a_member_who_signs_in_and_works(door: Door) -> None:
    owner = door.staff("owner@example.cn")
    typed = {
        "email": "han@example.cn",
        "password": "correct horse",
        "roles": [roles(door, owner)["service"]["id"]],
    }
    payload = door.ask(CREATE_MEMBER, owner, input=typed)
    assert payload["userErrors"] == []
    assert payload["staffMember"]["roles"] == [{"slug": "service"}]
    assert door.ask(CUSTOMERS, door.staff("han@example.cn"))["totalCount"] == 0


def test_a_role_that_changes_takes_effect_at_once(door: Door) -> None:
    owner, service = door.staff("owner@example.cn"), door.staff("service@example.cn")
    assert door.ask(CUSTOMERS, service)["totalCount"] == 0
    role = roles(door, owner)["service"]
    change = {"id": role["id"], "expectedVersion": role["version"], "permissions": []}
    assert door.ask(UPDATE_ROLE, owner, input=change)["role"]["permissions"] == []
    assert door.refusal(CUSTOMERS, service) == "FORBIDDEN"
    assert door.ask(VIEWER, service)["permissions"] == []


def test_a_member_made_inactive_is_out_at_once(door: Door) -> None:
    owner, service = door.staff("owner@example.cn"), door.staff("service@example.cn")
    change = {
        "id": members(door, owner)["service@example.cn"],
        "expectedVersion": 1,
        "isActive": False,
    }
    assert door.ask(UPDATE_MEMBER, owner, input=change)["staffMember"]["isActive"] is False
    assert door.refusal(VIEWER, service) == "UNAUTHENTICATED"
    stale = door.ask(UPDATE_MEMBER, owner, input=change)["userErrors"]
    assert stale == [{"code": "STALE_VERSION", "field": ["expectedVersion"], "current": 2}]


def test_the_last_owner_cannot_leave(door: Door) -> None:
    owner = door.staff("owner@example.cn")
    change = {"id": members(door, owner)["owner@example.cn"], "expectedVersion": 1, "roles": []}
    payload = door.ask(UPDATE_MEMBER, owner, input=change)
    assert payload == {
        "staffMember": None,
        "userErrors": [{"code": "LAST_OWNER", "field": ["id"]}],
    }
    assert door.ask(VIEWER, owner)["roles"] == [{"slug": "owner", "isBuiltIn": True}]


def test_nobody_grants_more_than_they_hold(door: Door) -> None:
    owner = door.staff("owner@example.cn")
    created = door.ask(
        """mutation { roleCreate(input: { slug: "people", name: "People",
             permissions: [MANAGE_STAFF, MANAGE_APPS] }) { role { id } userErrors { code } } }""",
        owner,
    )
    typed = {
        "email": "hr@example.cn",
        "password": "correct horse",
        "roles": [created["role"]["id"]],
    }
    door.ask(CREATE_MEMBER, owner, input=typed)
    hr = door.staff("hr@example.cn")
    friend = {**typed, "email": "friend@example.cn", "roles": [roles(door, hr)["orders"]["id"]]}
    assert door.ask(CREATE_MEMBER, hr, input=friend)["userErrors"] == [
        {
            "code": "GRANT_EXCEEDS_OWN",
            "field": ["roles"],
            "permissions": ["MANAGE_ORDERS", "MANAGE_STOCK"],
        }
    ]
    token = {"name": "Reports", "permissions": ["MANAGE_ORDERS"]}
    refused = door.ask(CREATE_TOKEN, hr, input=token)
    assert refused["token"] is None and refused["userErrors"][0]["permissions"] == ["MANAGE_ORDERS"]


def test_an_app_works_within_its_scope_until_it_is_revoked(door: Door) -> None:
    owner = door.staff("owner@example.cn")
    typed = {"name": "CRM", "permissions": ["MANAGE_CUSTOMERS"]}
    payload = door.ask(CREATE_TOKEN, owner, input=typed)
    token, kept = payload["token"], payload["appToken"]
    assert kept["permissions"] == ["MANAGE_CUSTOMERS"] and kept["createdBy"].startswith("staff:")
    assert door.ask(CUSTOMERS, token)["totalCount"] == 0
    assert door.refusal(ROLES, token) == "FORBIDDEN"
    door.errands_done()
    [listed] = door.ask("{ appTokens { nodes { id lastUsedAt revokedAt } } }", owner)["nodes"]
    assert listed["lastUsedAt"] == "2025-11-24T16:00:00.000Z" and listed["revokedAt"] is None
    revoke = """
        mutation ($id: ID!) {
          appTokenRevoke(input: { id: $id }) { appToken { revokedAt } userErrors { code } }
        }"""
    assert door.ask(revoke, owner, id=kept["id"])["appToken"]["revokedAt"]
    assert door.refusal(CUSTOMERS, token) == "UNAUTHENTICATED"


def test_an_app_token_ends_at_its_instant(door: Door) -> None:
    owner = door.staff("owner@example.cn")
    typed = {
        "name": "CRM",
        "permissions": ["MANAGE_CUSTOMERS"],
        "expiresAt": "2025-11-25T00:01:00+08:00",
    }
    token = door.ask(CREATE_TOKEN, owner, input=typed)["token"]
    assert door.ask(CUSTOMERS, token)["totalCount"] == 0
    door.clock.now += 60_000
    assert door.refusal(CUSTOMERS, token) == "UNAUTHENTICATED"


def test_staff_find_page_and_place_customers(door: Door) -> None:
    for name in ("li", "han", "wang"):
        door.customer(f"{name}@example.cn")
        door.clock.now += 1
    service = door.staff("service@example.cn")
    first = door.ask(CUSTOMERS, service, first=2)
    assert [one["email"] for one in first["nodes"]] == ["wang@example.cn", "han@example.cn"]
    assert first["totalCount"] == 3 and first["pageInfo"]["hasNextPage"]
    rest = door.ask(CUSTOMERS, service, first=2, after=first["pageInfo"]["endCursor"])
    [li] = rest["nodes"]
    assert li["email"] == "li@example.cn" and len(li["sessions"]) == 1

    placed = door.ask(
        """mutation ($id: ID!) { customerStandingUpdate(
             input: { id: $id, expectedVersion: 1, tier: "gold" }
           ) { customer { tier isActive } userErrors { code } } }""",
        service,
        id=li["id"],
    )
    assert placed["customer"] == {"tier": "gold", "isActive": True}
    group = door.ask(
        """mutation { customerGroupCreate(input: { slug: "vip", name: "贵宾" }) {
             customerGroup { id } userErrors { code } } }""",
        service,
    )["customerGroup"]
    joined = door.ask(
        """mutation ($id: ID!, $who: [ID!]!) { customerGroupMembersUpdate(
             input: { id: $id, add: $who }
           ) { customerGroup { slug memberCount } userErrors { code } } }""",
        service,
        id=group["id"],
        who=[li["id"]],
    )
    assert joined["customerGroup"] == {"slug": "vip", "memberCount": 1}
    [found] = door.ask(CUSTOMERS, service, filter={"search": "LI@", "tier": "gold"})["nodes"]
    assert found["groups"] == [{"slug": "vip"}]
    filtered = door.ask(CUSTOMERS, service, filter={"group": group["id"]})
    assert filtered["totalCount"] == 1


def test_a_field_below_a_permission_answers_null_to_those_without_it(door: Door) -> None:
    service = door.staff("service@example.cn")
    door.customer()
    created = door.ask(
        """mutation { customerGroupCreate(input: { slug: "vip", name: "贵宾" }) {
             customerGroup { id memberCount } userErrors { code } } }""",
        service,
    )
    assert created["customerGroup"]["memberCount"] == 0
    owner = door.staff("owner@example.cn")
    viewer = "{ staffViewer { email sessions { id } } }"
    assert len(door.ask(viewer, owner)["sessions"]) == 1
    answered = door.answer(viewer, service)
    assert answered["data"]["staffViewer"] == {"email": "service@example.cn", "sessions": None}
    [error] = answered["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert error["path"] == ["staffViewer", "sessions"]


def test_objects_are_read_again_by_id_only_as_the_actor_may(door: Door) -> None:
    owner, orders = door.staff("owner@example.cn"), door.staff("orders@example.cn")
    door.customer()
    [customer] = door.ask(CUSTOMERS, owner)["nodes"]
    ids = [
        customer["id"],
        members(door, owner)["orders@example.cn"],
        roles(door, owner)["orders"]["id"],
    ]
    again = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    assert [one["__typename"] for one in door.ask(again, owner, ids=ids)] == [
        "Customer",
        "StaffMember",
        "Role",
    ]
    assert door.ask(again, orders, ids=ids) == [None, None, None]
    assert door.ask(again, ids=ids) == [None, None, None]


def test_staff_sign_out_and_change_their_password(door: Door) -> None:
    here, elsewhere = (door.staff("orders@example.cn") for _ in range(2))
    change = """
        mutation { staffPasswordChange(input: {
          currentPassword: "correct horse", newPassword: "new horse, new luck"
        }) { userErrors { code } } }"""
    assert door.ask(change, here)["userErrors"] == []
    assert door.refusal(VIEWER, elsewhere) == "UNAUTHENTICATED"
    assert door.ask("mutation { staffSignOut { userErrors { code } } }", here)["userErrors"] == []
    assert door.refusal(VIEWER, here) == "UNAUTHENTICATED"
    assert door.staff("orders@example.cn", "new horse, new luck")

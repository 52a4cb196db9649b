"""Customers' stories: registering, signing in, forgetting a password, keeping addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storeql.customers.tables import messages
from storeql.db import Database, statement
from tests.scenarios.people_door import Door, open_door

REGISTER = """
mutation ($input: CustomerRegisterInput!) {
  customerRegister(input: $input) {
    token expiresAt
    customer { id email name phone tier orderCount version addresses { id } }
    userErrors { code message field index }
  }
}"""
SIGN_IN = """
mutation ($email: String!, $password: String!) {
  customerSignIn(input: { email: $email, password: $password }) {
    token expiresAt customer { email }
    userErrors { code message field ... on TooManyAttempts { retryAfterSeconds } }
  }
}"""
ME = "{ me { email name phone version addresses { id isDefault address { city } } } }"
SESSIONS = "{ sessions { nodes { id userAgent clientIp createdAt isCurrent } } }"
SIGN_OUT = "mutation { customerSignOut { userErrors { code } } }"
ADD_ADDRESS = """
mutation ($input: CustomerAddressCreateInput!) {
  customerAddressCreate(input: $input) {
    customerAddress { id isDefault version address { name phone country city } }
    userErrors { code field }
  }
}"""
UPDATE_ADDRESS = """
mutation ($input: CustomerAddressUpdateInput!) {
  customerAddressUpdate(input: $input) {
    customerAddress { id isDefault version address { city } }
    userErrors { code field ... on StaleVersion { current } }
  }
}"""
DELETE_ADDRESS = """
mutation ($id: ID!) {
  customerAddressDelete(input: { id: $id }) { deletedId userErrors { code field } }
}"""
REVOKE = """
mutation ($id: ID!) { sessionRevoke(input: { id: $id }) { revokedId userErrors { code field } } }
"""
ADDRESS = {
    "name": "李雷",
    "phone": "138 0000 1234",
    "country": "cn",
    "region": "上海市",
    "city": "上海市",
    "street": "世纪大道1号",
}


@pytest.fixture
def door(database_url: str, tmp_path: Path) -> Iterator[Door]:
    with open_door(database_url, str(tmp_path)) as opened:
        yield opened


def signing_in(door: Door, password: str = "correct horse") -> dict[str, Any]:
    payload: dict[str, Any] = door.ask(SIGN_IN, email="li@example.cn", password=password)
    return payload


def test_a_customer_registers_is_signed_in_and_reads_their_account(door: Door) -> None:
    typed = {
        "email": " Li@Example.cn",
        "password": "correct horse",
        "name": "李雷",
        "phone": "138-0000-1234",
    }
    payload = door.ask(REGISTER, input=typed)
    assert payload["userErrors"] == []
    assert payload["expiresAt"] == "2025-12-08T16:00:00.000Z"
    account = payload["customer"]
    assert account.pop("id")
    assert account == {
        "email": "li@example.cn",
        "name": "李雷",
        "phone": "13800001234",
        "tier": None,
        "orderCount": 0,
        "version": 1,
        "addresses": [],
    }
    assert door.ask(ME, payload["token"])["name"] == "李雷"


def test_all_the_problems_of_a_registration_come_at_once(door: Door) -> None:
    payload = door.ask(REGISTER, input={"email": "li", "password": "short", "phone": "x"})
    assert payload["token"] is None and payload["customer"] is None
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [
        ("INVALID_EMAIL", ["email"]),
        ("PASSWORD_LENGTH", ["password"]),
        ("INVALID_PHONE", ["phone"]),
    ]


def test_wrong_and_unknown_credentials_are_told_apart_by_nobody(door: Door) -> None:
    door.customer()
    wrong = signing_in(door, "wrong horse")
    unknown = door.ask(SIGN_IN, email="nobody@example.cn", password="correct horse")
    assert wrong == unknown
    assert [one["code"] for one in wrong["userErrors"]] == ["INVALID_CREDENTIALS"]


def test_guessing_is_stopped_and_says_for_how_long(door: Door) -> None:
    door.customer()
    for _ in range(10):
        signing_in(door, "wrong horse")
    [problem] = signing_in(door)["userErrors"]
    assert (problem["code"], problem["retryAfterSeconds"]) == ("TOO_MANY_ATTEMPTS", 900)
    door.clock.now += 900_000
    assert signing_in(door)["userErrors"] == []


def sessions(door: Door, token: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = door.ask(SESSIONS, token)["nodes"]
    return nodes


def test_signing_out_ends_this_session_and_no_other(door: Door) -> None:
    here = door.customer()
    elsewhere = signing_in(door)["token"]
    assert [one["isCurrent"] for one in sessions(door, here)].count(True) == 1
    assert door.ask(SIGN_OUT, here) == {"userErrors": []}
    assert door.refusal(ME, here) == "UNAUTHENTICATED"
    [session] = sessions(door, elsewhere)
    assert session["isCurrent"] and session["clientIp"] and session["userAgent"] == "testclient"


def test_a_session_is_revoked_from_another_one(door: Door) -> None:
    lost = door.customer()
    here = signing_in(door)["token"]
    [other] = [one for one in sessions(door, here) if not one["isCurrent"]]
    assert door.ask(REVOKE, here, id=other["id"])["revokedId"] == other["id"]
    assert door.refusal(ME, lost) == "UNAUTHENTICATED"


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(door: Door) -> None:
    change = """
        mutation ($old: String!, $new: String!) {
          customerPasswordChange(input: { currentPassword: $old, newPassword: $new }) {
            userErrors { code field }
          }
        }"""
    here = door.customer()
    elsewhere = signing_in(door)["token"]
    refused = door.ask(change, here, old="wrong horse", new="new horse, new luck")
    assert refused["userErrors"] == [{"code": "INVALID_CREDENTIALS", "field": ["currentPassword"]}]
    changed = door.ask(change, here, old="correct horse", new="new horse, new luck")
    assert changed["userErrors"] == []
    assert door.refusal(ME, elsewhere) == "UNAUTHENTICATED"
    assert door.ask(ME, here)["email"] == "li@example.cn"
    assert signing_in(door, "new horse, new luck")["token"]


def test_a_forgotten_password_is_replaced_with_the_secret_that_was_sent(
    database_url: str, tmp_path: Path, database: Database
) -> None:
    ask_for = """
        mutation ($email: String!) {
          customerPasswordResetRequest(input: { email: $email }) { userErrors { code } }
        }"""
    reset = """
        mutation ($secret: String!) {
          customerPasswordReset(input: { token: $secret, newPassword: "new horse, new luck" }) {
            userErrors { code field }
          }
        }"""
    with open_door(database_url, str(tmp_path), environment="production") as door:
        token = door.customer()
        known = door.ask(ask_for, email="li@example.cn")
        assert known == door.ask(ask_for, email="nobody@example.cn") == {"userErrors": []}
        with database.reading() as connection:
            [(recipient, body)] = connection.rows(MESSAGES)
        assert recipient == "li@example.cn"
        [secret] = re.findall(r"sqr_[\w-]{43}", body)
        assert door.ask(reset, secret=secret) == {"userErrors": []}
        assert door.refusal(ME, token) == "UNAUTHENTICATED"
        assert signing_in(door, "new horse, new luck")["token"]
        assert door.ask(reset, secret=secret)["userErrors"] == [
            {"code": "INVALID_TOKEN", "field": ["token"]}
        ]


MESSAGES = statement(select(messages.c.recipient, messages.c.body))


def test_a_profile_changes_only_when_it_was_read_in_its_last_version(door: Door) -> None:
    update = """
        mutation ($input: CustomerUpdateInput!) {
          customerUpdate(input: $input) {
            customer { name phone version }
            userErrors { code field ... on StaleVersion { current } }
          }
        }"""
    token = door.customer()
    changed = door.ask(update, token, input={"expectedVersion": 1, "name": "李雷"})
    assert changed["customer"] == {"name": "李雷", "phone": "", "version": 2}
    stale = door.ask(update, token, input={"expectedVersion": 1, "name": "Li"})
    assert stale == {
        "customer": None,
        "userErrors": [{"code": "STALE_VERSION", "field": ["expectedVersion"], "current": 2}],
    }


def test_an_address_book_has_one_default_address(door: Door) -> None:
    token = door.customer()
    first = door.ask(ADD_ADDRESS, token, input={"address": ADDRESS})["customerAddress"]
    assert first["isDefault"] and first["address"] == {
        "name": "李雷",
        "phone": "13800001234",
        "country": "CN",
        "city": "上海市",
    }
    beijing = {**ADDRESS, "region": "北京市", "city": "北京市"}
    second = door.ask(ADD_ADDRESS, token, input={"address": beijing})["customerAddress"]
    assert not second["isDefault"]
    update = {"id": second["id"], "expectedVersion": 1, "isDefault": True}
    assert door.ask(UPDATE_ADDRESS, token, input=update)["customerAddress"]["isDefault"]
    book = door.ask(ME, token)["addresses"]
    assert [(one["address"]["city"], one["isDefault"]) for one in book] == [
        ("北京市", True),
        ("上海市", False),
    ]
    assert door.ask(DELETE_ADDRESS, token, id=second["id"])["deletedId"] == second["id"]
    assert [one["isDefault"] for one in door.ask(ME, token)["addresses"]] == [True]


def test_a_bad_address_is_refused_field_by_field(door: Door) -> None:
    bad = {**ADDRESS, "country": "China", "street": "", "phone": "?"}
    payload = door.ask(ADD_ADDRESS, door.customer(), input={"address": bad})
    assert payload["customerAddress"] is None
    assert {(one["code"], tuple(one["field"])) for one in payload["userErrors"]} == {
        ("INVALID_COUNTRY", ("address", "country")),
        ("REQUIRED", ("address", "street")),
        ("INVALID_PHONE", ("address", "phone")),
    }


def test_ids_of_somebody_else_answer_exactly_like_unknown_ids(door: Door) -> None:
    mine, theirs = door.customer("li@example.cn"), door.customer("han@example.cn")
    added = door.ask(ADD_ADDRESS, theirs, input={"address": ADDRESS})
    foreign_address = added["customerAddress"]["id"]
    [foreign_session] = sessions(door, theirs)
    pairs = (
        (UPDATE_ADDRESS, foreign_address, "Q3VzdG9tZXJBZGRyZXNzOjk5OTk5"),
        (DELETE_ADDRESS, foreign_address, "Q3VzdG9tZXJBZGRyZXNzOjk5OTk5"),
        (REVOKE, foreign_session["id"], "U2Vzc2lvbjo5OTk5OQ=="),
        ("query ($id: ID!) { node(id: $id) { id } }", foreign_address, "Q3VzdG9tZXI6OTk5OTk="),
    )
    for query, foreign, unknown in pairs:
        answers = [
            door.answer(query, mine, id=id, input={"id": id, "expectedVersion": 1})
            for id in (foreign, unknown)
        ]
        assert answers[0]["data"] == answers[1]["data"] and "errors" not in answers[0]
    assert len(door.ask(ME, theirs)["addresses"]) == 1


def test_a_guest_and_a_forged_token_are_told_to_sign_in(door: Door) -> None:
    assert door.refusal(ME) == "UNAUTHENTICATED"
    assert door.refusal(ME, "sqs_" + "x" * 43) == "UNAUTHENTICATED"
    assert door.refusal("{ categories { totalCount } }", "nonsense") == "UNAUTHENTICATED"

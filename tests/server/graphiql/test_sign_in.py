"""Signing in and out as staff: the cookie, the refusals, and requests of other sites."""

import pytest
from starlette.requests import Request

from storeql.server.graphiql import is_same_origin
from tests.server.graphiql.conftest import EMAIL, OWN, PASSWORD, Open, Staff

RIGHT = {"email": EMAIL, "password": PASSWORD}


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(open_shop: Open) -> None:
    response = open_shop().post("/graphiql/sign-in", data=RIGHT, headers=OWN)
    assert (response.status_code, response.headers["location"]) == (303, "/graphiql")
    attributes = response.headers["set-cookie"].split("; ")
    assert attributes[0] == "storeql_session=token-1"
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=3600"} <= set(attributes)
    assert "Secure" not in attributes


def test_outside_development_the_cookie_travels_only_over_tls(open_shop: Open) -> None:
    shop = open_shop(development=False, secure=True)
    response = shop.post("/graphiql/sign-in", data=RIGHT, headers=OWN)
    assert "Secure" in response.headers["set-cookie"].split("; ")
    assert shop.get("/graphiql").status_code == 200
    assert shop.get("/graphiql/tabs").status_code == 200


def test_the_shop_learns_where_the_attempt_came_from(open_shop: Open, staff: Staff) -> None:
    open_shop().post("/graphiql/sign-in", data=RIGHT, headers=OWN | {"user-agent": "Browser/1"})
    assert staff.asked == [("testclient", "Browser/1")]


def test_a_wrong_password_keeps_the_email_and_says_so(open_shop: Open) -> None:
    wrong = {"email": 'lin"@example.com', "password": "secret guess"}
    response = open_shop().post("/graphiql/sign-in", data=wrong, headers=OWN)
    assert response.status_code == 403
    assert "The e-mail or the password is not right." in response.text
    assert 'value="lin&quot;@example.com"' in response.text
    assert "secret guess" not in response.text
    assert "set-cookie" not in response.headers


def test_too_many_attempts_are_told_when_to_come_back(open_shop: Open) -> None:
    locked = {"email": "locked@example.com", "password": "x"}
    response = open_shop().post("/graphiql/sign-in", data=locked, headers=OWN)
    assert (response.status_code, response.headers["retry-after"]) == (429, "60")
    assert "Too many attempts." in response.text


@pytest.mark.parametrize(
    "body",
    [b"", b"email=lin%40example.com", b"email=%ff&password=x", b"\xff", b"a=" + b"x" * 10_000],
    ids=["empty", "no password", "not UTF-8", "not ASCII", "too large"],
)
def test_a_form_that_cannot_be_read_asks_nobody(open_shop: Open, staff: Staff, body: bytes) -> None:
    headers = OWN | {"content-type": "application/x-www-form-urlencoded"}
    response = open_shop().post("/graphiql/sign-in", content=body, headers=headers)
    assert response.status_code == 400
    assert staff.asked == []


@pytest.mark.parametrize("path", ["/graphiql/sign-in", "/graphiql/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
def test_forms_of_other_sites_are_refused(
    open_shop: Open, staff: Staff, path: str, headers: dict[str, str]
) -> None:
    shop = open_shop()
    shop.post("/graphiql/sign-in", data=RIGHT, headers=OWN)
    response = shop.post(path, data=RIGHT, headers=headers)
    assert response.status_code == 403
    assert (len(staff.asked), staff.sessions) == (1, {"token-1": "Lin <Mei>"})


def test_signing_out_ends_the_session_here_and_in_the_shop(open_shop: Open, staff: Staff) -> None:
    shop = open_shop()
    shop.post("/graphiql/sign-in", data=RIGHT, headers=OWN)
    response = shop.post("/graphiql/sign-out", headers=OWN)
    assert (response.status_code, response.headers["location"]) == (303, "/graphiql")
    assert staff.sessions == {}
    assert "storeql_session" not in shop.cookies


def test_an_ended_session_is_nobody(open_shop: Open) -> None:
    shop = open_shop(development=False)
    shop.cookies.set("storeql_session", "ended")
    assert shop.get("/graphiql").headers["location"] == "/graphiql/sign-in"


def test_those_signed_in_are_not_asked_again(open_shop: Open) -> None:
    shop = open_shop()
    shop.post("/graphiql/sign-in", data=RIGHT, headers=OWN)
    assert shop.get("/graphiql/sign-in").headers["location"] == "/graphiql"


def test_the_hint_is_text(open_shop: Open) -> None:
    assert "Sign in as &lt;lin&gt;." in open_shop().get("/graphiql/sign-in").text


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"host": "shop:8000", "origin": "http://shop:8000"}, True),
        ({"host": "shop", "origin": "https://SHOP"}, True),
        ({"host": "shop:8000", "origin": "http://shop"}, False),
        ({"host": "shop", "origin": "http://shop.example"}, False),
        ({"host": "shop", "origin": "http://[bad"}, False),
        ({"host": "shop", "sec-fetch-site": "none"}, True),
        ({}, False),
    ],
)
def test_the_same_origin_is_the_same_host_and_port(headers: dict[str, str], own: bool) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert is_same_origin(Request({"type": "http", "headers": raw})) is own

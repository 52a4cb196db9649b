"""GraphiQL's page: who sees it, what it may load, and how a browser gets there."""

import re

import pytest
from starlette.requests import Request

from storeql.server.graphiql import redirect_to_graphiql
from tests.server.graphiql.conftest import EMAIL, OWN, PASSWORD, Open

PAGES = ["/graphiql", "/graphiql/sign-in"]


def test_in_development_a_shopper_may_explore(open_shop: Open) -> None:
    page = open_shop().get("/graphiql")
    assert page.status_code == 200
    assert "Browsing as a shopper" in page.text


def test_outside_development_the_page_leads_to_the_sign_in(open_shop: Open) -> None:
    shop = open_shop(development=False)
    page = shop.get("/graphiql")
    assert (page.status_code, page.headers["location"]) == (303, "/graphiql/sign-in")
    assert shop.get("/graphiql/tabs").status_code == 401


def test_staff_see_who_they_are(open_shop: Open) -> None:
    shop = open_shop()
    shop.post("/graphiql/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=OWN)
    page = shop.get("/graphiql")
    assert "Lin &lt;Mei&gt;" in page.text
    assert "Sign out" in page.text


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_no_script_but_our_files_and_cannot_be_framed(open_shop: Open, path: str) -> None:
    policy = open_shop().get(path).headers["content-security-policy"].split("; ")
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy


def test_each_page_has_a_style_nonce_of_its_own(open_shop: Open) -> None:
    shop = open_shop()
    nonces = set()
    for page in (shop.get("/graphiql"), shop.get("/graphiql")):
        [nonce] = re.findall(r'data-style-nonce="([^"]+)"', page.text)
        assert f"style-src 'self' 'nonce-{nonce}'" in page.headers["content-security-policy"]
        nonces.add(nonce)
    assert len(nonces) == 2


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_inline_script_and_no_inline_style(open_shop: Open, path: str) -> None:
    text = open_shop().get(path).text
    assert not re.search(r"<script(?![^>]* src=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_never_stored(open_shop: Open, path: str) -> None:
    assert open_shop().get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_every_file_that_a_page_names_is_served(open_shop: Open, path: str) -> None:
    shop = open_shop()
    named = re.findall(r'(?:src|href)="(/graphiql/assets/[^"]+)"', shop.get(path).text)
    assert named
    assert all(shop.get(address).status_code == 200 for address in named)


def _get(accept: str, query: bytes = b"", method: str = "GET") -> Request:
    headers = [(b"accept", accept.encode())]
    return Request(
        {"type": "http", "method": method, "path": "/graphql", "query_string": query}
        | {"headers": headers}
    )


def test_a_browser_at_the_endpoint_is_led_to_the_page() -> None:
    response = redirect_to_graphiql(_get("text/html,application/xhtml+xml,*/*;q=0.8"))
    assert response is not None
    assert (response.status_code, response.headers["location"]) == (303, "/graphiql")


@pytest.mark.parametrize(
    "request_",
    [
        _get("application/json"),
        _get("*/*"),
        _get("text/html", query=b"query={a}"),
        _get("text/html", method="POST"),
    ],
)
def test_everything_else_at_the_endpoint_is_for_graphql(request_: Request) -> None:
    assert redirect_to_graphiql(request_) is None

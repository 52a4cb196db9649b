"""The whole shop behind HTTP, for stories of people: each client asks with its own token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from storeql.app import create_app
from storeql.settings import Settings
from tests.customers.people import NOW

SECRET = "a secret of the tests, long enough"


class Clock:
    """The shop's clock, turned by hand; milliseconds since 1970 UTC."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


class Door:
    """Asks the shop's GraphQL endpoint."""

    def __init__(self, http: TestClient, clock: Clock) -> None:
        self.http = http
        self.clock = clock

    def errands_done(self) -> None:
        """Waits for the small writes that requests leave to a thread of their own."""
        self.http.app.state.shop.errands.submit(int).result()  # type: ignore[attr-defined]

    def answer(self, query: str, token: str = "", /, **variables: Any) -> dict[str, Any]:
        """The whole response: data and errors."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answered: dict[str, Any] = self.http.post("/graphql", json=body, headers=headers).json()
        return answered

    def ask(self, query: str, token: str = "", /, **variables: Any) -> Any:
        """The value of the one root field; fails when there are errors."""
        answered = self.answer(query, token, **variables)
        assert "errors" not in answered, answered["errors"]
        [value] = answered["data"].values()
        return value

    def refusal(self, query: str, token: str = "", /, **variables: Any) -> str:
        """The code of the one top-level error."""
        [error] = self.answer(query, token, **variables)["errors"]
        return str(error["extensions"]["code"])

    def customer(self, email: str = "li@example.cn") -> str:
        """The token of a customer who has just registered."""
        register = """
            mutation ($input: CustomerRegisterInput!) {
              customerRegister(input: $input) { token userErrors { code } }
            }"""
        payload = self.ask(register, input={"email": email, "password": "correct horse"})
        assert payload["userErrors"] == []
        return str(payload["token"])

    def staff(self, email: str, password: str = "correct horse") -> str:
        """The token of a member of staff who has just signed in."""
        sign_in = """
            mutation ($input: SignInInput!) {
              staffSignIn(input: $input) { token userErrors { code } }
            }"""
        payload = self.ask(sign_in, input={"email": email, "password": password})
        assert payload["userErrors"] == []
        return str(payload["token"])


@contextmanager
def open_door(
    database_url: str, media_dir: str, *, plugins: Iterable[object] = (), **settings: Any
) -> Iterator[Door]:
    """A running shop on a migrated database, with these plugins beside the installed ones."""
    clock = Clock()
    chosen = Settings(database_url=database_url, media_dir=media_dir, secret=SECRET, **settings)
    with TestClient(create_app(chosen, plugins=plugins, clock=clock)) as http:
        yield Door(http, clock)

"""A GraphiQL of its own for each test, with one member of staff behind it."""

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storeql.server.graphiql import Refusal, SignIn, graphiql_routes, load_tabs

EMAIL = "lin@example.com"
PASSWORD = "long enough"
OWN = {"origin": "http://testserver"}

Open = Callable[..., TestClient]


class Staff:
    """Stands in for the shop: who may sign in, and which sessions are open."""

    def __init__(self) -> None:
        self.sessions: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []

    def sign_in(
        self, email: str, password: str, *, client_ip: str, user_agent: str
    ) -> SignIn | Refusal:
        self.asked.append((client_ip, user_agent))
        if email == "locked@example.com":
            return Refusal("Too many attempts. Try again in a minute.", retry_after_seconds=60)
        if (email, password) != (EMAIL, PASSWORD):
            return Refusal("The e-mail or the password is not right.")
        self.sessions["token-1"] = "Lin <Mei>"
        return SignIn(token="token-1", max_age_seconds=3600)

    def sign_out(self, token: str) -> None:
        del self.sessions[token]


@pytest.fixture
def staff() -> Staff:
    return Staff()


@pytest.fixture
def open_shop(staff: Staff) -> Iterator[Open]:
    """Open a client of the shop's GraphiQL that follows no redirects."""

    def opened(*, development: bool = True, secure: bool = False) -> TestClient:
        routes = graphiql_routes(
            sign_in=staff.sign_in,
            sign_out=staff.sign_out,
            whoami=staff.sessions.get,
            development=development,
            tabs=load_tabs({}),
            sign_in_hint="Sign in as <lin>.",
        )
        address = "https://testserver" if secure else "http://testserver"
        return TestClient(Starlette(routes=routes), base_url=address, follow_redirects=False)

    yield opened

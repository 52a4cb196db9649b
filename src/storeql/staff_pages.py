"""GraphiQL and its sign-in page, wired to the shop's own sessions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.routing import BaseRoute

from storeql.customers.authenticate import authenticate
from storeql.customers.problems import TooManyAttempts
from storeql.customers.sessions import Client, end_session_of
from storeql.customers.sign_in import Credentials, sign_in
from storeql.errors import NotSignedIn, Rejected
from storeql.server.graphiql import Refusal, SignIn, graphiql_routes, load_tabs
from storeql.shop import Shop

DAY_SECONDS = 24 * 60 * 60
TAB_VALUES = {"demoVoucher": "WELCOME20"}
HINT = "The demo shop's accounts are shown where it was started."


def staff_pages(shop: Shop, cookie_name: str) -> Sequence[BaseRoute]:
    """The routes of GraphiQL; none when the setting turns it off."""
    if not shop.settings.graphiql:
        return []
    return graphiql_routes(
        sign_in=partial(_sign_in, shop),
        sign_out=partial(_sign_out, shop),
        whoami=partial(_who_is, shop),
        development=shop.settings.development,
        tabs=load_tabs(TAB_VALUES),
        cookie_name=cookie_name,
        sign_in_hint=HINT if shop.settings.development else "",
    )


def _sign_in(
    shop: Shop, email: str, password: str, *, client_ip: str, user_agent: str
) -> SignIn | Refusal:
    try:
        signed_in = sign_in(
            shop.database.write,
            Credentials(email, password),
            kind="staff",
            settings=shop.settings,
            client=Client(client_ip, user_agent),
            now=shop.clock(),
        )
    except Rejected as rejected:
        problem = rejected.problems[0]
        wait = problem.retry_after_seconds if isinstance(problem, TooManyAttempts) else None
        return Refusal(problem.message, wait)
    return SignIn(signed_in.session.token, shop.settings.session_days * DAY_SECONDS)


def _sign_out(shop: Shop, token: str) -> None:
    secret, now = shop.settings.secret, shop.clock()
    shop.database.write(
        lambda connection: end_session_of(connection, token, secret=secret, now=now)
    )


def _who_is(shop: Shop, token: str) -> str | None:
    try:
        with shop.database.reading() as connection:
            actor = authenticate(connection, token, secret=shop.settings.secret, now=shop.clock())
    except NotSignedIn:
        return None
    return actor.name if actor.kind == "staff" else None

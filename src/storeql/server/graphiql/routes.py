"""The addresses of GraphiQL: its page, assets and examples, and signing in and out."""

import secrets
from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from storeql.server.graphiql.assets import load_assets
from storeql.server.graphiql.pages import graphiql_page
from storeql.server.graphiql.policy import graphiql_styles, page_headers
from storeql.server.graphiql.redirect import PAGE_PATH
from storeql.server.graphiql.session import (
    Authenticate,
    SessionCookie,
    SignOut,
    Visitors,
    WhoAmI,
)
from storeql.server.graphiql.sign_in import SignInForm
from storeql.server.graphiql.tabs import ExampleTab

SIGN_IN_PATH = f"{PAGE_PATH}/sign-in"


def graphiql_routes(
    *,
    sign_in: Authenticate,
    sign_out: SignOut,
    whoami: WhoAmI,
    development: bool,
    tabs: Sequence[ExampleTab],
    cookie_name: str = "storeql_session",
    endpoint: str = "/graphql",
    sign_in_hint: str = "",
) -> list[Route]:
    """Everything under ``/graphiql``. The three callables may block: they run in worker threads.

    ``whoami`` answers with the name to show for a session's token, None when it has ended.
    In development nobody has to sign in and the cookie travels without TLS too.
    ``sign_in_hint`` is shown under the form, for the demo shop's account.
    """
    assets = load_assets()
    visitors = Visitors(SessionCookie(cookie_name, secure=not development), whoami)
    form = SignInForm(visitors, sign_in, sign_out, assets.digest, sign_in_hint)
    explorer = Explorer(visitors, development, assets.digest, endpoint, _tabs_json(tabs))
    return [
        Route(PAGE_PATH, explorer.page),
        Route(f"{PAGE_PATH}/tabs", explorer.tabs),
        Route(f"{PAGE_PATH}/assets/{{digest}}/{{name}}", assets.respond),
        Route(SIGN_IN_PATH, form.show),
        Route(SIGN_IN_PATH, form.submit, methods=["POST"]),
        Route(f"{PAGE_PATH}/sign-out", form.leave, methods=["POST"]),
    ]


class Explorer(msgspec.Struct, frozen=True):
    """GraphiQL's page and the examples it opens with; outside development for staff only."""

    visitors: Visitors
    development: bool
    digest: str
    endpoint: str
    tabs_json: bytes

    async def page(self, request: Request) -> Response:
        """The page, or the way to the sign-in form."""
        staff = await self.visitors.staff_name(request)
        if staff is None and not self.development:
            return RedirectResponse(SIGN_IN_PATH, status_code=303, headers=page_headers())
        nonce = secrets.token_urlsafe(16)
        page = graphiql_page(
            digest=self.digest, endpoint=self.endpoint, staff=staff, style_nonce=nonce
        )
        return HTMLResponse(page, headers=page_headers(styles=graphiql_styles(nonce)))

    async def tabs(self, request: Request) -> Response:
        """The examples as JSON: the page runs no script of its own text."""
        if not self.development and await self.visitors.staff_name(request) is None:
            return Response(status_code=401, headers=page_headers())
        return Response(self.tabs_json, media_type="application/json", headers=page_headers())


def _tabs_json(tabs: Sequence[ExampleTab]) -> bytes:
    return msgspec.json.encode({"tabs": tabs})

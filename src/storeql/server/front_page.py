"""What a person finds at `/`: the way to the page made for people, or where the API is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from storeql.server.graphiql.policy import page_headers

NOTHING_HERE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Nothing to see here</title>
<p>There is no page at this address. The shop's API is at <code>/graphql</code>.</p>
</html>
"""


def front_page(leads_to: str | None) -> list[BaseRoute]:
    """The route of `/`, which leads to a page or says that there is none."""

    async def front(request: Request) -> Response:
        if leads_to is not None:
            return RedirectResponse(leads_to, 303, headers={"Cache-Control": "no-store"})
        return HTMLResponse(NOTHING_HERE, 404, headers=page_headers())

    return [Route("/", front)]

"""Leads a browser that opens the API's address to the page made for people."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

PAGE_PATH = "/graphiql"


def redirect_to_graphiql(request: Request) -> RedirectResponse | None:
    """A redirect for a person's GET of the endpoint; None for everything GraphQL has to answer."""
    wants_html = "text/html" in request.headers.get("accept", "")
    if request.method != "GET" or not wants_html or "query" in request.query_params:
        return None
    return RedirectResponse(PAGE_PATH, status_code=303, headers={"Vary": "Accept"})

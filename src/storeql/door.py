"""Who stands at the door of a plain HTTP route: the token or the session, and what they may do."""

from __future__ import annotations

from starlette.requests import Request

from storeql.access import GUEST, Actor
from storeql.customers.authenticate import authenticate
from storeql.errors import Forbidden, NotSignedIn, StoreError
from storeql.shop import Shop

STATUS: dict[type[StoreError], int] = {NotSignedIn: 401, Forbidden: 403}
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def actor_of(shop: Shop, token: str) -> Actor:
    """Whose token it is, a guest without one; raises NotSignedIn for one that does not hold."""
    if not token:
        return GUEST
    with shop.database.reading() as connection:
        return authenticate(connection, token, secret=shop.settings.secret, now=shop.clock())


def token_of(request: Request, cookie_name: str) -> str:
    """The token in the header, else the session's in the cookie; empty without either."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    return request.cookies.get(cookie_name, "")

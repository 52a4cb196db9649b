"""Tells a request of our own page from one that another site sent with the visitor's cookie."""

from starlette.requests import HTTPConnection


def is_same_origin(connection: HTTPConnection) -> bool:
    """Whether the browser says that our own page, or the visitor directly, made this request.

    Reads ``Sec-Fetch-Site``, and where it is missing (plain HTTP away from localhost, websockets)
    compares ``Origin`` with ``Host``. Schemes are not compared: a proxy may end TLS before us.
    False when neither header is there, so only for requests that a browser makes.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = connection.headers.get("origin", "")
    host = connection.headers.get("host", "")
    return bool(host) and origin.partition("://")[2].lower() == host.lower()

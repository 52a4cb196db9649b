"""Keeps other sites' pages from using a visitor's cookies.

A token in a header is given on purpose; a cookie is sent by the browser whoever asks. So only a
request that carries cookies has to show where it comes from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from storeql.server.faults import refusal

PREFLIGHTED = ("graphql-require-preflight", "apollo-require-preflight", "x-requested-with")


def check_request_origin(headers: Mapping[str, str], method: str, allowed: Collection[str]) -> None:
    """Raises Refusal with status 403 for a request with cookies that another site may have caused.

    Browsers say so in Sec-Fetch-Site. Those that do not either send Origin or, for a GET, must send
    a header that they only send to another site after asking it. A POST has asked already: its
    content type is JSON.
    """
    if "cookie" not in headers:
        return
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site in ("same-origin", "none") or origin in allowed:
        return
    if site is None and origin is not None and is_own(origin, headers):
        return
    asked = method != "GET" or any(name in headers for name in PREFLIGHTED)
    if site is None and origin is None and asked:
        return
    raise refusal(
        "CROSS_SITE_REQUEST",
        "A request with cookies must come from the shop's own pages.",
        status=403,
    )


def may_open_socket(headers: Mapping[str, str], allowed: Collection[str]) -> bool:
    """Whether a socket's handshake comes from where its cookies may be used."""
    origin = headers.get("origin")
    if "cookie" not in headers or origin is None:
        return True
    return origin in allowed or is_own(origin, headers)


def is_own(origin: str, headers: Mapping[str, str]) -> bool:
    """Whether the origin is the host that the request was sent to."""
    host = headers.get("host")
    return host is not None and urlsplit(origin).netloc.lower() == host.lower()

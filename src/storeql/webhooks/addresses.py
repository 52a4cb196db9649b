"""Which addresses a webhook may be sent to: nobody is to reach the shop's own network through it.

Names are resolved when a subscription is saved and again for every connection, since a name that
was harmless yesterday may point at 127.0.0.1 today.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from urllib.parse import SplitResult, urlsplit

from storeql.inputs import Fields, has_controls

LONGEST_URL = 2000
RESOLVE_SECONDS = 3.0
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]


class Reach:
    """Where webhooks may go: everywhere in development; else to public addresses, and to the
    hosts that the operator named."""

    def __init__(self, *, development: bool, private_hosts: Collection[str] = ()) -> None:
        self.development = development
        self._private_hosts = frozenset(host.lower() for host in private_hosts)

    def allows(self, host: str, addresses: Iterable[str]) -> bool:
        """Whether a host with these IP addresses may be reached; one that is private is enough
        to refuse it."""
        if self.development or host.lower() in self._private_hosts:
            return True
        return all(is_public(address) for address in addresses)


def is_public(text: str) -> bool:
    """True for an IP address of the public internet, also when it is wrapped in another one."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in _within(address))


def resolved(host: str, port: int) -> list[str]:
    """The IP addresses of a host; empty when nobody knows it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check_url(fields: Fields, url: str, *, reach: Reach, resolve: Resolve = resolved) -> str:
    """The address as it is kept; notes at `url` what is wrong with it.

    It may take seconds to look the name up, so call it outside of any transaction. A name that
    nobody knows yet may be saved.
    """
    text = fields.line("url", url, most=LONGEST_URL)
    parts = _parts(text)
    if parts is None or parts.hostname is None or parts.username is not None or parts.fragment:
        fields.report("INVALID_URL", "This is not an address such as https://example.com/x.", "url")
    elif parts.scheme != "https" and not (reach.development and parts.scheme == "http"):
        fields.report("INVALID_URL", "The address must begin with https://.", "url")
    elif not reach.allows(parts.hostname, _looked_up(parts, resolve, reach)):
        message = "This address is in a private network, where webhooks may not go."
        fields.report("PRIVATE_ADDRESS", message, "url")
    return text


def port_of(parts: SplitResult) -> int:
    """The port of an address with a scheme."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def _parts(url: str) -> SplitResult | None:
    if not url.isascii() or has_controls(url) or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _looked_up(parts: SplitResult, resolve: Resolve, reach: Reach) -> Iterable[str]:
    if reach.development:
        return ()
    # The system's resolver knows no deadline of ours: a thread waits for it, and we for the thread.
    pool = ThreadPoolExecutor(1, "storeql-resolve")
    try:
        found = pool.submit(resolve, parts.hostname or "", port_of(parts))
        return found.result(RESOLVE_SECONDS)
    except TooSlow:
        return ()
    finally:
        pool.shutdown(wait=False)


def _within(address: Address) -> Iterable[Address]:
    """The address, and those that it carries inside."""
    yield address
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield address.teredo[1]
    if address in NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)

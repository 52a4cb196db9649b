"""Whose failed sign-ins are counted together: those at one account, those from one network."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from storeql.customers.attempts import Limit
from storeql.customers.sessions import Client

# Offices and homes share an address, so a network may fail more often than one account.
NETWORK_FACTOR = 5


def sign_in_limits(kind: str, email: str, *, client: Client, most: int) -> list[Limit]:
    """The limits a sign-in counts against; an empty e-mail is no account."""
    limits = [Limit(network_subject(client), most * NETWORK_FACTOR)]
    if email:
        limits.append(Limit(account_subject(kind, email), most))
    return limits


def account_subject(kind: str, email: str) -> str:
    """Failures at the account of a customer or a staff member."""
    return f"sign-in:{kind}:{email}"


def network_subject(client: Client, what: str = "sign-in") -> str:
    """Failures from where the client is: its IPv4 address, or its IPv6 network of 64 bits."""
    return f"{what}-from:{_network(client.ip)}"


def _network(ip: str) -> str:
    try:
        address = ip_address(ip)
    except ValueError:
        return ip[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), 64), strict=False))
    return str(address)

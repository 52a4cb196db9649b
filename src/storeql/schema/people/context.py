"""What writes and reads about people take from the context of a request."""

from collections.abc import Callable
from typing import Any, TypeVar

from storeql.context import RequestContext
from storeql.customers.resolvers import Reader
from storeql.customers.sessions import Client
from storeql.errors import NotSignedIn, Rejected
from storeql.promotions.vouchers.guessing import Guesser
from storeql.schema.mutation import refused
from storeql.settings import Settings

Payload = TypeVar("Payload")


def settings_of(context: RequestContext) -> Settings:
    """The shop's settings."""
    settings: Settings = context.shop.settings
    return settings


def client_of(context: RequestContext) -> Client:
    """Where the request comes from."""
    return Client(context.client_ip, context.headers.get("user-agent", ""))


def guesser_of(context: RequestContext) -> Guesser:
    """Who enters voucher codes, and how many wrong ones the shop lets them try."""
    most = settings_of(context).coupon_attempts
    return Guesser(actor=context.actor, client=client_of(context), most=most)


def reader_of(context: RequestContext) -> Reader:
    """Who reads, and when."""
    return Reader(context.now, context.actor.session_id)


def own_customer_id(context: RequestContext) -> int:
    """The row number of the signed-in customer; raises NotSignedIn without one."""
    customer_id = context.actor.customer_id
    if customer_id is None:
        raise NotSignedIn("Sign in as a customer to do this.")
    return customer_id


def own_staff_id(context: RequestContext) -> int:
    """The row number of the signed-in staff member; raises NotSignedIn without one."""
    actor = context.actor
    if actor.kind != "staff" or actor.id is None:
        raise NotSignedIn("Sign in as a member of staff to do this.")
    return actor.id


def attempted(payload: type[Payload], work: Callable[[], dict[str, Any]]) -> Payload:
    """The payload that `work` fills; with the problems and nothing else when it is refused.

    For writes that have transactions of their own, since they do slow work between them.
    """
    try:
        return payload(**work())
    except Rejected as rejected:
        return refused(payload, rejected)

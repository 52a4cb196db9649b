"""Customers as they see themselves, and as staff see them."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers import records
from storeql.promotions.vouchers.records import VoucherState
from storeql.promotions.vouchers.wallet import wallet_page
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.mutation import context_of
from storeql.schema.people.address import Address
from storeql.schema.promotions.wallet_types import CustomerVoucher
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

CUSTOMERS, PROMOTIONS = Permission.MANAGE_CUSTOMERS, Permission.MANAGE_PROMOTIONS


@strawberry.type(description="An entry of a customer's address book.")
@answers(records.CustomerAddress)
class CustomerAddress(Node):
    """An address book's entry."""

    address: Address = attribute("The address itself.")
    is_default: bool = attribute("Whether new carts begin with it; exactly one of a book is.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A set of customers that promotions and prices can be meant for.")
@answers(records.CustomerGroup)
class CustomerGroup(Node):
    """A customer group."""

    slug: str = attribute("What rules call the group; it never changes.")
    name: str = attribute("The name staff see.")
    member_count: int | None = attribute("How many customers are in it.", CUSTOMERS, PROMOTIONS)
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")


@strawberry.type(description="A session that still holds: one sign-in on one device.")
@answers(records.Session)
class Session:
    """A session."""

    user_agent: str = attribute("What the device called itself when it signed in.")
    client_ip: str = attribute("The network address it signed in from.")
    created_at: DateTime = attribute("When it began.")
    last_seen_at: DateTime = attribute("When it was last used, to the minute.")
    expires_at: DateTime = attribute("When it ends by itself.")
    is_current: bool = attribute("Whether this request runs in it.")

    @pure("The opaque id, for `sessionRevoke`.")
    def id(self: records.Session) -> strawberry.ID:
        return opaque_id("Session", self.id)


@strawberry.type(description="A customer's account as they see it themselves.")
class CustomerAccount:
    """The signed-in customer."""

    email: str = attribute("The e-mail address to sign in with.")
    name: str = attribute("What the shop calls you; may be empty.")
    phone: str = attribute("Your phone number; may be empty.")
    tier: str | None = attribute("Your member tier, if you have one.")
    order_count: int = attribute("How many orders you have placed.")
    created_at: DateTime = attribute("When you registered.")
    addresses: Sequence[CustomerAddress] = attribute(
        "Your address book: the default address, then the newest first; at most 50."
    )
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("The account's opaque id.")
    def id(self: records.Customer) -> strawberry.ID:
        return opaque_id("Customer", self.id)

    @field("Your vouchers, claimed last first.")
    def vouchers(
        self: records.Customer,
        info: Info[Any, Any],
        state: Annotated[VoucherState | None, argument("Only those in this state.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CustomerVoucher]:
        context = context_of(info)
        return wallet_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            customer_id=self.id,
            state=state,
            page=page_request(first, after, last, before),
            now=context.now,
        )


@strawberry.type(description="A customer as staff see them.")
@answers(records.Customer)
class Customer(Node):
    """A customer."""

    email: str = attribute("The e-mail address they sign in with.")
    name: str = attribute("The name they gave; may be empty.")
    phone: str = attribute("The phone number they gave; may be empty.")
    tier: str | None = attribute("The member tier, if they have one.")
    is_active: bool = attribute("Whether they may sign in.")
    order_count: int = attribute("How many orders they have placed.")
    created_at: DateTime = attribute("When they registered.")
    updated_at: DateTime = attribute("When their record last changed.")
    addresses: Sequence[CustomerAddress] | None = attribute(
        "The address book: the default address, then the newest first.", CUSTOMERS
    )
    groups: Sequence[CustomerGroup] | None = attribute(
        "The groups they are in, by name; at most 100.", CUSTOMERS, PROMOTIONS
    )
    sessions: Sequence[Session] | None = attribute(
        "Where they are signed in now, last seen first; the last 50 at most.", CUSTOMERS
    )
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

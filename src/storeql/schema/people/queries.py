"""Root fields about people: who is signed in, the customers and staff of the shop, app tokens."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers import relations, resolvers
from storeql.customers.listing import CustomerFilter
from storeql.customers.session_reads import own_sessions_page
from storeql.customers.staff import resolvers as staff_resolvers
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.ids import row_of
from storeql.schema.mutation import context_of
from storeql.schema.people.context import own_customer_id, own_staff_id, reader_of
from storeql.schema.people.customers import Customer, CustomerAccount, CustomerGroup, Session
from storeql.schema.people.staff import AppToken, Role, StaffMember
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
CUSTOMER, STAFF = Permission.CUSTOMER, Permission.STAFF
CUSTOMERS, PROMOTIONS = Permission.MANAGE_CUSTOMERS, Permission.MANAGE_PROMOTIONS
PRODUCTS = Permission.MANAGE_PRODUCTS
MANAGE_STAFF, MANAGE_APPS = Permission.MANAGE_STAFF, Permission.MANAGE_APPS


@strawberry.input(description="Conditions that all have to hold.")
class CustomerFilterInput:
    """What to narrow the customers by."""

    search: str | None = strawberry.field(
        default=None, description="A part of the e-mail address, the name or the phone number."
    )
    tier: str | None = strawberry.field(default=None, description="Only of this member tier.")
    group: strawberry.ID | None = strawberry.field(
        default=None, description="Only members of this group."
    )
    is_active: bool | None = strawberry.field(
        default=None, description="Only those who may, or may not, sign in."
    )


@strawberry.type
class PeopleQuery:
    """Root fields about people."""

    @field("Your own account.", CUSTOMER)
    def me(self, info: Info_) -> CustomerAccount | None:
        context = context_of(info)
        return resolvers.customer(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            id=own_customer_id(context),
            reader=reader_of(context),
        )

    @field("Who you are as a member of staff, with what you may do.", STAFF)
    def staff_viewer(self, info: Info_) -> StaffMember | None:
        context = context_of(info)
        return staff_resolvers.staff_member(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            id=own_staff_id(context),
            reader=reader_of(context),
        )

    @field("Where you are signed in now, last seen first.", CUSTOMER, STAFF)
    def sessions(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Session] | None:
        context = context_of(info)
        return own_sessions_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            actor=context.actor,
            page=page_request(first, after, last, before),
            now=context.now,
        )

    @field("The customers, newest first.", CUSTOMERS)
    def customers(
        self,
        info: Info_,
        filter: Annotated[
            CustomerFilterInput | None, argument("What the customers must have in common.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Customer] | None:
        context = context_of(info)
        return resolvers.customers_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            reader=reader_of(context),
            filter=_filter(filter),
        )

    @field("One customer; null when there is none.", CUSTOMERS)
    def customer(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The customer's id.")]
    ) -> Customer | None:
        context = context_of(info)
        return resolvers.customer(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            id=row_of("Customer", id),
            reader=reader_of(context),
        )

    @field("The customer groups by name.", CUSTOMERS, PROMOTIONS, PRODUCTS)
    def customer_groups(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CustomerGroup] | None:
        return relations.groups_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One customer group; null when there is none.", CUSTOMERS, PROMOTIONS, PRODUCTS)
    def customer_group(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The group's id.")]
    ) -> CustomerGroup | None:
        return relations.group(  # type: ignore[return-value]
            context_of(info).connection, selection_of(info), id=row_of("CustomerGroup", id)
        )

    @field("The staff, in the order they came.", MANAGE_STAFF)
    def staff_members(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[StaffMember] | None:
        context = context_of(info)
        return staff_resolvers.staff_page(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            reader=reader_of(context),
        )

    @field("One staff member; null when there is none.", MANAGE_STAFF)
    def staff_member(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The staff member's id.")]
    ) -> StaffMember | None:
        context = context_of(info)
        return staff_resolvers.staff_member(  # type: ignore[return-value]
            context.connection,
            selection_of(info),
            id=row_of("StaffMember", id),
            reader=reader_of(context),
        )

    @field("The roles, in the order they were made.", MANAGE_STAFF)
    def roles(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Role] | None:
        return staff_resolvers.roles_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("The tokens of apps, newest first, revoked ones included.", MANAGE_APPS)
    def app_tokens(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AppToken] | None:
        return staff_resolvers.app_tokens_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )


def _filter(given: CustomerFilterInput | None) -> CustomerFilter:
    if given is None:
        return resolvers.EVERYBODY
    return CustomerFilter(
        search=given.search,
        tier=given.tier,
        group_id=None if given.group is None else row_of("CustomerGroup", given.group),
        is_active=given.is_active,
    )

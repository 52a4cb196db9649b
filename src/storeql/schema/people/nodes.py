"""How people and what belongs to them are read again by their ids: only as the actor may."""

from typing import Any

from strawberry.types import Info

from storeql.access import Permission
from storeql.customers import relations, resolvers
from storeql.customers.staff import resolvers as staff_resolvers
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.people.context import reader_of
from storeql.schema.selection import selection_of


@refetches("Customer")
def customers(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Customers, for staff who manage them."""
    context = context_of(info)
    if not _may(info, Permission.MANAGE_CUSTOMERS):
        return {}
    return resolvers.customers_by_id(
        context.connection, rows, selection_of(info), reader=reader_of(context)
    )


@refetches("CustomerAddress")
def addresses(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Entries of the signed-in customer's own address book."""
    context = context_of(info)
    customer_id = context.actor.customer_id
    if customer_id is None:
        return {}
    books = relations.load_addresses(context.connection, [customer_id])
    return {one.id: one for one in books.get(customer_id, ()) if one.id in rows}


@refetches("CustomerGroup")
def groups(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Customer groups, for staff who manage customers, or what is meant for groups of them."""
    managers = (Permission.MANAGE_CUSTOMERS, Permission.MANAGE_PROMOTIONS)
    if not _may(info, *managers, Permission.MANAGE_PRODUCTS):
        return {}
    return relations.groups_by_id(context_of(info).connection, selection_of(info), ids=rows)


@refetches("StaffMember")
def staff(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Staff members, for those who manage staff."""
    context = context_of(info)
    if not _may(info, Permission.MANAGE_STAFF):
        return {}
    return staff_resolvers.staff_by_id(
        context.connection, rows, selection_of(info), reader=reader_of(context)
    )


@refetches("Role")
def roles(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Roles, for those who manage staff."""
    if not _may(info, Permission.MANAGE_STAFF):
        return {}
    return staff_resolvers.roles_by_id(context_of(info).connection, rows)


@refetches("AppToken")
def app_tokens(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """App tokens, for those who manage them."""
    if not _may(info, Permission.MANAGE_APPS):
        return {}
    return staff_resolvers.app_tokens_by_id(context_of(info).connection, rows)


def _may(info: Info[Any, Any], *permissions: Permission) -> bool:
    return not context_of(info).granted.isdisjoint(permissions)

"""Mutations by which staff place customers: their standing, and the groups they are in."""

from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers import relations, resolvers
from storeql.customers.groups import (
    GroupUpdate,
    MembersChange,
    NewGroup,
    change_members,
    create_group,
    delete_group,
    update_group,
)
from storeql.customers.standing import StandingUpdate, set_standing
from storeql.db import Connection, Selection
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of, rows_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.people.context import reader_of
from storeql.schema.people.customers import Customer, CustomerGroup

Info_: TypeAlias = Info[Any, Any]
CUSTOMERS = Permission.MANAGE_CUSTOMERS


@strawberry.input(description="What to change; fields left out stay as they are.")
class CustomerStandingUpdateInput:
    """A customer's standing."""

    id: strawberry.ID = strawberry.field(description="The customer's id.")
    expected_version: int = strawberry.field(description="The version that was read.")
    tier: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The member tier, at most 64 characters; null for none.",
    )
    is_active: bool | None = strawberry.field(
        default=None, description="Whether they may sign in; false ends their sessions."
    )


@strawberry.input(description="A new customer group.")
class CustomerGroupCreateInput:
    """A group to add."""

    slug: str = strawberry.field(
        description="What rules call it: small letters, digits and hyphens; it never changes."
    )
    name: str = strawberry.field(description="The name staff see.")


@strawberry.input(description="A new name for a customer group.")
class CustomerGroupUpdateInput:
    """A group's change."""

    id: strawberry.ID = strawberry.field(description="The group's id.")
    expected_version: int = strawberry.field(description="The version that was read.")
    name: str = strawberry.field(description="The name staff see.")


@strawberry.input(description="Which group to delete.")
class CustomerGroupDeleteInput:
    """A group to delete."""

    id: strawberry.ID = strawberry.field(description="The group's id.")


@strawberry.input(description="Customers to put into a group and to take out of it.")
class CustomerGroupMembersUpdateInput:
    """A change of members."""

    id: strawberry.ID = strawberry.field(description="The group's id.")
    add: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Customers to put in, at most 500."
    )
    remove: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Customers to take out, at most 500."
    )


@strawberry.type(description="A customer after a change.")
class CustomerPayload:
    """What a change of a customer answers."""

    customer: Customer | None = attribute("The customer after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A customer group after a change.")
class CustomerGroupPayload:
    """What a change of a group answers."""

    customer_group: CustomerGroup | None = attribute("The group after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A customer group that was deleted.")
class CustomerGroupDeletePayload:
    """What deleting a group answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class GroupMutation:
    """Mutations of customers by staff."""

    @mutation("Sets a customer's member tier, and whether they may sign in.", CUSTOMERS)
    def customer_standing_update(
        self, info: Info_, input: Annotated[CustomerStandingUpdateInput, argument("The change.")]
    ) -> CustomerPayload | None:
        context = context_of(info)
        update = StandingUpdate(
            customer_id=row_of("Customer", input.id),
            expected_version=input.expected_version,
            tier=msgspec.UNSET if input.tier is strawberry.UNSET else input.tier,
            is_active=input.is_active,
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            set_standing(connection, update, now=context.now)
            found = resolvers.customer(
                connection,
                selection.of("customer"),
                id=update.customer_id,
                reader=reader_of(context),
            )
            return {"customer": found}

        return run(info, CustomerPayload, work)

    @mutation("Adds a customer group.", CUSTOMERS)
    def customer_group_create(
        self, info: Info_, input: Annotated[CustomerGroupCreateInput, argument("The group.")]
    ) -> CustomerGroupPayload | None:
        typed = NewGroup(input.slug, input.name)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _group(connection, selection, group_id=create_group(connection, typed))

        return run(info, CustomerGroupPayload, work)

    @mutation("Renames a customer group.", CUSTOMERS)
    def customer_group_update(
        self, info: Info_, input: Annotated[CustomerGroupUpdateInput, argument("The change.")]
    ) -> CustomerGroupPayload | None:
        update = GroupUpdate(
            id=row_of("CustomerGroup", input.id),
            expected_version=input.expected_version,
            name=input.name,
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            return _group(connection, selection, group_id=update_group(connection, update))

        return run(info, CustomerGroupPayload, work)

    @mutation("Deletes a customer group; its members stay customers.", CUSTOMERS)
    def customer_group_delete(
        self, info: Info_, input: Annotated[CustomerGroupDeleteInput, argument("Which one.")]
    ) -> CustomerGroupDeletePayload | None:
        group_id = row_of("CustomerGroup", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_group(connection, group_id)
            return {"deleted_id": input.id}

        return run(info, CustomerGroupDeletePayload, work)

    @mutation("Puts customers into a group and takes others out.", CUSTOMERS)
    def customer_group_members_update(
        self,
        info: Info_,
        input: Annotated[CustomerGroupMembersUpdateInput, argument("Who comes and goes.")],
    ) -> CustomerGroupPayload | None:
        change = MembersChange(
            group_id=row_of("CustomerGroup", input.id),
            add=rows_of("Customer", input.add),
            remove=rows_of("Customer", input.remove),
        )
        now = context_of(info).now

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            group_id = change_members(connection, change, now=now)
            return _group(connection, selection, group_id=group_id)

        return run(info, CustomerGroupPayload, work)


def _group(connection: Connection, selection: Selection, *, group_id: int) -> dict[str, Any]:
    wanted = selection.of("customer_group")
    return {"customer_group": relations.group(connection, wanted, id=group_id)}

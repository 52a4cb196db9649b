"""Mutations of the signed-in customer's address book."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.customers import relations
from storeql.customers.address_book import (
    AddressUpdate,
    add_address,
    remove_address,
    update_address,
)
from storeql.db import Connection, Selection
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.people.address import AddressInput, typed_address
from storeql.schema.people.context import own_customer_id
from storeql.schema.people.customers import CustomerAddress

Info_: TypeAlias = Info[Any, Any]
CUSTOMER = Permission.CUSTOMER


@strawberry.input(description="A new entry of your address book.")
class CustomerAddressCreateInput:
    """An address to add."""

    address: AddressInput = strawberry.field(description="The address.")
    is_default: bool = strawberry.field(
        default=False, description="Make it the default; the first one is anyway."
    )


@strawberry.input(description="What to change; fields left out stay as they are.")
class CustomerAddressUpdateInput:
    """A change of one entry."""

    id: strawberry.ID = strawberry.field(description="The entry's id.")
    expected_version: int = strawberry.field(description="The version that was read.")
    address: AddressInput | None = strawberry.field(
        default=None, description="The whole address anew."
    )
    is_default: bool = strawberry.field(default=False, description="Make it the default.")


@strawberry.input(description="Which entry to take out of your address book.")
class CustomerAddressDeleteInput:
    """An entry to remove."""

    id: strawberry.ID = strawberry.field(description="The entry's id.")


@strawberry.type(description="An entry of your address book after a change.")
class CustomerAddressPayload:
    """What adding and changing an address answer."""

    customer_address: CustomerAddress | None = attribute("The entry after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="An entry that was removed.")
class CustomerAddressDeletePayload:
    """What removing an address answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class AddressMutation:
    """Mutations of an address book."""

    @mutation("Adds an address to your book, which holds at most 50.", CUSTOMER)
    def customer_address_create(
        self, info: Info_, input: Annotated[CustomerAddressCreateInput, argument("The address.")]
    ) -> CustomerAddressPayload | None:
        context = context_of(info)
        customer_id = own_customer_id(context)
        typed = typed_address(input.address)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            address_id = add_address(
                connection,
                typed,
                customer_id=customer_id,
                makes_default=input.is_default,
                now=context.now,
            )
            return _entry(connection, address_id, customer_id=customer_id)

        return run(info, CustomerAddressPayload, work)

    @mutation("Changes an address of your book, or makes it the default.", CUSTOMER)
    def customer_address_update(
        self, info: Info_, input: Annotated[CustomerAddressUpdateInput, argument("The change.")]
    ) -> CustomerAddressPayload | None:
        context = context_of(info)
        customer_id = own_customer_id(context)
        update = AddressUpdate(
            id=row_of("CustomerAddress", input.id),
            expected_version=input.expected_version,
            address=None if input.address is None else typed_address(input.address),
            makes_default=input.is_default,
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            update_address(connection, update, customer_id=customer_id, now=context.now)
            return _entry(connection, update.id, customer_id=customer_id)

        return run(info, CustomerAddressPayload, work)

    @mutation("Takes an address out of your book.", CUSTOMER)
    def customer_address_delete(
        self, info: Info_, input: Annotated[CustomerAddressDeleteInput, argument("Which one.")]
    ) -> CustomerAddressDeletePayload | None:
        context = context_of(info)
        customer_id = own_customer_id(context)
        address_id = row_of("CustomerAddress", input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            remove_address(connection, address_id, customer_id=customer_id, now=context.now)
            return {"deleted_id": input.id}

        return run(info, CustomerAddressDeletePayload, work)


def _entry(connection: Connection, address_id: int, *, customer_id: int) -> dict[str, Any]:
    return {"customer_address": relations.address(connection, address_id, customer_id=customer_id)}

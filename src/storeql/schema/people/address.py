"""Postal addresses as clients read and write them, for address books, carts and orders."""

import strawberry

from storeql.customers import address as records
from storeql.schema.fields import answers, attribute


@strawberry.type(description="Where a parcel goes, and who takes it.")
@answers(records.Address)
class Address:
    """A postal address."""

    name: str = attribute("Who takes the parcel.")
    phone: str = attribute("How the carrier reaches them.")
    country: str = attribute("An ISO 3166-1 code of two letters, such as CN.")
    region: str = attribute("The province or state; empty where there is none.")
    city: str = attribute("The city or town.")
    district: str = attribute("The part of the city; empty where it is not needed.")
    street: str = attribute("Street, number and flat.")
    postal_code: str = attribute("The postal code; empty where there is none.")


@strawberry.input(description="Where a parcel goes, and who takes it.")
class AddressInput:
    """A postal address to keep."""

    name: str = strawberry.field(description="Who takes the parcel; at most 100 characters.")
    phone: str = strawberry.field(description="A phone number of 5 to 20 digits.")
    country: str = strawberry.field(description="An ISO 3166-1 code of two letters, such as CN.")
    region: str = strawberry.field(
        default="", description="The province or state; at most 100 characters."
    )
    city: str = strawberry.field(description="The city or town; at most 100 characters.")
    district: str = strawberry.field(
        default="", description="The part of the city; at most 100 characters."
    )
    street: str = strawberry.field(description="Street, number and flat; at most 300 characters.")
    postal_code: str = strawberry.field(
        default="", description="The postal code; at most 20 characters."
    )


def typed_address(given: AddressInput) -> records.Address:
    """The address as it was typed, for `checked_address`."""
    names = records.Address.__struct_fields__
    return records.Address(**{name: getattr(given, name) for name in names})

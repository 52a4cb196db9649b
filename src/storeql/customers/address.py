"""A postal address: what a parcel needs, checked once for address books, carts and orders."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from storeql.customers.countries import COUNTRIES
from storeql.customers.fields import PersonFields
from storeql.errors import Problem


class Address(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a parcel goes and who takes it; `country` is an ISO 3166-1 alpha-2 code.

    `region` is the province or state, `district` the part of the city. Unused parts are empty.
    """

    name: str
    phone: str
    country: str
    region: str = ""
    city: str
    district: str = ""
    street: str
    postal_code: str = ""


_BOUNDS = {
    "name": (100, True),
    "region": (100, False),
    "city": (100, True),
    "district": (100, False),
    "street": (300, True),
}


def checked_address(typed: Address, *path: str) -> tuple[Address, list[Problem]]:
    """The address as the shop keeps it, and everything wrong with it.

    `path` leads from the mutation's input to the address; use the address only without problems.
    """
    fields = PersonFields(*path)
    texts = {
        name: fields.line(name, getattr(typed, name), most=most, required=required)
        for name, (most, required) in _BOUNDS.items()
    }
    address = Address(
        **texts,
        country=_country(fields, typed.country),
        phone=fields.phone("phone", typed.phone, required=True),
        postal_code=fields.line("postalCode", typed.postal_code, most=20, required=False),
    )
    return address, fields.problems


def encode_address(address: Address) -> str:
    """The address as the JSON text that tables keep."""
    return msgspec.json.encode(address).decode()


def decode_address(text: str) -> Address:
    """The address of a table's JSON text."""
    return _decoder.decode(text)


_decoder = msgspec.json.Decoder(Address)


def _country(fields: PersonFields, typed: str) -> str:
    country = typed.strip().upper()
    if country not in COUNTRIES:
        fields.report("INVALID_COUNTRY", "This is not an ISO 3166 country code.", "country")
    return country

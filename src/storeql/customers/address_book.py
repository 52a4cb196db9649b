"""A customer's address book: at most 50 addresses, exactly one of them the default."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, func, insert, select

from storeql.customers.address import Address, checked_address, encode_address
from storeql.customers.event_kinds import CUSTOMER_UPDATED
from storeql.customers.tables import customer_addresses, customers
from storeql.customers.versions import missing, too_late
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.events import tell

MOST_ADDRESSES = 50


class AddressUpdate(Struct, frozen=True, kw_only=True):
    """What to change of an address; None leaves it as it is."""

    id: int
    expected_version: int
    address: Address | None = None
    makes_default: bool = False


def add_address(
    connection: Connection, typed: Address, *, customer_id: int, makes_default: bool, now: int
) -> int:
    """The id of the new address; the first one is the default without being asked."""
    address = _checked(typed)
    _hold_book(connection, customer_id, now=now)
    known = connection.scalar(_COUNT, customer_id=customer_id)
    if known >= MOST_ADDRESSES:
        message = f"An address book holds at most {MOST_ADDRESSES} addresses."
        raise refuse("TOO_MANY_ADDRESSES", message, "address")
    address_id: int = connection.scalar(
        _ADD, customer_id=customer_id, address=encode_address(address)
    )
    if makes_default or not known:
        _make_default(connection, customer_id, address_id=address_id)
    return address_id


def update_address(
    connection: Connection, typed: AddressUpdate, *, customer_id: int, now: int
) -> int:
    """The id of the changed address; raises Rejected (NOT_FOUND for other customers' too)."""
    address = None if typed.address is None else encode_address(_checked(typed.address))
    _hold_book(connection, customer_id, now=now)
    changed = connection.run(
        _UPDATE,
        b_id=typed.id,
        b_customer_id=customer_id,
        expected=typed.expected_version,
        new_address=address,
    )
    if not changed:
        raise too_late(connection.scalar(_VERSION, id=typed.id, customer_id=customer_id))
    if typed.makes_default:
        _make_default(connection, customer_id, address_id=typed.id)
    return typed.id


def remove_address(connection: Connection, address_id: int, *, customer_id: int, now: int) -> None:
    """Takes an address out of the book; the newest of the others becomes the default if needed."""
    _hold_book(connection, customer_id, now=now)
    was_default = connection.scalar(_REMOVE, id=address_id, customer_id=customer_id)
    if was_default is None:
        raise missing()
    heir = connection.scalar(_NEWEST, customer_id=customer_id) if was_default else None
    if heir is not None:
        _make_default(connection, customer_id, address_id=heir)


def _checked(typed: Address) -> Address:
    address, problems = checked_address(typed, "address")
    if problems:
        raise Rejected(problems)
    return address


def _hold_book(connection: Connection, customer_id: int, *, now: int) -> None:
    # Holding the customer's row makes changes of one book wait for each other, so that neither
    # the bound nor the one default can be passed by two of them at once.
    connection.run(_HOLD, b_id=customer_id, now=now)
    tell(connection, CUSTOMER_UPDATED, customer_id, now=now)


def _make_default(connection: Connection, customer_id: int, *, address_id: int) -> None:
    connection.run(_MAKE_DEFAULT, b_id=address_id, b_customer_id=customer_id)


_book = customer_addresses.c
_owned = (_book.id == bindparam("id"), _book.customer_id == bindparam("customer_id"))
_address_text = bindparam("new_address", type_=_book.address.type)

_HOLD = statement(
    customers.update()
    .where(customers.c.id == bindparam("b_id"))
    .values(updated_at=bindparam("now"))
)
_COUNT = statement(select(func.count()).where(_book.customer_id == bindparam("customer_id")))
_ADD = statement(insert(customer_addresses).returning(_book.id), "customer_id", "address")
_UPDATE = statement(
    customer_addresses.update()
    .where(
        _book.id == bindparam("b_id"),
        _book.customer_id == bindparam("b_customer_id"),
        _book.version == bindparam("expected"),
    )
    .values(address=func.coalesce(_address_text, _book.address), version=_book.version + 1)
)
_VERSION = statement(select(_book.version).where(*_owned))
_REMOVE = statement(customer_addresses.delete().where(*_owned).returning(_book.is_default))
_NEWEST = statement(select(func.max(_book.id)).where(_book.customer_id == bindparam("customer_id")))
_MAKE_DEFAULT = statement(
    customer_addresses.update()
    .where(_book.customer_id == bindparam("b_customer_id"))
    .values(is_default=_book.id == bindparam("b_id"))
)

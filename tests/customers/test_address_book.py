import pytest
from msgspec.structs import replace

from storeql.customers.address import Address
from storeql.customers.address_book import (
    AddressUpdate,
    add_address,
    remove_address,
    update_address,
)
from storeql.customers.records import CustomerAddress
from storeql.customers.relations import address, load_addresses
from storeql.db import Database
from storeql.errors import Rejected, StaleVersion
from tests.customers.people import NOW, at_once, registered
from tests.customers.test_address import SHANGHAI

BEIJING = replace(SHANGHAI, region="北京市", city="北京市", district="朝阳区")


def adding(
    database: Database, customer_id: int, typed: Address = SHANGHAI, makes_default: bool = False
) -> int:
    return database.write(
        lambda c: add_address(
            c, typed, customer_id=customer_id, makes_default=makes_default, now=NOW
        )
    )


def updating(database: Database, customer_id: int, update: AddressUpdate) -> int:
    return database.write(lambda c: update_address(c, update, customer_id=customer_id, now=NOW))


def removing(database: Database, customer_id: int, address_id: int) -> None:
    database.write(lambda c: remove_address(c, address_id, customer_id=customer_id, now=NOW))


def book(database: Database, customer_id: int) -> list[CustomerAddress]:
    with database.reading() as connection:
        return list(load_addresses(connection, [customer_id]).get(customer_id, ()))


def test_the_first_address_is_the_default_and_comes_first(database: Database) -> None:
    customer_id = registered(database).account_id
    first, second = adding(database, customer_id), adding(database, customer_id, BEIJING)
    assert [(one.id, one.is_default) for one in book(database, customer_id)] == [
        (first, True),
        (second, False),
    ]
    assert book(database, customer_id)[0].address == SHANGHAI


def test_only_one_address_is_the_default(database: Database) -> None:
    customer_id = registered(database).account_id
    first = adding(database, customer_id)
    second = adding(database, customer_id, BEIJING, makes_default=True)
    assert [one.is_default for one in book(database, customer_id)] == [True, False]
    updating(database, customer_id, AddressUpdate(id=first, expected_version=1, makes_default=True))
    assert [(one.id, one.is_default) for one in book(database, customer_id)] == [
        (first, True),
        (second, False),
    ]


def test_removing_the_default_passes_it_to_the_newest_of_the_others(database: Database) -> None:
    customer_id = registered(database).account_id
    first, second, third = (adding(database, customer_id) for _ in range(3))
    removing(database, customer_id, first)
    assert [(one.id, one.is_default) for one in book(database, customer_id)] == [
        (third, True),
        (second, False),
    ]
    removing(database, customer_id, third)
    removing(database, customer_id, second)
    assert book(database, customer_id) == []


def test_a_stale_update_is_refused_with_the_version_now(database: Database) -> None:
    customer_id = registered(database).account_id
    address_id = adding(database, customer_id)
    update = AddressUpdate(id=address_id, expected_version=1, address=BEIJING)
    updating(database, customer_id, update)
    with pytest.raises(Rejected) as refused:
        updating(database, customer_id, update)
    [problem] = refused.value.problems
    assert isinstance(problem, StaleVersion) and problem.current == 2
    assert book(database, customer_id)[0].address == BEIJING


def test_the_address_of_somebody_else_is_answered_like_an_unknown_one(database: Database) -> None:
    mine = registered(database, "li@example.cn").account_id
    theirs = registered(database, "han@example.cn").account_id
    foreign, unknown = adding(database, theirs), 999_999
    for address_id in (foreign, unknown):
        update = AddressUpdate(id=address_id, expected_version=1, address=BEIJING)
        with pytest.raises(Rejected) as refused_update:
            updating(database, mine, update)
        with pytest.raises(Rejected) as refused_removal:
            removing(database, mine, address_id)
        for refused in (refused_update, refused_removal):
            [problem] = refused.value.problems
            assert (problem.code, problem.field) == ("NOT_FOUND", ("id",))
        with database.reading() as connection:
            assert address(connection, address_id, customer_id=mine) is None
    assert [one.address for one in book(database, theirs)] == [SHANGHAI]


def test_a_book_never_holds_more_than_fifty_addresses(database: Database) -> None:
    customer_id = registered(database).account_id
    for _ in range(48):
        adding(database, customer_id)
    outcomes = at_once([lambda: adding(database, customer_id) for _ in range(6)])
    refusals = [error.problems[0].code for error in outcomes if isinstance(error, Rejected)]
    assert refusals == ["TOO_MANY_ADDRESSES"] * 4
    assert len(book(database, customer_id)) == 50


def test_simultaneous_changes_leave_one_default(database: Database) -> None:
    customer_id = registered(database).account_id
    at_once([lambda: adding(database, customer_id, makes_default=True) for _ in range(6)])
    assert [one.is_default for one in book(database, customer_id)] == [True] + [False] * 5


def test_a_bad_address_is_refused_with_every_problem(database: Database) -> None:
    customer_id = registered(database).account_id
    with pytest.raises(Rejected) as refused:
        adding(database, customer_id, replace(SHANGHAI, name="", country="China"))
    assert [problem.field for problem in refused.value.problems] == [
        ("address", "name"),
        ("address", "country"),
    ]

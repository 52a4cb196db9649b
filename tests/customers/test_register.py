import pytest
from sqlalchemy import func, select

from storeql.customers.register import NewCustomer, register
from storeql.customers.sessions import Client
from storeql.customers.tables import customers
from storeql.db import Database, statement
from storeql.errors import Rejected
from tests.customers.people import (
    CHEAP,
    HOME,
    NOW,
    PASSWORD,
    SETTINGS,
    actor_of,
    at_once,
    registered,
    signing_in,
)

ROW = statement(select(customers.c.email, customers.c.name, customers.c.phone, customers.c.version))
COUNT = statement(select(func.count()).select_from(customers))


def test_who_registers_is_signed_in_and_kept_in_one_spelling(database: Database) -> None:
    person = registered(database, " Li@Example.CN ", name=" Li Lei ")
    assert actor_of(database, person.session.token).id == person.account_id
    with database.reading() as connection:
        assert connection.rows(ROW) == [("li@example.cn", "Li Lei", "13800001234", 1)]
    signing_in(database)


def test_all_problems_of_a_registration_come_at_once(database: Database) -> None:
    typed = NewCustomer(email="li", password="short", name="L" * 201, phone="call me")
    with pytest.raises(Rejected) as refused:
        register(database.write, typed, settings=SETTINGS, client=HOME, now=NOW, passwords=CHEAP)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [
        ("INVALID_EMAIL", ("email",)),
        ("PASSWORD_LENGTH", ("password",)),
        ("TOO_LONG", ("name",)),
        ("INVALID_PHONE", ("phone",)),
    ]


def test_one_address_is_one_account(database: Database) -> None:
    registered(database)
    with pytest.raises(Rejected) as refused:
        registered(database, "LI@example.cn")
    [problem] = refused.value.problems
    assert (problem.code, problem.field) == ("EMAIL_TAKEN", ("email",))


def test_of_simultaneous_registrations_with_one_address_one_succeeds(database: Database) -> None:
    outcomes = at_once([lambda: registered(database) for _ in range(6)])
    refusals = [error.problems[0].code for error in outcomes if isinstance(error, Rejected)]
    assert refusals == ["EMAIL_TAKEN"] * 5
    with database.reading() as connection:
        assert connection.scalar(COUNT) == 1


def test_probing_for_accounts_by_registering_is_stopped(database: Database) -> None:
    registered(database)
    codes = []
    for _ in range(51):
        with pytest.raises(Rejected) as refused:
            registered(database)
        codes.append(refused.value.problems[0].code)
    assert codes == ["EMAIL_TAKEN"] * 50 + ["TOO_MANY_ATTEMPTS"]


def test_registrations_that_succeed_use_up_nothing(database: Database) -> None:
    for number in range(55):
        typed = NewCustomer(email=f"c{number}@example.cn", password=PASSWORD)
        register(
            database.write,
            typed,
            settings=SETTINGS,
            client=Client("198.51.100.1"),
            now=NOW,
            passwords=CHEAP,
        )

import pytest
from sqlalchemy import select

from storeql.customers.passwords import Passwords
from storeql.customers.problems import TooManyAttempts
from storeql.customers.sessions import Client
from storeql.customers.tables import customers, sessions
from storeql.db import Database, statement
from storeql.errors import Rejected
from tests.customers.people import (
    CHEAP,
    HOME,
    MINUTE,
    NOW,
    PASSWORD,
    SETTINGS,
    actor_of,
    at_once,
    hired,
    registered,
    signing_in,
)

HASH = statement(select(customers.c.password_hash))
SESSION = statement(select(sessions.c.token_hash, sessions.c.user_agent, sessions.c.expires_at))


def codes(error: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_customer_signs_in_whatever_the_spelling_of_the_address(database: Database) -> None:
    person = registered(database)
    session = signing_in(database, " LI@Example.cn ").session
    actor = actor_of(database, session.token)
    assert (actor.key, actor.name, actor.session_id) == (
        f"customer:{person.account_id}",
        "Li Lei",
        session.id,
    )
    assert session.expires_at == NOW + SETTINGS.session_days * 24 * 60 * MINUTE


def test_a_token_is_kept_only_as_a_hash(database: Database) -> None:
    token = registered(database).session.token
    with database.reading() as connection:
        hashed, agent, _ = connection.one(SESSION) or ()
    assert token not in hashed and len(hashed) == 64 and agent == "Firefox"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("li@example.cn", "wrong horse"),
        ("nobody@example.cn", PASSWORD),
        ("not an address", PASSWORD),
        ("li@example.cn", ""),
        ("li@example.cn", "x" * 100_000),
        ("li\0@example.cn", PASSWORD),
    ],
)
def test_unknown_and_mistaken_get_the_same_answer(
    database: Database, email: str, password: str
) -> None:
    registered(database)
    with pytest.raises(Rejected) as refused:
        signing_in(database, email, password)
    assert codes(refused) == ["INVALID_CREDENTIALS"]
    assert refused.value.problems[0].field is None


def test_staff_and_customers_do_not_sign_in_for_each_other(database: Database) -> None:
    registered(database, "li@example.cn")
    hired(database, "han@example.cn", "owner")
    for email, kind in (("li@example.cn", "staff"), ("han@example.cn", "customer")):
        with pytest.raises(Rejected) as refused:
            signing_in(database, email, kind=kind)  # type: ignore[arg-type]
        assert codes(refused) == ["INVALID_CREDENTIALS"]


def test_an_outdated_hash_is_renewed_at_sign_in(database: Database) -> None:
    registered(database)
    dearer = Passwords(time_cost=2, memory_kib=8)
    signing_in(database, passwords=dearer)
    with database.reading() as connection:
        kept = connection.scalar(HASH)
    assert "t=2" in kept and not dearer.is_outdated(kept)
    signing_in(database, passwords=dearer)


def test_no_transaction_is_held_while_a_password_is_hashed(database: Database) -> None:
    held: list[int] = []

    class Watching(Passwords):
        def verify(self, kept: str | None, password: str) -> bool:
            held.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]
            return super().verify(kept, password)

    registered(database)
    signing_in(database, passwords=Watching(time_cost=1, memory_kib=8))
    assert held == [0]


def test_the_eleventh_mistake_at_an_account_is_refused_with_the_time_to_wait(
    database: Database,
) -> None:
    registered(database)
    for second in range(10):
        with pytest.raises(Rejected) as refused:
            signing_in(database, password="wrong horse", now=NOW + second * 1000)
        assert codes(refused) == ["INVALID_CREDENTIALS"]
    with pytest.raises(Rejected) as refused:
        signing_in(database, now=NOW + MINUTE)
    [problem] = refused.value.problems
    assert isinstance(problem, TooManyAttempts)
    assert (problem.code, problem.retry_after_seconds) == ("TOO_MANY_ATTEMPTS", 14 * 60)
    signing_in(database, now=NOW + 15 * MINUTE)


def test_a_sign_in_that_succeeds_forgets_the_mistakes_before(database: Database) -> None:
    registered(database)
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(Rejected):
                signing_in(database, password="wrong horse")
        signing_in(database)


def test_mistakes_at_many_accounts_count_for_the_network_they_come_from(
    database: Database,
) -> None:
    registered(database)
    for number in range(50):
        with pytest.raises(Rejected):
            signing_in(database, f"guess{number}@example.cn", client=Client(f"2001:db8::{number}"))
    with pytest.raises(Rejected) as refused:
        signing_in(database, client=Client("2001:db8::ffff"))
    assert codes(refused) == ["TOO_MANY_ATTEMPTS"]
    signing_in(database, client=HOME)


def test_of_many_simultaneous_guesses_only_ten_are_judged(database: Database) -> None:
    registered(database)
    judged = []

    class Counting(Passwords):
        def verify(self, kept: str | None, password: str) -> bool:
            judged.append(password)
            return super().verify(kept, password)

    counting = Counting(time_cost=1, memory_kib=8)
    outcomes = at_once(
        [
            lambda: signing_in(database, password="wrong horse", passwords=counting)
            for _ in range(16)
        ]
    )
    refusals = [error.problems[0].code for error in outcomes if isinstance(error, Rejected)]
    assert sorted(refusals) == ["INVALID_CREDENTIALS"] * 10 + ["TOO_MANY_ATTEMPTS"] * 6
    assert len(judged) == 10


def test_a_password_changed_between_check_and_session_refuses_the_sign_in(
    database: Database,
) -> None:
    registered(database)
    changed = statement(customers.update().values(password_hash=CHEAP.hash("another horse")))

    class Slow(Passwords):
        def verify(self, kept: str | None, password: str) -> bool:
            database.write(lambda connection: connection.run(changed))
            return super().verify(kept, password)

    with pytest.raises(Rejected) as refused:
        signing_in(database, passwords=Slow(time_cost=1, memory_kib=8))
    assert codes(refused) == ["INVALID_CREDENTIALS"]

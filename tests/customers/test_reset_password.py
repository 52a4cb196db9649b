import re

import pytest
from sqlalchemy import select

from storeql.customers.reset_password import (
    PasswordReset,
    request_password_reset,
    reset_password,
)
from storeql.customers.tables import messages, password_resets
from storeql.db import Database, statement
from storeql.errors import NotSignedIn, Rejected
from tests.customers.people import (
    CHEAP,
    HOME,
    MINUTE,
    NOW,
    SETTINGS,
    actor_of,
    at_once,
    registered,
    signing_in,
)

MESSAGES = statement(
    select(messages.c.recipient, messages.c.body, messages.c.sent_at).order_by(messages.c.id)
)
RESETS = statement(select(password_resets.c.token_hash))
NEW = "new horse, new luck"


def asking(database: Database, email: str = "li@example.cn", now: int = NOW) -> None:
    request_password_reset(database.write, email, settings=SETTINGS, client=HOME, now=now)


def resetting(database: Database, token: str, new: str = NEW, now: int = NOW) -> int:
    return reset_password(
        database.write,
        PasswordReset(token, new),
        settings=SETTINGS,
        now=now,
        passwords=CHEAP,
    )


def sent_tokens(database: Database) -> list[str]:
    with database.reading() as connection:
        bodies = [row[1] for row in connection.rows(MESSAGES)]
    return [re.findall(r"sqr_[\w-]{43}", body)[0] for body in bodies]


def assert_invalid(database: Database, token: str, now: int = NOW) -> None:
    with pytest.raises(Rejected) as refused:
        resetting(database, token, now=now)
    assert [problem.code for problem in refused.value.problems] == ["INVALID_TOKEN"]


def test_a_forgotten_password_is_replaced_by_the_secret_that_was_sent(
    database: Database,
) -> None:
    person = registered(database)
    asking(database, " LI@example.cn")
    with database.reading() as connection:
        assert [(row[0], row[2]) for row in connection.rows(MESSAGES)] == [("li@example.cn", None)]
    [token] = sent_tokens(database)
    assert resetting(database, token) == person.account_id
    signing_in(database, password=NEW)
    with pytest.raises(Rejected):
        signing_in(database)
    with pytest.raises(NotSignedIn):
        actor_of(database, person.session.token)


def test_the_secret_is_kept_only_as_a_hash(database: Database) -> None:
    registered(database)
    asking(database)
    with database.reading() as connection:
        assert connection.scalar(RESETS) not in sent_tokens(database)[0]


@pytest.mark.parametrize("email", ["nobody@example.cn", "not an address", ""])
def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(
    database: Database, email: str
) -> None:
    registered(database)
    asking(database, email)
    assert sent_tokens(database) == []


def test_a_secret_works_once(database: Database) -> None:
    registered(database)
    asking(database)
    [token] = sent_tokens(database)
    outcomes = at_once([lambda: resetting(database, token) for _ in range(4)])
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert_invalid(database, token)


def test_a_secret_is_valid_for_one_hour(database: Database) -> None:
    registered(database)
    asking(database)
    [token] = sent_tokens(database)
    assert_invalid(database, token, now=NOW + 60 * MINUTE)
    resetting(database, token, now=NOW + 60 * MINUTE - 1)


def test_a_reset_makes_older_secrets_worthless(database: Database) -> None:
    registered(database)
    asking(database)
    asking(database)
    older, newer = sent_tokens(database)
    resetting(database, newer)
    assert_invalid(database, older)


@pytest.mark.parametrize("token", ["", "sqr_x", "sqr_" + "x" * 43, "x" * 100_000])
def test_a_secret_nobody_sent_is_invalid(database: Database, token: str) -> None:
    assert_invalid(database, token)


def test_a_bad_new_password_leaves_the_secret_usable(database: Database) -> None:
    registered(database)
    asking(database)
    [token] = sent_tokens(database)
    with pytest.raises(Rejected) as refused:
        resetting(database, token, "short")
    assert refused.value.problems[0].field == ("newPassword",)
    resetting(database, token)


@pytest.mark.parametrize("email", ["li@example.cn", "nobody@example.cn"])
def test_asking_too_often_is_refused_alike_for_known_and_unknown(
    database: Database, email: str
) -> None:
    registered(database)
    for _ in range(10):
        asking(database, email)
    with pytest.raises(Rejected) as refused:
        asking(database, email)
    assert [problem.code for problem in refused.value.problems] == ["TOO_MANY_ATTEMPTS"]


def test_a_reset_lets_in_who_was_locked_out_by_mistakes(database: Database) -> None:
    registered(database)
    for _ in range(11):
        with pytest.raises(Rejected):
            signing_in(database, password="wrong horse")
    asking(database)
    resetting(database, sent_tokens(database)[0])
    signing_in(database, password=NEW)

import pytest

from storeql.access import Actor
from storeql.customers.change_password import PasswordChange, change_password
from storeql.db import Database
from storeql.errors import NotSignedIn, Rejected
from tests.customers.people import (
    CHEAP,
    NOW,
    PASSWORD,
    SETTINGS,
    actor_of,
    at_once,
    customer_actor,
    hired,
    registered,
    signing_in,
)


def changing(database: Database, actor: Actor, new: str, current: str = PASSWORD) -> None:
    change_password(
        database.write,
        PasswordChange(current, new),
        actor=actor,
        settings=SETTINGS,
        now=NOW,
        passwords=CHEAP,
    )


def test_a_new_password_ends_all_other_sessions(database: Database) -> None:
    here = registered(database)
    elsewhere = signing_in(database)
    changing(database, customer_actor(here), "new horse, new luck")
    assert actor_of(database, here.session.token).id == here.account_id
    with pytest.raises(NotSignedIn):
        actor_of(database, elsewhere.session.token)
    with pytest.raises(Rejected):
        signing_in(database)
    signing_in(database, password="new horse, new luck")


def test_staff_change_their_own_password_too(database: Database) -> None:
    hired(database, "han@example.cn", "orders")
    here = signing_in(database, "han@example.cn", kind="staff").session
    elsewhere = signing_in(database, "han@example.cn", kind="staff").session
    changing(database, actor_of(database, here.token), "new horse, new luck")
    assert actor_of(database, here.token).kind == "staff"
    with pytest.raises(NotSignedIn):
        actor_of(database, elsewhere.token)


def test_without_the_current_password_nothing_changes(database: Database) -> None:
    here = registered(database)
    with pytest.raises(Rejected) as refused:
        changing(database, customer_actor(here), "new horse, new luck", current="wrong horse")
    [problem] = refused.value.problems
    assert (problem.code, problem.field) == ("INVALID_CREDENTIALS", ("currentPassword",))
    signing_in(database)


def test_guessing_the_current_password_is_stopped(database: Database) -> None:
    actor = customer_actor(registered(database))
    codes = []
    for _ in range(11):
        with pytest.raises(Rejected) as refused:
            changing(database, actor, "new horse, new luck", current="wrong horse")
        codes.append(refused.value.problems[0].code)
    assert codes == ["INVALID_CREDENTIALS"] * 10 + ["TOO_MANY_ATTEMPTS"]


def test_of_two_simultaneous_changes_one_counts(database: Database) -> None:
    actor = customer_actor(registered(database))
    wanted = [f"new horse {number}" for number in range(4)]
    outcomes = at_once([lambda new=new: changing(database, actor, new) for new in wanted])
    [winner] = [new for new, outcome in zip(wanted, outcomes, strict=True) if outcome is None]
    signing_in(database, password=winner)


def test_an_app_has_no_password(database: Database) -> None:
    with pytest.raises(NotSignedIn):
        changing(database, Actor("app", 1), "new horse, new luck")

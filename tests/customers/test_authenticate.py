import pytest

from storeql.access import STAFF_PERMISSIONS
from storeql.customers.authenticate import authenticate, identify, note_use
from storeql.customers.sessions import end_session, end_session_of
from storeql.customers.staff.app_tokens import (
    CreatedAppToken,
    NewAppToken,
    create_app_token,
    revoke_app_token,
)
from storeql.customers.staff.grants import OPERATOR
from storeql.customers.staff.members import StaffUpdate, update_staff_member
from storeql.customers.staff.roles import RoleUpdate, update_role
from storeql.customers.standing import StandingUpdate, set_standing
from storeql.db import Database
from storeql.errors import NotSignedIn
from tests.customers.people import (
    CHEAP,
    MINUTE,
    NOW,
    SETTINGS,
    actor_of,
    hired,
    registered,
    role_ids,
    signing_in,
)


def app(database: Database, *permissions: str, expires_at: int | None = None) -> CreatedAppToken:
    typed = NewAppToken(name="Stock sync", permissions=permissions, expires_at=expires_at)
    return database.write(
        lambda c: create_app_token(c, typed, actor=OPERATOR, secret=SETTINGS.secret, now=NOW)
    )


def assert_refused(database: Database, token: str, now: int = NOW) -> None:
    with pytest.raises(NotSignedIn):
        actor_of(database, token, now)


def test_who_a_token_stands_for_is_read_with_one_statement(database: Database) -> None:
    registered(database)
    hired(database, "han@example.cn", "catalogue", "orders")
    tokens = [
        signing_in(database).session.token,
        signing_in(database, "han@example.cn", kind="staff").session.token,
        app(database, "MANAGE_STOCK").token,
    ]
    for token in tokens:
        with database.reading() as connection:
            authenticate(connection, token, secret=SETTINGS.secret, now=NOW)
            assert connection.count == 1


def test_a_staff_member_may_do_what_all_their_roles_grant(database: Database) -> None:
    hired(database, "han@example.cn", "catalogue", "orders")
    token = signing_in(database, "han@example.cn", kind="staff").session.token
    assert actor_of(database, token).permissions == {
        "STAFF",
        "MANAGE_PRODUCTS",
        "MANAGE_STOCK",
        "MANAGE_ORDERS",
    }


def test_a_customer_may_do_what_customers_may_and_no_more(database: Database) -> None:
    assert actor_of(database, registered(database).session.token).permissions == {"CUSTOMER"}


def test_a_person_without_a_name_is_called_by_the_address(database: Database) -> None:
    hired(database, "han@example.cn")
    person = registered(database, name="")
    token = signing_in(database, "han@example.cn", kind="staff").session.token
    assert actor_of(database, token).name == "han@example.cn"
    assert actor_of(database, token).permissions == {"STAFF"}
    assert actor_of(database, person.session.token).name == "li@example.cn"


def test_an_app_may_do_what_its_token_was_given(database: Database) -> None:
    created = app(database, "MANAGE_STOCK")
    actor = actor_of(database, created.token)
    assert created.token.startswith("sqa_")
    assert (actor.key, actor.name, actor.permissions) == (
        f"app:{created.id}",
        "Stock sync",
        {"MANAGE_STOCK"},
    )


@pytest.mark.parametrize("token", ["", "sqs_", "x" * 47, "sqs_" + "x" * 43, "sqa_" + "é" * 43])
def test_a_token_nobody_gave_out_is_refused(database: Database, token: str) -> None:
    assert_refused(database, token)


def test_a_token_is_worth_nothing_under_another_secret(database: Database) -> None:
    token = registered(database).session.token
    with pytest.raises(NotSignedIn), database.reading() as connection:
        authenticate(connection, token, secret="another secret", now=NOW)


def test_a_session_ends_at_its_instant(database: Database) -> None:
    session = registered(database).session
    assert actor_of(database, session.token, session.expires_at - 1).kind == "customer"
    assert_refused(database, session.token, session.expires_at)


def test_a_revoked_session_fails_at_once(database: Database) -> None:
    session = registered(database).session
    assert database.write(lambda c: end_session(c, session.id, now=NOW))
    assert_refused(database, session.token)


def test_signing_out_with_a_token_ends_only_its_session(database: Database) -> None:
    first = registered(database).session
    second = signing_in(database).session
    assert database.write(lambda c: end_session_of(c, first.token, secret=SETTINGS.secret, now=NOW))
    assert_refused(database, first.token)
    assert actor_of(database, second.token).kind == "customer"
    assert not database.write(
        lambda c: end_session_of(c, "no token", secret=SETTINGS.secret, now=NOW)
    )


def test_an_inactive_customer_is_signed_out_for_good(database: Database) -> None:
    person = registered(database)

    def set_active(is_active: bool, version: int) -> None:
        update = StandingUpdate(
            customer_id=person.account_id, expected_version=version, is_active=is_active
        )
        database.write(lambda c: set_standing(c, update, now=NOW))

    set_active(False, 1)
    assert_refused(database, person.session.token)
    set_active(True, 2)
    assert_refused(database, person.session.token)
    signing_in(database)


def test_an_inactive_staff_member_is_out_at_once(database: Database) -> None:
    hired(database, "owner@example.cn", "owner")
    staff_id = hired(database, "han@example.cn", "orders")
    token = signing_in(database, "han@example.cn", kind="staff").session.token
    update = StaffUpdate(id=staff_id, expected_version=1, is_active=False)
    update_staff_member(database.write, update, actor=OPERATOR, now=NOW, passwords=CHEAP)
    assert_refused(database, token)


def test_what_a_role_grants_changes_at_once(database: Database) -> None:
    hired(database, "han@example.cn", "marketing")
    token = signing_in(database, "han@example.cn", kind="staff").session.token
    update = RoleUpdate(
        id=role_ids(database)["marketing"], expected_version=1, permissions=["MANAGE_ORDERS"]
    )
    database.write(lambda c: update_role(c, update, actor=OPERATOR))
    assert actor_of(database, token).permissions == {"STAFF", "MANAGE_ORDERS"}


def test_an_app_token_ends_at_its_instant_and_when_revoked(database: Database) -> None:
    ending = app(database, "MANAGE_STOCK", expires_at=NOW + MINUTE)
    assert actor_of(database, ending.token).kind == "app"
    assert_refused(database, ending.token, NOW + MINUTE)
    endless = app(database, *STAFF_PERMISSIONS)
    database.write(lambda c: revoke_app_token(c, endless.id, now=NOW))
    assert_refused(database, endless.token)


def test_the_last_use_is_noted_once_a_minute(database: Database) -> None:
    session, sync = registered(database).session.token, app(database, "MANAGE_STOCK").token

    def is_due(token: str, now: int) -> bool:
        with database.reading() as connection:
            identity = identify(connection, token, secret=SETTINGS.secret, now=now)
        if identity.is_use_due:
            database.write(lambda c: note_use(c, identity, now=now))
        return identity.is_use_due

    assert [is_due(session, NOW + at * MINUTE) for at in (0, 1, 1, 2)] == [False, True, False, True]
    assert [is_due(sync, NOW + at * MINUTE) for at in (0, 0, 1)] == [True, False, True]

import pytest

from storeql.access import STAFF_PERMISSIONS, Actor
from storeql.customers.revoke_session import revoke_session
from storeql.customers.staff.app_tokens import NewAppToken, create_app_token, revoke_app_token
from storeql.customers.staff.resolvers import (
    app_token,
    app_tokens_page,
)
from storeql.db import Database, Selection
from storeql.db.paging import PageRequest
from storeql.errors import NotSignedIn, Problem, Rejected
from tests.customers.people import (
    NOW,
    PASSWORD,
    SETTINGS,
    actor_of,
    customer_actor,
    hired,
    registered,
    signing_in,
    staff_actor,
)


def problem_of(refused: pytest.ExceptionInfo[Rejected]) -> Problem:
    [problem] = refused.value.problems
    return problem


def test_an_app_token_may_do_no_more_than_its_creator(database: Database) -> None:
    actor = Actor("staff", 7, permissions=frozenset({"MANAGE_APPS", "MANAGE_STOCK"}))
    typed = NewAppToken(name="", permissions=["MANAGE_ORDERS"], expires_at=NOW)
    with pytest.raises(Rejected) as refused:
        database.write(
            lambda c: create_app_token(c, typed, actor=actor, secret=SETTINGS.secret, now=NOW)
        )
    assert [one.code for one in refused.value.problems] == [
        "REQUIRED",
        "IN_THE_PAST",
        "GRANT_EXCEEDS_OWN",
    ]


def test_app_tokens_are_listed_newest_first_without_their_secret(database: Database) -> None:
    actor = Actor("staff", 7, permissions=STAFF_PERMISSIONS)
    for name in ("Stock sync", "Reports"):
        typed = NewAppToken(name=name, permissions=["MANAGE_STOCK"])
        created = database.write(
            lambda c, typed=typed: create_app_token(
                c, typed, actor=actor, secret=SETTINGS.secret, now=NOW
            )
        )
    database.write(lambda c: revoke_app_token(c, created.id, now=NOW))
    with pytest.raises(Rejected):
        database.write(lambda c: revoke_app_token(c, created.id, now=NOW))
    with database.reading() as connection:
        page = app_tokens_page(
            connection, Selection.of_names("nodes", "total_count"), page=PageRequest()
        )
        assert app_token(connection, created.id) == page.nodes[0]
    assert [(one.name, one.created_by, one.revoked_at) for one in page.nodes] == [
        ("Reports", "staff:7", NOW),
        ("Stock sync", "staff:7", None),
    ]
    assert page.total_count == 2


def test_sessions_are_revoked_by_their_owner_or_with_permission(database: Database) -> None:
    mine, theirs = registered(database, "li@example.cn"), registered(database, "han@example.cn")
    hired(database, "owner@example.cn", "owner")
    hired(database, "packer@example.cn", "catalogue")
    hired(database, "service@example.cn", "service")
    owner_session = signing_in(database, "owner@example.cn", kind="staff").session
    packer = staff_actor(database, "packer@example.cn")
    service = staff_actor(database, "service@example.cn")

    def revoking(actor: Actor, session_id: int) -> int:
        return database.write(lambda c: revoke_session(c, session_id, actor=actor, now=NOW))

    out_of_reach = [
        (customer_actor(mine), theirs.session.id),
        (customer_actor(mine), owner_session.id),
        (customer_actor(mine), 999_999),
        (packer, owner_session.id),
        (packer, mine.session.id),
        (service, owner_session.id),
    ]
    for actor, session_id in out_of_reach:
        with pytest.raises(Rejected) as refused:
            revoking(actor, session_id)
        assert problem_of(refused).code == "NOT_FOUND"
    revoking(customer_actor(mine), mine.session.id)
    revoking(service, theirs.session.id)
    revoking(packer, packer.session_id or 0)
    owner = actor_of(database, owner_session.token)
    revoking(owner, service.session_id or 0)
    for token in (mine.session.token, theirs.session.token):
        with pytest.raises(NotSignedIn):
            actor_of(database, token)
    assert signing_in(database, "packer@example.cn", PASSWORD, kind="staff")

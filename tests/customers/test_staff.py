import pytest

from storeql.access import STAFF_PERMISSIONS, Actor
from storeql.customers.problems import GrantExceedsOwn
from storeql.customers.resolvers import Reader
from storeql.customers.staff.grants import OPERATOR
from storeql.customers.staff.members import (
    NewStaffMember,
    StaffUpdate,
    add_staff_member,
    update_staff_member,
)
from storeql.customers.staff.records import StaffMember
from storeql.customers.staff.resolvers import (
    roles_page,
    staff_member,
    staff_page,
)
from storeql.customers.staff.roles import (
    NewRole,
    RoleUpdate,
    create_role,
    update_role,
)
from storeql.db import Database, Selection
from storeql.db.paging import PageRequest
from storeql.errors import NotSignedIn, Problem, Rejected, StaleVersion
from tests.customers.people import (
    CHEAP,
    NOW,
    actor_of,
    at_once,
    hired,
    role_ids,
    signing_in,
    staff_actor,
)

WHOLE = Selection.of_names("roles.slug", "permissions", "sessions.id")


def problem_of(refused: pytest.ExceptionInfo[Rejected]) -> Problem:
    [problem] = refused.value.problems
    return problem


def updating(database: Database, actor: Actor = OPERATOR, **update: object) -> int:
    return update_staff_member(
        database.write,
        StaffUpdate(**{"expected_version": 1, **update}),  # type: ignore[arg-type]
        actor=actor,
        now=NOW,
        passwords=CHEAP,
    )


def read(database: Database, staff_id: int) -> StaffMember:
    with database.reading() as connection:
        found = staff_member(connection, WHOLE, id=staff_id, reader=Reader(NOW))
    assert found is not None
    return found


def test_a_staff_member_is_read_with_roles_permissions_and_sessions(database: Database) -> None:
    staff_id = hired(database, "Han@example.cn", "catalogue", "orders")
    session = signing_in(database, "han@example.cn", kind="staff").session
    found = read(database, staff_id)
    assert (found.email, [one.slug for one in found.roles]) == (
        "han@example.cn",
        ["catalogue", "orders"],
    )
    assert found.permissions == ["MANAGE_ORDERS", "MANAGE_PRODUCTS", "MANAGE_STOCK"]
    assert [one.id for one in found.sessions] == [session.id]


def test_all_problems_of_a_new_member_come_at_once(database: Database) -> None:
    typed = NewStaffMember(email="han", password="short", name="x" * 201)
    with pytest.raises(Rejected) as refused:
        add_staff_member(database.write, typed, actor=OPERATOR, now=NOW, passwords=CHEAP)
    assert [one.code for one in refused.value.problems] == [
        "INVALID_EMAIL",
        "TOO_LONG",
        "PASSWORD_LENGTH",
    ]


def test_one_address_is_one_staff_member(database: Database) -> None:
    hired(database, "han@example.cn", "orders")
    with pytest.raises(Rejected) as refused:
        hired(database, "HAN@example.cn", "orders")
    assert problem_of(refused).code == "EMAIL_TAKEN"


def test_the_last_active_owner_can_neither_leave_nor_lose_the_role(database: Database) -> None:
    owner = hired(database, "owner@example.cn", "owner")
    hired(database, "han@example.cn", "orders")
    for change in ({"is_active": False}, {"role_ids": []}):
        with pytest.raises(Rejected) as refused:
            updating(database, id=owner, **change)
        assert problem_of(refused).code == "LAST_OWNER"
    assert read(database, owner).is_active and read(database, owner).version == 1
    second = hired(database, "second@example.cn", "owner")
    updating(database, id=owner, is_active=False)
    with pytest.raises(Rejected) as refused:
        updating(database, id=second, role_ids=[])
    assert problem_of(refused).code == "LAST_OWNER"


def test_owners_who_leave_at_the_same_moment_leave_one_behind(database: Database) -> None:
    owners = [hired(database, f"owner{number}@example.cn", "owner") for number in range(4)]
    outcomes = at_once(
        [lambda owner=owner: updating(database, id=owner, is_active=False) for owner in owners]
    )
    refusals = [error.problems[0].code for error in outcomes if isinstance(error, Rejected)]
    assert refusals == ["LAST_OWNER"]
    assert [read(database, owner).is_active for owner in owners].count(True) == 1


def test_nobody_gives_more_than_they_hold(database: Database) -> None:
    hired(database, "owner@example.cn", "owner")
    database.write(
        lambda c: create_role(c, NewRole("people", "People", ["MANAGE_STAFF"]), actor=OPERATOR)
    )
    hired(database, "hr@example.cn", "people")
    hr = staff_actor(database, "hr@example.cn")
    with pytest.raises(Rejected) as refused:
        hired(database, "friend@example.cn", "owner", actor=hr)
    problem = problem_of(refused)
    assert isinstance(problem, GrantExceedsOwn) and problem.field == ("roles",)
    assert problem.permissions == tuple(sorted(STAFF_PERMISSIONS - {"MANAGE_STAFF"}))
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: create_role(c, NewRole("x", "X", ["MANAGE_ORDERS"]), actor=hr))
    assert problem_of(refused).code == "GRANT_EXCEEDS_OWN"
    update = RoleUpdate(
        id=role_ids(database)["people"], expected_version=1, permissions=["MANAGE_APPS"]
    )
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: update_role(c, update, actor=hr))
    assert problem_of(refused).code == "GRANT_EXCEEDS_OWN"


def test_nobody_takes_charge_of_who_holds_more(database: Database) -> None:
    owner = hired(database, "owner@example.cn", "owner")
    hired(database, "second@example.cn", "owner")
    database.write(
        lambda c: create_role(c, NewRole("people", "People", ["MANAGE_STAFF"]), actor=OPERATOR)
    )
    hired(database, "hr@example.cn", "people")
    hr = staff_actor(database, "hr@example.cn")
    for change in ({"password": "taken over!"}, {"is_active": False}, {"role_ids": []}):
        with pytest.raises(Rejected) as refused:
            updating(database, hr, id=owner, **change)
        assert problem_of(refused).code == "GRANT_EXCEEDS_OWN"
    update = RoleUpdate(id=role_ids(database)["orders"], expected_version=1, permissions=[])
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: update_role(c, update, actor=hr))
    assert problem_of(refused).code == "GRANT_EXCEEDS_OWN"


def test_a_password_set_for_a_member_ends_their_sessions(database: Database) -> None:
    staff_id = hired(database, "han@example.cn", "orders")
    token = signing_in(database, "han@example.cn", kind="staff").session.token
    updating(database, id=staff_id, password="new horse, new luck")
    with pytest.raises(NotSignedIn):
        actor_of(database, token)
    signing_in(database, "han@example.cn", "new horse, new luck", kind="staff")


def test_a_stale_or_unknown_member_is_refused(database: Database) -> None:
    staff_id = hired(database, "han@example.cn", "orders")
    updating(database, id=staff_id, name="Han Meimei")
    with pytest.raises(Rejected) as refused:
        updating(database, id=staff_id, name="Han")
    problem = problem_of(refused)
    assert isinstance(problem, StaleVersion) and problem.current == 2
    with pytest.raises(Rejected) as refused:
        updating(database, id=999_999, name="Han")
    assert problem_of(refused).code == "NOT_FOUND"


def test_unknown_roles_are_refused_by_their_place(database: Database) -> None:
    staff_id = hired(database, "han@example.cn", "orders")
    with pytest.raises(Rejected) as refused:
        updating(database, id=staff_id, role_ids=[role_ids(database)["orders"], 999_999])
    problem = problem_of(refused)
    assert (problem.code, problem.field, problem.index) == ("NOT_FOUND", ["roles", "1"], 1)


def test_lists_of_staff_and_roles_take_a_fixed_number_of_statements(database: Database) -> None:
    for number in range(3):
        hired(database, f"s{number}@example.cn", "orders", "service")
    selection = Selection.of_names("nodes.roles.slug", "nodes.sessions.id", "page_info")
    for size in (1, 3):
        with database.reading() as connection:
            page = staff_page(
                connection, selection, page=PageRequest(first=size), reader=Reader(NOW)
            )
            assert len(page.nodes) == size and connection.count == 3
    with database.reading() as connection:
        first = roles_page(connection, Selection.of_names("page_info"), page=PageRequest(first=2))
        assert first.page_info and first.page_info.end_cursor
        after = PageRequest(after=first.page_info.end_cursor)
        rest = roles_page(connection, Selection.of_names("nodes"), page=after)
    assert [one.slug for one in (*first.nodes, *rest.nodes)] == [
        "owner",
        "catalogue",
        "orders",
        "warehouse",
        "marketing",
        "service",
    ]

import pytest

from storeql.customers.problems import RoleInUse
from storeql.customers.staff.grants import OPERATOR
from storeql.customers.staff.resolvers import (
    role,
)
from storeql.customers.staff.roles import (
    NewRole,
    RoleUpdate,
    create_role,
    delete_role,
    ensure_built_in_roles,
    update_role,
)
from storeql.db import Database
from storeql.errors import Problem, Rejected
from tests.customers.people import (
    hired,
    role_ids,
)


def problem_of(refused: pytest.ExceptionInfo[Rejected]) -> Problem:
    [problem] = refused.value.problems
    return problem


def test_roles_are_made_changed_and_deleted(database: Database) -> None:
    database.write(ensure_built_in_roles)
    typed = NewRole("packer", "打包员", ["MANAGE_STOCK", "MANAGE_ORDERS", "MANAGE_STOCK"])
    role_id = database.write(lambda c: create_role(c, typed, actor=OPERATOR))
    update = RoleUpdate(id=role_id, expected_version=1, name="仓库")
    database.write(lambda c: update_role(c, update, actor=OPERATOR))
    with database.reading() as connection:
        found = role(connection, role_id)
    assert found is not None
    assert (found.slug, found.name, found.permissions, found.version, found.is_built_in) == (
        "packer",
        "仓库",
        ["MANAGE_ORDERS", "MANAGE_STOCK"],
        2,
        False,
    )
    database.write(lambda c: delete_role(c, role_id, actor=OPERATOR))
    with database.reading() as connection:
        assert role(connection, role_id) is None


def test_a_role_grants_only_what_staff_can_be_granted(database: Database) -> None:
    typed = NewRole("x", "X", ["MANAGE_ORDERS", "CUSTOMER", "EVERYTHING"])
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: create_role(c, typed, actor=OPERATOR))
    assert [(one.code, one.field, one.index) for one in refused.value.problems] == [
        ("UNKNOWN_PERMISSION", ("permissions", "1"), 1),
        ("UNKNOWN_PERMISSION", ("permissions", "2"), 2),
    ]


def test_a_role_somebody_has_is_not_deleted(database: Database) -> None:
    hired(database, "han@example.cn", "orders")
    role_id = role_ids(database)["orders"]
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: delete_role(c, role_id, actor=OPERATOR))
    problem = problem_of(refused)
    assert isinstance(problem, RoleInUse) and problem.members == 1


def test_the_owners_role_stays_as_it_is(database: Database) -> None:
    owner_role = role_ids(database)["owner"]
    update = RoleUpdate(id=owner_role, expected_version=1, permissions=["MANAGE_ORDERS"])
    for change in (
        lambda c: update_role(c, update, actor=OPERATOR),
        lambda c: delete_role(c, owner_role, actor=OPERATOR),
    ):
        with pytest.raises(Rejected) as refused:
            database.write(change)
        assert problem_of(refused).code == "BUILT_IN_ROLE"


def test_built_in_roles_are_added_once_and_left_as_staff_made_them(database: Database) -> None:
    ids = role_ids(database)
    update = RoleUpdate(id=ids["service"], expected_version=1, permissions=["MANAGE_ORDERS"])
    database.write(lambda c: update_role(c, update, actor=OPERATOR))
    assert role_ids(database) == ids
    with database.reading() as connection:
        kept = role(connection, ids["service"])
    assert kept is not None and kept.permissions == ["MANAGE_ORDERS"]

import pytest

from storeql.customers.groups import (
    GroupUpdate,
    MembersChange,
    NewGroup,
    change_members,
    create_group,
    delete_group,
    update_group,
)
from storeql.customers.listing import CustomerFilter
from storeql.customers.records import Customer
from storeql.customers.relations import group, groups_page
from storeql.customers.resolvers import (
    EVERYBODY,
    Reader,
    customer,
    customers_by_id,
    customers_page,
)
from storeql.customers.standing import StandingUpdate, set_standing
from storeql.customers.update_profile import ProfileUpdate, update_profile
from storeql.db import Connection, Database, Selection
from storeql.db.paging import Page, PageRequest
from storeql.errors import BadInput, Rejected, StaleVersion
from tests.customers.people import NOW, registered, signing_in

ALL = Selection.of_names("email", "name", "phone", "tier", "is_active", "version")


def read(database: Database, customer_id: int, selection: Selection = ALL) -> Customer:
    with database.reading() as connection:
        found = customer(connection, selection, id=customer_id, reader=Reader(NOW))
    assert found is not None
    return found


def listed(
    database: Database, filter: CustomerFilter = EVERYBODY, **page: int | str
) -> Page[Customer]:
    selection = Selection.of_names("nodes.name", "page_info", "total_count")
    with database.reading() as connection:
        return customers_page(
            connection,
            selection,
            page=PageRequest(**page),  # type: ignore[arg-type]
            reader=Reader(NOW),
            filter=filter,
        )


def names(page: Page[Customer]) -> list[str | None]:
    return [one.name for one in page.nodes]


@pytest.fixture
def three(database: Database) -> list[int]:
    """Li Lei, Han Meimei and 王小明, registered one millisecond apart."""
    people = (("li", "Li Lei"), ("han", "Han Meimei"), ("wang", "王小明"))
    return [
        registered(database, f"{email}@example.cn", NOW + place, name).account_id
        for place, (email, name) in enumerate(people)
    ]


def test_a_profile_changes_only_what_is_given(database: Database, three: list[int]) -> None:
    database.write(
        lambda c: update_profile(
            c, ProfileUpdate(expected_version=1, phone=""), customer_id=three[0], now=NOW
        )
    )
    changed = read(database, three[0])
    assert (changed.name, changed.phone, changed.version) == ("Li Lei", "", 2)


def test_a_stale_profile_is_refused(database: Database, three: list[int]) -> None:
    def rename(connection: Connection) -> None:
        update = ProfileUpdate(expected_version=1, name="李雷")
        update_profile(connection, update, customer_id=three[0], now=NOW)

    database.write(rename)
    with pytest.raises(Rejected) as refused:
        database.write(rename)
    [problem] = refused.value.problems
    assert isinstance(problem, StaleVersion) and problem.current == 2


def test_customers_come_newest_first_page_by_page(database: Database, three: list[int]) -> None:
    first = listed(database, first=2)
    assert names(first) == ["王小明", "Han Meimei"]
    assert first.total_count == 3 and first.page_info and first.page_info.has_next_page
    assert first.page_info.end_cursor
    second = listed(database, first=2, after=first.page_info.end_cursor)
    assert names(second) == ["Li Lei"]
    assert second.page_info and not second.page_info.has_next_page
    assert second.page_info.start_cursor
    back = listed(database, last=2, before=second.page_info.start_cursor)
    assert names(back) == ["王小明", "Han Meimei"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("LEI", ["Li Lei"]),
        ("小明", ["王小明"]),
        ("han@", ["Han Meimei"]),
        ("1380000", ["王小明", "Han Meimei", "Li Lei"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("\0", []),
        ("nobody", []),
    ],
)
def test_staff_find_customers_by_a_part_of_name_email_or_phone(
    database: Database, three: list[int], search: str, found: list[str]
) -> None:
    page = listed(database, CustomerFilter(search=search))
    assert names(page) == found and page.total_count == len(found)


def test_a_renamed_customer_is_found_by_the_new_name(database: Database, three: list[int]) -> None:
    update = ProfileUpdate(expected_version=1, name="李雷")
    database.write(lambda c: update_profile(c, update, customer_id=three[0], now=NOW))
    assert names(listed(database, CustomerFilter(search="李雷"))) == ["李雷"]
    assert names(listed(database, CustomerFilter(search="li lei"))) == []


def test_a_bad_cursor_is_a_clear_input_error(database: Database) -> None:
    with pytest.raises(BadInput):
        listed(database, after="x")


def test_a_page_of_customers_with_all_relations_takes_four_statements(
    database: Database, three: list[int]
) -> None:
    selection = Selection.of_names(
        "nodes.name", "nodes.addresses.id", "nodes.groups.slug", "nodes.sessions.id"
    )
    for size in (1, 3):
        with database.reading() as connection:
            page = customers_page(
                connection, selection, page=PageRequest(first=size), reader=Reader(NOW)
            )
            assert len(page.nodes) == size and connection.count == 4


def test_columns_nobody_asked_for_are_not_read(database: Database, three: list[int]) -> None:
    found = read(database, three[0], Selection.of_names("name"))
    assert (found.name, found.email, found.is_active) == ("Li Lei", None, None)


def test_unknown_customers_are_left_out(database: Database, three: list[int]) -> None:
    with database.reading() as connection:
        found = customers_by_id(connection, [three[1], 999_999], ALL, reader=Reader(NOW))
    assert list(found) == [three[1]]


def test_the_tier_is_set_and_cleared_by_staff(database: Database, three: list[int]) -> None:
    def setting(**change: object) -> None:
        version = read(database, three[0]).version
        update = StandingUpdate(
            customer_id=three[0],
            expected_version=version,
            **change,  # type: ignore[arg-type]
        )
        database.write(lambda c: set_standing(c, update, now=NOW))

    setting(tier=" gold ")
    assert read(database, three[0]).tier == "gold"
    assert names(listed(database, CustomerFilter(tier="gold"))) == ["Li Lei"]
    setting(is_active=False)
    assert (read(database, three[0]).tier, read(database, three[0]).is_active) == ("gold", False)
    assert names(listed(database, CustomerFilter(is_active=False))) == ["Li Lei"]
    with pytest.raises(Rejected):
        signing_in(database)
    setting(tier=None)
    assert read(database, three[0]).tier is None


def test_groups_have_members(database: Database, three: list[int]) -> None:
    vip = database.write(lambda c: create_group(c, NewGroup("vip", "VIP")))
    club = database.write(lambda c: create_group(c, NewGroup("book-club", "读书会")))
    for group_id in (vip, club):
        change = MembersChange(group_id=group_id, add=[three[0], three[1], three[0]])
        database.write(lambda c, change=change: change_members(c, change, now=NOW))
    database.write(
        lambda c: change_members(c, MembersChange(group_id=vip, remove=[three[1]]), now=NOW)
    )
    with database.reading() as connection:
        asked = Selection.of_names("nodes.member_count")
        counted = groups_page(connection, asked, page=PageRequest()).nodes
    assert [(one.slug, one.member_count) for one in counted] == [("vip", 1), ("book-club", 2)]
    page = listed(database, CustomerFilter(group_id=vip))
    assert names(page) == ["Li Lei"]


def test_unknown_customers_cannot_join_a_group(database: Database, three: list[int]) -> None:
    vip = database.write(lambda c: create_group(c, NewGroup("vip", "VIP")))
    change = MembersChange(group_id=vip, add=[three[0], 999_999])
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: change_members(c, change, now=NOW))
    [problem] = refused.value.problems
    assert (problem.code, problem.field, problem.index) == ("NOT_FOUND", ["add", "1"], 1)
    assert names(listed(database, CustomerFilter(group_id=vip))) == []


def test_a_group_is_renamed_and_deleted_without_its_members(
    database: Database, three: list[int]
) -> None:
    vip = database.write(lambda c: create_group(c, NewGroup("vip", "VIP")))
    database.write(lambda c: change_members(c, MembersChange(group_id=vip, add=three), now=NOW))
    update = GroupUpdate(id=vip, expected_version=1, name="贵宾")
    database.write(lambda c: update_group(c, update))
    with pytest.raises(Rejected):
        database.write(lambda c: update_group(c, update))
    with database.reading() as connection:
        found = group(connection, Selection.of_names("name", "member_count"), id=vip)
    assert found is not None
    assert (found.name, found.version, found.member_count) == ("贵宾", 2, 3)
    database.write(lambda c: delete_group(c, vip))
    assert listed(database).total_count == 3
    with pytest.raises(Rejected):
        database.write(lambda c: delete_group(c, vip))


@pytest.mark.parametrize(
    ("slug", "code"),
    [("vip", "TAKEN"), ("", "REQUIRED"), ("VIP!", "INVALID_SLUG"), ("v" * 101, "TOO_LONG")],
)
def test_a_group_has_a_slug_of_its_own(database: Database, slug: str, code: str) -> None:
    database.write(lambda c: create_group(c, NewGroup("vip", "VIP")))
    with pytest.raises(Rejected) as refused:
        database.write(lambda c: create_group(c, NewGroup(slug, "VIP")))
    assert refused.value.problems[0].code == code

"""Names and slugs of channels, tags, warehouses and collections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from storeql.catalog.inputs import (
    ChannelInput,
    ChannelUpdate,
    DescribedInput,
    DescribedUpdate,
    NamedInput,
    NamedUpdate,
)
from storeql.catalog.save_channel import create_channel, update_channel
from storeql.catalog.slugs import slug_of
from storeql.catalog.stock.save_warehouse import create_warehouse
from storeql.catalog.tables import channels, collections, tags
from storeql.catalog.taxonomy.save_collection import create_collection, update_collection
from storeql.catalog.taxonomy.save_tag import create_tag, delete_tag, update_tag
from storeql.db import Database, statement
from tests.catalog.refusals import codes_of

_TAGS = statement(select(tags.c.slug).order_by(tags.c.id))
_CHANNELS = statement(
    select(channels.c.slug, channels.c.is_default, channels.c.version).order_by(channels.c.id)
)
_COLLECTION = statement(select(collections.c.name, collections.c.description))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Wireless Headphones (2nd)", "wireless-headphones-2nd"),
        ("  无线耳机 Pro_Max ", "无线耳机-pro-max"),
        ("ＡＢＣ", "abc"),
        ("İstanbul", slug_of("i̇stanbul")),
        ("—!?", ""),
    ],
)
def test_a_slug_has_lower_case_words_joined_by_hyphens(name: str, slug: str) -> None:
    assert slug_of(name) == slug
    assert slug_of(slug) == slug


def test_ten_creates_of_one_name_at_once_get_ten_slugs(database: Database) -> None:
    def create(_: int) -> int:
        return database.write(lambda c: create_tag(c, NamedInput(name="New arrival")))

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(create, range(10)))

    with database.reading() as connection:
        slugs = {row[0] for row in connection.rows(_TAGS)}
    assert slugs == {"new-arrival", *(f"new-arrival-{number}" for number in range(2, 11))}


def test_of_two_creates_racing_for_a_given_slug_one_wins(database: Database) -> None:
    def create(number: int) -> bool:
        given = NamedInput(name=f"Tag {number}", slug="hot")
        try:
            database.write(lambda connection: create_tag(connection, given))
        except Exception as error:
            assert [problem.code for problem in error.problems] == ["TAKEN"]  # type: ignore[attr-defined]
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(create, range(4))) == 1


def test_all_that_is_wrong_with_a_name_and_a_slug_comes_at_once(database: Database) -> None:
    for name in ("", " \u3000", "\u200b"):
        given = NamedInput(name=name, slug="Not A Slug")
        assert codes_of(database, lambda c, g=given: create_warehouse(c, g)) == [
            ("REQUIRED", "name"),
            ("INVALID_SLUG", "slug"),
        ]
    assert codes_of(database, lambda c: create_tag(c, NamedInput(name="a\0b"))) == [
        ("INVALID_CHARACTER", "name")
    ]
    assert codes_of(database, lambda c: create_tag(c, NamedInput(name="字" * 201))) == [
        ("TOO_LONG", "name")
    ]


def test_a_slug_somebody_else_has_cannot_be_taken_by_an_update(database: Database) -> None:
    database.write(lambda c: create_tag(c, NamedInput(name="Hot")))
    other = database.write(lambda c: create_tag(c, NamedInput(name="New")))

    change = NamedUpdate(id=other, slug="hot")
    assert codes_of(database, lambda c: update_tag(c, change)) == [("TAKEN", "slug")]


def test_what_is_not_there_cannot_be_changed_or_deleted(database: Database) -> None:
    assert codes_of(database, lambda c: delete_tag(c, 99)) == [("NOT_FOUND", "id")]


def test_an_update_leaves_alone_what_it_does_not_name(database: Database) -> None:
    given = DescribedInput(name="Summer", description="Light\r\nand cool")
    collection = database.write(lambda c: create_collection(c, given))

    database.write(lambda c: update_collection(c, DescribedUpdate(id=collection, name="夏季")))

    with database.reading() as connection:
        assert connection.one(_COLLECTION) == ("夏季", "Light\nand cool")


def test_the_first_channel_is_the_default_until_another_is(database: Database) -> None:
    cny = database.write(lambda c: create_channel(c, ChannelInput(name="China", currency="CNY")))
    kwd = database.write(lambda c: create_channel(c, ChannelInput(name="Kuwait", currency="KWD")))
    database.write(lambda c: update_channel(c, ChannelUpdate(id=kwd, is_default=True)))

    with database.reading() as connection:
        rows = [(slug, bool(default), n) for slug, default, n in connection.rows(_CHANNELS)]
    assert rows == [("china", False, 2), ("kuwait", True, 2)]
    assert codes_of(database, lambda c: update_channel(c, ChannelUpdate(id=kwd, is_active=False)))
    assert codes_of(
        database, lambda c: update_channel(c, ChannelUpdate(id=kwd, is_default=False))
    ) == [("DEFAULT_NEEDED", "isDefault")]
    assert cny != kwd


def test_a_channel_needs_a_currency_of_iso_4217(database: Database) -> None:
    given = ChannelInput(name="", currency="XXX")
    assert codes_of(database, lambda c: create_channel(c, given)) == [
        ("INVALID_CURRENCY", "currency"),
        ("REQUIRED", "name"),
    ]

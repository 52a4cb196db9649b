"""Names come in one order wherever they are kept, and that order is a reader's."""

from __future__ import annotations

import random

from sqlalchemy import String
from sqlalchemy.dialects import postgresql

from storeql.db import Database, metadata
from storeql.db.name_order import LONGEST, name_key
from tests.db.test_reaching import ON_POSTGRES

IN_ORDER = (
    "1-2-3 Tee",
    "2 Cups",
    "10 Cups",
    "Äpfel",
    "apple",
    "Apple pie",
    "café",
    "Café Noir",
    "“Cosy” cushion",
    "Émile’s Teapot",
    "emilia",
    "Łódź lamp",
    "ｍｕｇ 3",
    "Mug 20",
    "øre",
    "Straße",
    "Strasse 2",
    "T-Shirt",
    "zebra",
    "Чай",
    "カメラ",
    "阿胶糕",
    "保温杯",
    "北京烤鸭",
    "《茶经》",
    "手机壳",
    "手机支架",
    "重庆火锅",
    "臺灣茶",
)


def test_a_reader_finds_names_where_they_look_for_them() -> None:
    mixed = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert tuple(sorted(mixed, key=name_key)) == IN_ORDER


def test_the_same_name_in_other_capitals_accents_and_widths_has_the_same_key() -> None:
    spellings = (
        "Café  Crème",
        "CAFÉ CRÈME",
        "cafe\u0301 creme",
        "cafe-crème",
        "ｃａｆｅ　ｃｒｅｍｅ",
    )
    assert {name_key(one) for one in spellings} == {"cafe creme"}


def test_a_key_is_bounded_whatever_a_name_unfolds_into() -> None:
    assert len(name_key("\ufdfa" * 200)) == LONGEST
    assert name_key("★ — !") == ""


@ON_POSTGRES
def test_whatever_is_sorted_by_is_compared_by_code_points(database: Database) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    kinds = {
        (table.name, column.name): column.type.dialect_impl(dialect)
        for table in metadata.tables.values()
        for column in table.columns
    }
    declared = {
        place for place, kind in kinds.items() if isinstance(kind, String) and kind.collation == "C"
    }
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND collation_name = 'C'"
        )
        assert {tuple(row) for row in found} == declared
    assert {("products", "name_key"), ("categories", "path")} <= declared

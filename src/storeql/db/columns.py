"""Columns that mean the same on SQLite and PostgreSQL and come back from both drivers alike.

Rows are read at driver level, so every column is an int, a str, a bool or NULL on both engines (and
bytes where a file is kept): instants are milliseconds since 1970 UTC, amounts are minor units,
documents are JSON text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, String, Text

# SQLite only numbers rows by itself for a column declared INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")

# For tables whose row numbers are kept elsewhere without a foreign key (in orders, in promotions'
# rules, in clients): SQLite gives the highest number again once its row is deleted, unless told so.
NEVER_GIVEN_AGAIN: dict[str, Any] = {"sqlite_autoincrement": True}


def primary_key() -> Column[int]:
    """A row number the database gives."""
    return Column("id", BigId, primary_key=True, autoincrement=True)


def reference(name: str, target: str, *, on_delete: str = "CASCADE", **options: Any) -> Column[int]:
    """A row number of another table; never NULL unless `nullable=True` is given."""
    foreign_key = ForeignKey(target, ondelete=on_delete)
    return Column(name, BigId, foreign_key, **{"nullable": False, **options})


def instant(name: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    """An instant in milliseconds since 1970-01-01T00:00Z; the name ends in `_at`."""
    return Column(name, BigInteger, nullable=nullable, index=index)


def money_minor(name: str, *, nullable: bool = False, default: int | None = None) -> Column[int]:
    """An amount in minor units of the row's currency; the name ends in `_minor`."""
    server_default = None if default is None else str(default)
    return Column(name, BigInteger, nullable=nullable, server_default=server_default)


def short_text(name: str, length: int = 255, **options: Any) -> Column[str]:
    """Text of at most `length` characters, never NULL unless `nullable=True` is given."""
    return Column(name, String(length), **{"nullable": False, **options})


def code_point_text(length: int) -> String:
    """Text compared by code points, so that ranges of it are the same rows on both engines."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def json_text(name: str, *, default: str | None = "{}", nullable: bool = False) -> Column[str]:
    """A JSON document kept as text; the domain encodes and decodes it with its own struct."""
    return Column(name, Text, nullable=nullable, server_default=default)


def binary(name: str) -> Column[bytes]:
    """Some bytes, such as a part of a file; never NULL."""
    return Column(name, LargeBinary, nullable=False)


def version() -> Column[int]:
    """The count of changes that `expectedVersion` is compared with; starts at 1."""
    return Column("version", Integer, nullable=False, server_default="1")

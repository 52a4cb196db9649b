"""The database room: tables' metadata, statements compiled once, transactions on both engines."""

from storeql.db.columns import instant, json_text, money_minor, short_text, version
from storeql.db.connection import Connection
from storeql.db.database import Database
from storeql.db.metadata import metadata, new_metadata
from storeql.db.selection import Selection
from storeql.db.statement import Statement, any_of, one_of, statement, unindexed

__all__ = [
    "Connection",
    "Database",
    "Selection",
    "Statement",
    "any_of",
    "instant",
    "json_text",
    "metadata",
    "money_minor",
    "new_metadata",
    "one_of",
    "short_text",
    "statement",
    "unindexed",
    "version",
]

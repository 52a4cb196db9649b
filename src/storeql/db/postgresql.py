"""PostgreSQL as a shop's database: autocommit connections, statement timeouts, known conflicts."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from storeql.errors import SettingsError

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
# A row that was read is deleted before another is written that refers to it. Run again, the
# transaction does not find it and can say so.
FOREIGN_KEY_VIOLATION = "23503"
CONFLICTS = (SERIALIZATION_FAILURE, DEADLOCK_DETECTED, FOREIGN_KEY_VIOLATION)
CONNECT_SECONDS = 5


def postgresql_engine(url: str, pool_size: int, deadline_seconds: float) -> Engine:
    """An engine over psycopg 3 whose connections leave transactions to `Database`."""
    milliseconds = int(deadline_seconds * 1000)
    address = make_url(url).set(drivername="postgresql+psycopg")
    patience = address.query.get("connect_timeout", CONNECT_SECONDS)
    try:
        return create_engine(
            address,
            pool_size=pool_size,
            max_overflow=8,
            pool_reset_on_return=None,
            pool_pre_ping=False,
            isolation_level="AUTOCOMMIT",
            connect_args={
                "options": f"-c statement_timeout={milliseconds} -c timezone=UTC",
                "connect_timeout": patience,
                "prepare_threshold": 2,
            },
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            "PostgreSQL needs the driver: pip install 'storeql[postgres]'."
        ) from error


def is_conflict(error: BaseException) -> bool:
    """True when the transaction lost against another and can simply be run again."""
    return getattr(error, "sqlstate", None) in CONFLICTS

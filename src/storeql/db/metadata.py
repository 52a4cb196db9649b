"""The one MetaData every domain's tables belong to, with names Alembic can drop again."""

from sqlalchemy import MetaData


def new_metadata() -> MetaData:
    """A MetaData of its own, for tables that a plugin brings."""
    return MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


metadata = new_metadata()

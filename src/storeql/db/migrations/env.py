"""Alembic's entry: runs the migrations on the connection that `migrate` hands over."""

from alembic import context

from storeql.db.metadata import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table=context.config.attributes["version_table"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # `migrate` holds one transaction around all revisions
)
with context.begin_transaction():
    context.run_migrations()

"""Alembic's entry: runs the migrations on the connection that `storage/migrate.py` hands in."""

from alembic import context

from cuprum.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

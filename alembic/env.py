"""Runs the migrations of hpsearch's own tables on the connection that the store hands over."""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    message = "run migrations through hpsearch: it opens the database and holds the lock"
    raise SystemExit(message)

context.configure(connection=connection, version_table="hpsearch_alembic_version")
with context.begin_transaction():
    context.run_migrations()

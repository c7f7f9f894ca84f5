"""Alembic's entry: runs the migrations on the connection, and in the transaction, that `upgrade_schema` gives it."""

from __future__ import annotations

from alembic import context

from regrade.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

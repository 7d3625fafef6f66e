"""The history of the tables, for Alembic; `service.store.migrate` runs it."""

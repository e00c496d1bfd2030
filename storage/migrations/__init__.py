"""Alembic migrations: each step of the schema, for SQLite and PostgreSQL."""

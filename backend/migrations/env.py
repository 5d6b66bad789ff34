"""Runs the migrations on the engine that `backend.migrating` passes in."""

from __future__ import annotations

from typing import Any

from alembic import context

from backend import models
from backend.database import engine_for
from backend.settings import from_environment


def _is_ours(name: str | None, kind: str, *_: Any) -> bool:
    """Leave out what no model describes: SQLite's tables for its full-text index, and the index
    of words that PostgreSQL alone has.
    """
    named = name or ""
    of_sqlite = kind == "table" and named.startswith("search_index")
    return not (of_sqlite or (kind == "index" and named == "ix_report_words"))


engine = context.config.attributes.get("engine") or engine_for(from_environment().database_url)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A migration that copies a table drops the old one, which would delete what refers to it.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        include_name=_is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="store.",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")

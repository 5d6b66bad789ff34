"""Alembic, told where our migrations are."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from backend.feedback.statistics import counting
from backend.settings import ROOT
from content import changes


def config(engine: Engine | None = None) -> Config:
    """Alembic's configuration, bound to *engine* where it is to touch a database."""
    made = Config()
    made.set_main_option("script_location", str(ROOT / "backend" / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine) -> None:
    """Bring the database of *engine* to the newest schema, and let it count its changes
    and reports.

    The triggers that count are made here and not in migrations: SQLite loses a table's triggers
    whenever a migration copies the table.
    """
    command.upgrade(config(engine), "head")
    with engine.begin() as connection:
        changes.install(connection)
        counting.install(connection)

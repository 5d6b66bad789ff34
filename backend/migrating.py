"""Alembic, told where our migrations are."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from backend.settings import ROOT


def config(engine: Engine | None = None) -> Config:
    """Alembic's configuration, bound to *engine* where it is to touch a database."""
    made = Config()
    made.set_main_option("script_location", str(ROOT / "backend" / "migrations"))
    made.set_main_option("path_separator", "os")
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine) -> None:
    """Bring the database of *engine* to the newest schema."""
    command.upgrade(config(engine), "head")

"""The migrations lead to exactly the tables that the models describe, and back to none."""

from __future__ import annotations

from alembic import command
from sqlalchemy import inspect

from backend import migrating
from backend.database import engine_for


def test_the_migrations_describe_every_table_of_the_models(database_url: str) -> None:
    engine = engine_for(database_url)
    command.check(migrating.config(engine))
    engine.dispose()


def test_the_migrations_can_be_taken_back_and_run_again(database_url: str) -> None:
    engine = engine_for(database_url)
    command.downgrade(migrating.config(engine), "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migrating.upgrade(engine)
    assert "report" in inspect(engine).get_table_names()
    engine.dispose()

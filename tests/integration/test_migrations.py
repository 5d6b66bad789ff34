"""The migrations lead to exactly the tables that the models describe, and back to none."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from backend import migrating
from backend.database import engine_for
from content import search
from tests.factories.content import PlaceFactory, keep


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


def test_what_is_on_file_is_found_after_the_search_index_was_made_anew(
    database_url: str, session: Session
) -> None:
    keep(session, PlaceFactory(name={"vi": "Đền Vạn Lộc"}, aliases=["Đền Nghi Tân"]))
    engine = engine_for(database_url)
    config = migrating.config(engine)
    revisions = ScriptDirectory.from_config(config).walk_revisions()
    [added] = [one for one in revisions if one.revision.endswith("words_of_search")]
    command.downgrade(config, str(added.down_revision))
    command.upgrade(config, "head")
    with Session(engine) as fresh:
        for query in ("van loc", "van lokc", "vanloc", "den nghi t"):
            hits = search.find(fresh, query, language="vi", now=datetime.now(UTC))
            assert [hit.title for hit in hits] == ["Đền Vạn Lộc"], query
    engine.dispose()

"""Titles have a search index of their own, in which no word of a text stands in the way

Revision ID: 0015_search_titles
Revises: 0014_weather
"""

from __future__ import annotations

from itertools import islice

import sqlalchemy as sa
from alembic import op

from content.search import spelling

revision = "0015_search_titles"
down_revision = "0014_weather"
branch_labels = None
depends_on = None

# PostgreSQL has them apart already; there a view gives them the same name.
INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE search_index_title USING fts5(
            folded_title, type, content='search_document', content_rowid='id',
            tokenize="ascii tokenchars '_-'", detail='column', columnsize=0
        )
        """,
        """
        CREATE TRIGGER search_index_title_insert AFTER INSERT ON search_document BEGIN
            INSERT INTO search_index_title(rowid, folded_title, type)
            VALUES (new.id, new.folded_title, new.type);
        END
        """,
        """
        CREATE TRIGGER search_index_title_delete AFTER DELETE ON search_document BEGIN
            INSERT INTO search_index_title(search_index_title, rowid, folded_title, type)
            VALUES ('delete', old.id, old.folded_title, old.type);
        END
        """,
        """
        CREATE TRIGGER search_index_title_update AFTER UPDATE ON search_document BEGIN
            INSERT INTO search_index_title(search_index_title, rowid, folded_title, type)
            VALUES ('delete', old.id, old.folded_title, old.type);
            INSERT INTO search_index_title(rowid, folded_title, type)
            VALUES (new.id, new.folded_title, new.type);
        END
        """,
        "INSERT INTO search_index_title(search_index_title) VALUES ('rebuild')",
    ),
    "postgresql": (
        "CREATE VIEW search_index_title AS SELECT rowid, title_words AS words FROM search_index",
    ),
}

DROP_INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER search_index_title_insert",
        "DROP TRIGGER search_index_title_delete",
        "DROP TRIGGER search_index_title_update",
        "DROP TABLE search_index_title",
    ),
    "postgresql": ("DROP VIEW search_index_title",),
}


def upgrade() -> None:
    for statement in INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    _derive_keys_again()


def downgrade() -> None:
    for statement in DROP_INDEX[op.get_bind().dialect.name]:
        op.execute(statement)


def _derive_keys_again() -> None:
    """More words share something with their misspellings: those of two and of six letters."""
    connection = op.get_bind()
    words = connection.scalars(sa.text("SELECT word FROM search_word")).all()
    connection.execute(sa.text("DELETE FROM search_key"))
    keys = ({"key": key, "word": word} for word in words for key in spelling.keys(word))
    table = sa.table("search_key", sa.column("key"), sa.column("word"))
    while batch := list(islice(keys, 5000)):
        connection.execute(table.insert(), batch)

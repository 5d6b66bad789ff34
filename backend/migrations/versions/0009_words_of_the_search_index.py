"""The words of the search index, and what they share with their misspellings

Revision ID: 0009_words_of_search
Revises: 0008_withdrawn_observations
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

import sqlalchemy as sa
from alembic import op

from content.search import spelling

revision = "0009_words_of_search"
down_revision = "0008_withdrawn_observations"
branch_labels = None
depends_on = None

LONGEST_TITLE = 600
LONGEST_WORD = 40

# Titles and texts are asked together or titles alone, and the type with either. Folded text holds
# words and blanks only, so that the plainest tokenizers cut it as it was folded. Words are counted
# in a table of their own, so the index needs neither positions nor lengths.
INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE search_index USING fts5(
            folded_title, folded_body, type, content='search_document', content_rowid='id',
            tokenize="ascii tokenchars '_-'", detail='column', columnsize=0
        )
        """,
        """
        CREATE TRIGGER search_index_insert AFTER INSERT ON search_document BEGIN
            INSERT INTO search_index(rowid, folded_title, folded_body, type)
            VALUES (new.id, new.folded_title, new.folded_body, new.type);
        END
        """,
        """
        CREATE TRIGGER search_index_delete AFTER DELETE ON search_document BEGIN
            INSERT INTO search_index(search_index, rowid, folded_title, folded_body, type)
            VALUES ('delete', old.id, old.folded_title, old.folded_body, old.type);
        END
        """,
        """
        CREATE TRIGGER search_index_update AFTER UPDATE ON search_document BEGIN
            INSERT INTO search_index(search_index, rowid, folded_title, folded_body, type)
            VALUES ('delete', old.id, old.folded_title, old.folded_body, old.type);
            INSERT INTO search_index(rowid, folded_title, folded_body, type)
            VALUES (new.id, new.folded_title, new.folded_body, new.type);
        END
        """,
        "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    ),
    "postgresql": (
        """
        CREATE TABLE search_index (
            rowid bigint PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
            title_words tsvector NOT NULL,
            words tsvector NOT NULL
        )
        """,
        """
        CREATE FUNCTION search_index_words(kind text, folded text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT array_to_tsvector(array_remove(array_remove(
                string_to_array(folded, ' ') || ('@' || kind), '|'), ''))
        $$
        """,
        """
        CREATE FUNCTION search_index_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO search_index (rowid, title_words, words) VALUES (
                new.id,
                search_index_words(new.type, new.folded_title),
                search_index_words(new.type, new.folded_title || ' ' || new.folded_body)
            )
            ON CONFLICT (rowid) DO UPDATE
            SET title_words = excluded.title_words, words = excluded.words;
            RETURN new;
        END
        $$
        """,
        """
        INSERT INTO search_index (rowid, title_words, words)
        SELECT id, search_index_words(type, folded_title),
            search_index_words(type, folded_title || ' ' || folded_body)
        FROM search_document
        """,
        "CREATE INDEX search_index_title_words ON search_index USING gin (title_words)",
        "CREATE INDEX search_index_words ON search_index USING gin (words)",
        """
        CREATE TRIGGER search_index_keep AFTER INSERT OR UPDATE ON search_document
        FOR EACH ROW EXECUTE FUNCTION search_index_keep()
        """,
    ),
}

FORMER_INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": (
        """
        CREATE VIRTUAL TABLE search_index USING fts5(
            folded_title, folded_body, content='search_document', content_rowid='id',
            tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
        )
        """,
        """
        CREATE TRIGGER search_index_insert AFTER INSERT ON search_document BEGIN
            INSERT INTO search_index(rowid, folded_title, folded_body)
            VALUES (new.id, new.folded_title, new.folded_body);
        END
        """,
        """
        CREATE TRIGGER search_index_delete AFTER DELETE ON search_document BEGIN
            INSERT INTO search_index(search_index, rowid, folded_title, folded_body)
            VALUES ('delete', old.id, old.folded_title, old.folded_body);
        END
        """,
        """
        CREATE TRIGGER search_index_update AFTER UPDATE ON search_document BEGIN
            INSERT INTO search_index(search_index, rowid, folded_title, folded_body)
            VALUES ('delete', old.id, old.folded_title, old.folded_body);
            INSERT INTO search_index(rowid, folded_title, folded_body)
            VALUES (new.id, new.folded_title, new.folded_body);
        END
        """,
        "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    ),
    "postgresql": (
        """
        CREATE TABLE search_index (
            rowid bigint PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
            words tsvector NOT NULL
        )
        """,
        """
        CREATE FUNCTION search_index_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO search_index (rowid, words) VALUES (
                new.id,
                setweight(to_tsvector('simple', new.folded_title), 'A')
                || setweight(to_tsvector('simple', new.folded_body), 'D')
            )
            ON CONFLICT (rowid) DO UPDATE SET words = excluded.words;
            RETURN new;
        END
        $$
        """,
        """
        INSERT INTO search_index (rowid, words)
        SELECT id, setweight(to_tsvector('simple', folded_title), 'A')
            || setweight(to_tsvector('simple', folded_body), 'D')
        FROM search_document
        """,
        "CREATE INDEX search_index_words ON search_index USING gin (words)",
        """
        CREATE TRIGGER search_index_keep AFTER INSERT OR UPDATE ON search_document
        FOR EACH ROW EXECUTE FUNCTION search_index_keep()
        """,
    ),
}

DROP_INDEX: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER search_index_insert",
        "DROP TRIGGER search_index_delete",
        "DROP TRIGGER search_index_update",
        "DROP TABLE search_index",
    ),
    "postgresql": (
        "DROP TABLE search_index",
        "DROP FUNCTION search_index_keep() CASCADE",
        "DROP FUNCTION IF EXISTS search_index_words(text, text)",
    ),
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(DROP_INDEX[dialect])
    op.execute(
        f"UPDATE search_document SET folded_title = substr(folded_title, 1, {LONGEST_TITLE})"  # noqa: S608
        f" WHERE length(folded_title) > {LONGEST_TITLE}"
    )
    folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    if dialect == "postgresql":
        op.alter_column("search_document", "folded_title", type_=folded)
    op.create_index("ix_search_document_folded_title", "search_document", ["folded_title"])
    op.create_table(
        "search_word",
        sa.Column("word", folded, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "search_key",
        sa.Column("key", folded, nullable=False),
        sa.Column("word", folded, nullable=False),
        sa.ForeignKeyConstraint(
            ["word"],
            ["search_word.word"],
            name=op.f("fk_search_key_word_search_word"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_search_key")),
        sqlite_with_rowid=False,
    )
    _fold_again()
    _run(INDEX[dialect])
    _count_words()


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    _run(DROP_INDEX[dialect])
    op.drop_table("search_key")
    op.drop_table("search_word")
    op.drop_index("ix_search_document_folded_title", table_name="search_document")
    if dialect == "postgresql":
        op.alter_column("search_document", "folded_title", type_=sa.Text(collation="default"))
    op.execute("UPDATE search_document SET folded_title = replace(folded_title, ' | ', ' ')")
    _run(FORMER_INDEX[dialect])


def _run(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def _fold_again() -> None:
    """Cut the words that are longer than those that search asks for."""
    connection = op.get_bind()
    document = sa.table(
        "search_document",
        sa.column("id", sa.BigInteger),
        sa.column("folded_title", sa.Text),
        sa.column("folded_body", sa.Text),
    )
    rows = connection.execute(sa.select(document)).all()
    for key, title, body in rows:
        short = {"folded_title": _short(title), "folded_body": _short(body)}
        if short != {"folded_title": title, "folded_body": body}:
            connection.execute(document.update().where(document.c.id == key).values(short))


def _short(folded: str) -> str:
    return " ".join(word[:LONGEST_WORD] for word in folded.split())


def _count_words() -> None:
    connection = op.get_bind()
    documents: Counter[str] = Counter()
    for title, body in connection.execute(
        sa.text("SELECT folded_title, folded_body FROM search_document")
    ):
        documents.update({"", *title.split(), *body.split()} - {"|"})
    _insert("search_word", ({"word": w, "documents": n} for w, n in sorted(documents.items())))
    _insert("search_key", ({"key": k, "word": w} for w in documents for k in spelling.keys(w)))


def _insert(table: str, rows: object) -> None:
    columns = ("word", "documents") if table == "search_word" else ("key", "word")
    target = sa.table(table, *(sa.column(name) for name in columns))
    iterator = iter(rows)  # type: ignore[call-overload]
    while batch := list(islice(iterator, 5000)):
        op.get_bind().execute(target.insert(), batch)

"""PostgreSQL knows of many more words in how many documents they are, and files them at once

Revision ID: 0026_search_statistics
Revises: 0025_events_by_moment
"""

from __future__ import annotations

from alembic import op

revision = "0026_search_statistics"
down_revision = "0025_events_by_moment"
branch_labels = None
depends_on = None

COLUMNS = ("title_words", "words")
INDEXES = ("search_index_title_words", "search_index_words")


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for column in COLUMNS:
        # A word it knows nothing of is taken for a frequent one, and the table read for it.
        op.execute(f"ALTER TABLE search_index ALTER COLUMN {column} SET STATISTICS 1000")
    for index in INDEXES:
        # Else every search looks through what was written last, until the server tidies up.
        op.execute(f"ALTER INDEX {index} SET (fastupdate = off)")
        op.execute(f"SELECT gin_clean_pending_list('{index}')")
    op.execute("ANALYZE search_index")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for column in COLUMNS:
        op.execute(f"ALTER TABLE search_index ALTER COLUMN {column} SET STATISTICS -1")
    for index in INDEXES:
        op.execute(f"ALTER INDEX {index} RESET (fastupdate)")

"""The words of reports, with a space around each, and an index of them on PostgreSQL

Revision ID: 0043_words_of_reports
Revises: 0042_conversations
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0043_words_of_reports"
down_revision = "0042_conversations"
branch_labels = None
depends_on = None

WORD = re.compile(r"[^\W_]+")


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "UPDATE report SET searchable = ' ' || btrim(regexp_replace(regexp_replace("
            "searchable, '([[:alnum:]]{40})[[:alnum:]]+', '\\1', 'g'), '[^[:alnum:]]+', ' ', 'g'))"
            " || ' ' WHERE searchable <> ''"
        )
        op.execute(
            "CREATE INDEX ix_report_words ON report USING gin"
            " (array_to_tsvector(string_to_array(btrim(searchable), ' ')))"
        )
        return
    connection = op.get_bind()
    report = sa.table("report", sa.column("id"), sa.column("searchable", sa.Text()))
    kept = connection.execute(sa.select(report).where(report.c.searchable != "")).all()
    for row in kept:
        spaced = f" {' '.join(word[:40] for word in WORD.findall(row.searchable))} "
        connection.execute(sa.update(report).where(report.c.id == row.id).values(searchable=spaced))


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_report_words")

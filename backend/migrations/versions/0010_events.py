"""Events

Revision ID: 0010_events
Revises: 0009_words_of_search
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0010_events"
down_revision = "0009_words_of_search"
branch_labels = None
depends_on = None

INDEXED = (
    "due_at",
    "first_day",
    "is_sample",
    "last_day",
    "lat",
    "place_id",
    "quarter",
    "state",
    "updated_at",
)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", store.Json(), nullable=False),
        sa.Column("summary", store.Json(), nullable=False),
        sa.Column("description", store.Json(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("place_text", store.Json(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("topics", store.Json(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("starts_at", store.UtcDateTime(), nullable=True),
        sa.Column("ends_at", store.UtcDateTime(), nullable=True),
        sa.Column("recurrence", store.Json(), nullable=True),
        sa.Column("exceptions", store.Json(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("published_at", store.UtcDateTime(), nullable=True),
        sa.Column("expires_at", store.UtcDateTime(), nullable=True),
        sa.Column("due_at", store.UtcDateTime(), nullable=True),
        sa.Column("due_revision", sa.Integer(), nullable=True),
        sa.Column("edited_at", store.UtcDateTime(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("sources", store.Json(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    for column in INDEXED:
        op.create_index(op.f(f"ix_event_{column}"), "event", [column])


def downgrade() -> None:
    op.drop_table("event")

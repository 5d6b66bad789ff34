"""Posted prices and their corrections

Revision ID: 0011_posted_prices
Revises: 0010_events
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0011_posted_prices"
down_revision = "0010_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "price",
        sa.Column("series", sa.Uuid(), nullable=False),
        sa.Column("item", store.Json(), nullable=False),
        sa.Column("unit", store.Json(), nullable=False),
        sa.Column("price_vnd", sa.Integer(), nullable=True),
        sa.Column("price_max_vnd", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("posted_by", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("source_document", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_price_place_id_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
        sa.UniqueConstraint("slug", name=op.f("uq_price_slug")),
    )
    for column in (
        "series", "place_id", "quarter", "state", "due_at", "is_sample", "updated_at",
    ):  # fmt: skip
        op.create_index(op.f(f"ix_price_{column}"), "price", [column])
    op.create_table(
        "price_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("price_id", sa.Uuid(), nullable=False),
        sa.Column("price_vnd", sa.Integer(), nullable=False),
        sa.Column("price_max_vnd", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("contact", store.Json(), nullable=True),
        sa.Column("consent_version", sa.Text(), nullable=True),
        sa.Column("consent_at", store.UtcDateTime(), nullable=True),
        sa.Column("sent_key", sa.Uuid(), nullable=True),
        sa.Column("sent_digest", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("new_price_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("decided_at", store.UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["new_price_id"],
            ["price.id"],
            name=op.f("fk_price_correction_new_price_id_price"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["price_id"],
            ["price.id"],
            name=op.f("fk_price_correction_price_id_price"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_correction")),
        sa.UniqueConstraint("sent_key", name=op.f("uq_price_correction_sent_key")),
    )
    for column in ("price_id", "state", "created_at"):
        op.create_index(op.f(f"ix_price_correction_{column}"), "price_correction", [column])


def downgrade() -> None:
    op.drop_table("price_correction")
    op.drop_table("price")

"""Which files of the library the public has been shown

Revision ID: 0020_media_shown
Revises: 0023_places_by_address
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0020_media_shown"
down_revision = "0023_places_by_address"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media_shown",
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("since", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_id"],
            ["media.id"],
            name=op.f("fk_media_shown_media_id_media"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_media_shown")),
    )


def downgrade() -> None:
    op.drop_table("media_shown")

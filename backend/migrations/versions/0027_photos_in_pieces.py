"""Photos that come in pieces, that are covered, and that say where the camera stood

Revision ID: 0027_photos_in_pieces
Revises: 0026_search_statistics
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0027_photos_in_pieces"
down_revision = "0026_search_statistics"
branch_labels = None
depends_on = None

NEW: dict[str, Any] = {
    "covered_name": sa.Text(),
    "covered_thumbnail_name": sa.Text(),
    "hint_lat": sa.Double(),
    "hint_lng": sa.Double(),
}


def upgrade() -> None:
    for name, kind in NEW.items():
        op.add_column("report_photo", sa.Column(name, kind, nullable=True))
    op.create_table(
        "photo_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("expires_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_photo_upload_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"],
            ["report_photo.id"],
            name=op.f("fk_photo_upload_photo_id_report_photo"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_upload")),
    )
    for column in ("report_id", "expires_at"):
        op.create_index(op.f(f"ix_photo_upload_{column}"), "photo_upload", [column])


def downgrade() -> None:
    op.drop_table("photo_upload")
    with op.batch_alter_table("report_photo") as batch:
        for name in NEW:
            batch.drop_column(name)

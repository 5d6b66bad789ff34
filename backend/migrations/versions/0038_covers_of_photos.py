"""What is painted over on photos, so that it can be changed

Revision ID: 0038_covers_of_photos
Revises: 0037_followed_areas
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0038_covers_of_photos"
down_revision = "0037_followed_areas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report_photo", sa.Column("covers", store.Json(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("report_photo") as photo:
        photo.drop_column("covers")

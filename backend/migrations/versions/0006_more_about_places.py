"""More of what is known about places

Revision ID: 0006_more_about_places
Revises: 0005_public_holidays
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0006_more_about_places"
down_revision = "0005_public_holidays"
branch_labels = None
depends_on = None

LISTS = ("opening_exceptions", "other_phones", "links", "accessibility")


def upgrade() -> None:
    with op.batch_alter_table("place") as place:
        for name in LISTS:
            place.add_column(sa.Column(name, store.Json(), nullable=False, server_default="[]"))
        place.add_column(sa.Column("season", store.Json(), nullable=True))
        place.add_column(sa.Column("visit_minutes", sa.Integer(), nullable=True))
        place.add_column(sa.Column("licence", sa.Text(), nullable=True))
    with op.batch_alter_table("place") as place:
        for name in LISTS:
            place.alter_column(name, existing_type=store.Json(), server_default=None)
    op.add_column("ward", sa.Column("successor", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ward") as ward:
        ward.drop_column("successor")
    with op.batch_alter_table("place") as place:
        for name in ("licence", "visit_minutes", "season", *LISTS):
            place.drop_column(name)

"""What weather services said

Revision ID: 0014_weather
Revises: 0013_alerts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0014_weather"
down_revision = "0013_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weather_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("fetched_at", store.UtcDateTime(), nullable=False),
        sa.Column("said", store.Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weather_reading")),
    )
    op.create_index("ix_weather_reading_kind_at", "weather_reading", ["kind", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_weather_reading_kind_at", table_name="weather_reading")
    op.drop_table("weather_reading")

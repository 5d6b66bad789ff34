"""The pace and the state of the push service, which all senders share

Revision ID: 0040_push_gate
Revises: 0039_campaigns
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0040_push_gate"
down_revision = "0039_campaigns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_gate",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paced_until", sa.BigInteger(), nullable=False),
        sa.Column("shut_until", store.UtcDateTime(), nullable=True),
        sa.Column("shut_since", store.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("alarm", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_push_gate")),
    )


def downgrade() -> None:
    op.drop_table("push_gate")

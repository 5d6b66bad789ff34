"""For reports of which categories words for replies are offered first

Revision ID: 0041_templates_categories
Revises: 0040_push_gate
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0041_templates_categories"
down_revision = "0040_push_gate"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reply_template") as template:
        template.add_column(
            sa.Column("categories", store.Json(), nullable=False, server_default=sa.text("'[]'"))
        )
    with op.batch_alter_table("reply_template") as template:
        template.alter_column("categories", existing_type=store.Json(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("reply_template") as template:
        template.drop_column("categories")

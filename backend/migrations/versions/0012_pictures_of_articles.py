"""A picture to lead an article with, and documents attached to it

Revision ID: 0012_pictures_of_articles
Revises: 0011_posted_prices
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0012_pictures_of_articles"
down_revision = "0011_posted_prices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.add_column(sa.Column("image", store.Json(), nullable=True))
        article.add_column(
            sa.Column("attachments", store.Json(), nullable=False, server_default="[]")
        )
    with op.batch_alter_table("article") as article:
        article.alter_column("attachments", existing_type=store.Json(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.drop_column("attachments")
        article.drop_column("image")

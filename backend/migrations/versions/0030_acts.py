"""Replies with photos, merged and split reports, ratings, acts on many reports

Revision ID: 0030_acts
Revises: 0029_quarter_areas
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0030_acts"
down_revision = "0029_quarter_areas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report") as report:
        report.add_column(sa.Column("unrated_since", store.UtcDateTime(), nullable=True))
        report.add_column(sa.Column("duplicate_of_id", sa.Uuid(), nullable=True))
        report.add_column(sa.Column("split_from_id", sa.Uuid(), nullable=True))
        for column in ("duplicate_of_id", "split_from_id"):
            report.create_foreign_key(
                op.f(f"fk_report_{column}_report"), "report", [column], ["id"], ondelete="SET NULL"
            )
    for column in ("unrated_since", "duplicate_of_id", "split_from_id"):
        op.create_index(op.f(f"ix_report_{column}"), "report", [column], unique=False)
    with op.batch_alter_table("report_photo") as photo:
        photo.add_column(sa.Column("by", sa.Text(), nullable=False, server_default="reporter"))
        photo.add_column(
            sa.Column(
                "event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        photo.create_foreign_key(
            op.f("fk_report_photo_event_id_report_event"),
            "report_event",
            ["event_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("report_photo") as photo:
        photo.alter_column("by", existing_type=sa.Text(), server_default=None)
    op.create_index(op.f("ix_report_photo_event_id"), "report_photo", ["event_id"], unique=False)
    op.create_table(
        "report_rating",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", store.UtcDateTime(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["report.id"],
            name=op.f("fk_report_rating_report_id_report"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_rating")),
        sa.UniqueConstraint(
            "report_id", "closed_at", name=op.f("uq_report_rating_report_id_closed_at")
        ),
    )
    op.create_table(
        "report_bulk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", store.UtcDateTime(), nullable=False),
        sa.Column("items", store.Json(), nullable=False),
        sa.Column("undone_at", store.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_report_bulk_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_bulk")),
    )
    op.create_index(op.f("ix_report_bulk_staff_id"), "report_bulk", ["staff_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_report_bulk_staff_id"), table_name="report_bulk")
    op.drop_table("report_bulk")
    op.drop_table("report_rating")
    op.drop_index(op.f("ix_report_photo_event_id"), table_name="report_photo")
    with op.batch_alter_table("report_photo") as photo:
        photo.drop_constraint(op.f("fk_report_photo_event_id_report_event"), type_="foreignkey")
        photo.drop_column("event_id")
        photo.drop_column("by")
    for column in ("unrated_since", "duplicate_of_id", "split_from_id"):
        op.drop_index(op.f(f"ix_report_{column}"), table_name="report")
    with op.batch_alter_table("report") as report:
        for column in ("duplicate_of_id", "split_from_id"):
            report.drop_constraint(op.f(f"fk_report_{column}_report"), type_="foreignkey")
        for column in ("split_from_id", "duplicate_of_id", "unrated_since"):
            report.drop_column(column)

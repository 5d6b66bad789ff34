"""Offices, who works in them, and the rules that give them reports

Revision ID: 0016_offices
Revises: 0015_search_titles
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from content import store

revision = "0016_offices"
down_revision = "0015_search_titles"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", store.Json(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("code", name=op.f("uq_office_code")),
    )
    op.create_index(op.f("ix_office_updated_at"), "office", ["updated_at"], unique=False)
    op.create_table(
        "office_member",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
            name=op.f("fk_office_member_office_id_office"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
            name=op.f("fk_office_member_staff_id_staff"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("office_id", "staff_id", name=op.f("pk_office_member")),
    )
    op.create_index(op.f("ix_office_member_staff_id"), "office_member", ["staff_id"], unique=False)
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("quarter", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("created_at", store.UtcDateTime(), nullable=False),
        sa.Column("updated_at", store.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office"], ["office.code"], name=op.f("fk_routing_rule_office_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
    )
    op.create_index(op.f("ix_routing_rule_position"), "routing_rule", ["position"], unique=False)
    op.create_index(
        op.f("ix_routing_rule_updated_at"), "routing_rule", ["updated_at"], unique=False
    )
    op.create_index(
        "ix_report_newest_by_office", "report", ["office", "created_at", "id"], unique=False
    )
    _keep_offices_in_words()


def _keep_offices_in_words() -> None:
    """What was written as an office becomes one, under that name."""
    connection = op.get_bind()
    report = sa.table("report", sa.column("office", sa.Text()))
    office = sa.table(
        "office",
        sa.column("id", sa.Uuid()),
        sa.column("code", sa.Text()),
        sa.column("name", store.Json()),
        sa.column("is_sample", sa.Boolean()),
        sa.column("changed_by", sa.Text()),
        sa.column("created_at", store.UtcDateTime()),
        sa.column("updated_at", store.UtcDateTime()),
    )
    written = sa.select(report.c.office).where(report.c.office.is_not(None)).distinct()
    now = datetime.now(UTC)
    for number, name in enumerate(connection.scalars(written).all(), start=1):
        code = f"office-{number}"
        connection.execute(
            office.insert().values(
                id=uuid.uuid4(),
                code=code,
                name={"vi": name},
                is_sample=False,
                changed_by="seed",
                created_at=now,
                updated_at=now,
            )
        )
        connection.execute(report.update().where(report.c.office == name).values(office=code))


def downgrade() -> None:
    op.drop_index("ix_report_newest_by_office", table_name="report")
    op.drop_index(op.f("ix_routing_rule_updated_at"), table_name="routing_rule")
    op.drop_index(op.f("ix_routing_rule_position"), table_name="routing_rule")
    op.drop_table("routing_rule")
    op.drop_index(op.f("ix_office_member_staff_id"), table_name="office_member")
    op.drop_table("office_member")
    op.drop_index(op.f("ix_office_updated_at"), table_name="office")
    op.drop_table("office")
